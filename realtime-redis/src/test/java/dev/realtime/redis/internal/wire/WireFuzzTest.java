package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realtime.redis.internal.wire.BusCodec.Heard;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.LogEntry;
import java.util.Base64;

/**
 * Whatever stands in Redis, reading it ends with a message, a refusal or nothing, and what was read can be written again. Replays its corpus in
 * every build; {@code JAZZER_FUZZ=1} with {@code -Dtest} searches for more.
 */
class WireFuzzTest {
    private final StreamEntryCodec stream = new StreamEntryCodec(4_096, new BoundedLog(System::nanoTime));
    private final BusCodec bus = new BusCodec(new BoundedLog(System::nanoTime));
    private final SessionCodec sessions = new SessionCodec();

    /** The first byte is the type. */
    @FuzzTest(maxDuration = "60s")
    void entriesBecomeWhatCanBeWrittenAgain(byte[] input) {
        int type = input.length == 0 ? 3 : input[0] & 0xff;
        byte[] data = input.length == 0 ? input : java.util.Arrays.copyOfRange(input, 1, input.length);
        for (byte[] form : new byte[][] {data, Base64.getEncoder().encode(data)}) {
            LogEntry entry = stream.decode(new StreamFields("u", "/", type, form));
            if (entry == null) {
                continue;
            }
            StreamFields again = stream.encode("u", "/", entry);
            assertThat(again.type()).isEqualTo(type);
            assertThat(stream.decode(again)).isNotNull();
            if (entry instanceof LogEntry.Emit emit) {
                Upstream.tree(new String(emit.event().json(), UTF_8));
            }
        }
    }

    @FuzzTest(maxDuration = "60s")
    void messagesBecomeWhatCanBeSaidAgain(byte[] input) {
        Heard heard = bus.decode(input);
        if (heard != null && heard.message() != null) {
            assertThat(bus.decode(bus.encode(heard.from(), heard.namespace(), heard.message())))
                    .isNotNull();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void recordsAreReadOrRefused(byte[] input) {
        for (String value :
                new String[] {new String(input, ISO_8859_1), Base64.getEncoder().encodeToString(input)}) {
            try {
                String again = sessions.encode(sessions.decode("p", value, "e"));
                assertThat(sessions.decode("p", again, "e").privateId()).isEqualTo("p");
            } catch (BadWireException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }
}
