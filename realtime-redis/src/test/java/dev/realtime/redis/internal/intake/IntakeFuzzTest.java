package dev.realtime.redis.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realtime.json.JacksonJson;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whatever is published, reading it ends with a payload or a refusal, and what was read can be sent to a client. */
class IntakeFuzzTest {
    private static final byte[] SECRET = new byte[32];

    /** Of each kind of component. */
    record Update(String id, int level, Optional<Double> health, List<String> tags, Map<String, Long> counts) {}

    private final JsonCodec json = JacksonJson.codec();

    @FuzzTest(maxDuration = "60s")
    void messagesBecomePayloadsOrAreRefused(byte[] input) {
        try {
            Object payload = json.decode(MessageText.of(input), List.of(), Update.class);
            if (payload != null) {
                assertThat(json.encode("update", List.of(payload)).json()).isNotEmpty();
            }
        } catch (DecodeException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void commandsAreNotSignedByChance(byte[] input) {
        try {
            assertThat(SignedCommand.parse(input).isSignedWith(SECRET, "game:admin"))
                    .isFalse();
        } catch (DecodeException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
