package dev.realtime.benchmarks.micro;

import dev.realtime.internal.json.JacksonCodec;
import dev.realtime.internal.socketio.BadPacketException;
import dev.realtime.internal.socketio.DecoderLimits;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.socketio.PacketDecoder;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.Frame;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An event of five fields: from a frame's text to its record, and from the record to a frame. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private static final String TEXT =
            "42[\"chat:message\",{\"from\":\"ann\",\"text\":\"hello there\",\"room\":\"zone:tavern\",\"at\":1700000000000,\"level\":7}]";
    private static final Chat CHAT = new Chat("ann", "hello there", "zone:tavern", 1_700_000_000_000L, 7);

    private final JacksonCodec json = new JacksonCodec(32);
    private final PacketDecoder decoder = new PacketDecoder(DecoderLimits.DEFAULTS);
    private final PacketEncoder encoder = PacketEncoder.of("/");

    /** What a chat message may look like. */
    public record Chat(String from, String text, String room, long at, int level) {}

    @Benchmark
    public @Nullable Object decode() throws BadPacketException {
        Packet packet = decoder.text(TEXT, 1);
        if (packet == null) {
            throw new IllegalStateException("the packet is complete");
        }
        EventHead head = EventHead.of(packet);
        return json.decode(head.arguments().get(0), packet.attachments(), Chat.class);
    }

    @Benchmark
    public List<Frame> encode() {
        return encoder.event(json.encode("chat:message", List.of(CHAT)), Packet.NO_ACK, "1700000000000-42");
    }
}
