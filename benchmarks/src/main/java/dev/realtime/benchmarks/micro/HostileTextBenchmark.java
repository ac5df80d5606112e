package dev.realtime.benchmarks.micro;

import dev.realtime.internal.json.JacksonCodec;
import dev.realtime.internal.socketio.DecoderLimits;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.socketio.PacketDecoder;
import dev.realtime.spi.EventData;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a character of a message of a million costs on the thread of its connection, whatever a stranger writes; ns each is ms for all. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@OperationsPerInvocation(HostileTextBenchmark.LENGTH)
public class HostileTextBenchmark {
    static final int LENGTH = 1_000_000;

    /** What is repeated: {@code string} and {@code name} stand within one string, the others in the array of the event. */
    @Param({
        "string: a",
        "string: \\n",
        "string: \\u0041",
        "string: \\ud800",
        "string: half a pair",
        "name: a",
        "name: \\u0041",
        "1,",
        "3e-308,",
        "1e308,",
        "2.4703282292062327208282843964341106861825e-324,",
        "24703282292062327208e-343,",
        "[],",
        "{},",
        "{\"_placeholder\":false},",
        "{\"_placeholder\":true,\"num\":0},",
        "{\"\\u005fplaceholde\":1},"
    })
    private String form = "";

    private final PacketDecoder decoder = new PacketDecoder(DecoderLimits.DEFAULTS);
    private final JacksonCodec json = new JacksonCodec(32);
    private String text = "";
    private String value = "";

    @Setup
    public void write() {
        String part = form.substring(form.indexOf(": ") < 0 ? 0 : form.indexOf(": ") + 2);
        part = part.equals("half a pair") ? "\ud800" : part; // no file holds one
        value = part.repeat(LENGTH / part.length());
        if (form.startsWith("string: ")) {
            text = "2[\"x\",\"" + value + "\"]";
        } else if (form.startsWith("name: ")) {
            text = "2[\"" + value + "\"]";
        } else {
            text = "2[\"x\"," + value + "1]";
        }
    }

    @Benchmark
    public @Nullable Packet decode() {
        return decoder.text(text);
    }

    /** The same characters, as a string of the application. */
    @Benchmark
    public EventData encode() {
        return json.encode("x", List.of(value));
    }
}
