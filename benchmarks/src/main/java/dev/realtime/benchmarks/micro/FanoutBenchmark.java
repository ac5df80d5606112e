package dev.realtime.benchmarks.micro;

import dev.realtime.Position;
import dev.realtime.Recovery;
import dev.realtime.internal.fanout.EventMessages;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.system.SystemTime;
import dev.realtime.internal.system.Workers;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One entry of the log to the 1,000 members of a room who have no connection: nanoseconds per delivery. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FanoutBenchmark {
    private static final int MEMBERS = 1_000;
    private static final LogEntry EVENT = new LogEntry.Emit(
            new Target(Set.of("zone:tavern"), Set.of(), null),
            new EventData("[\"msg\",\"hello\"]".getBytes(StandardCharsets.UTF_8), List.of()));

    private final SystemTime time = SystemTime.start();
    private final RoomIndex<NoMember> index = new RoomIndex<>(() -> Position.START, () -> Position.START, id -> null);
    private final Fanout<NoMember> fanout = new Fanout<>(
            runtime(time),
            Recovery.within(Duration.ofSeconds(1)).maxEntries(1_000),
            new EventMessages(PacketEncoder.of("/"), true, null),
            index,
            Position.START,
            Duration.ofSeconds(1),
            null,
            null,
            () -> 0,
            emit -> {});
    private long sequence;

    /** Tasks run in the caller, so that an invocation is a whole turn. */
    private static NodeRuntime runtime(SystemTime time) {
        return new NodeRuntime(
                "node",
                time,
                Workers.given(Runnable::run, Runnable::run),
                new Counters(),
                new BoundedLog(System::nanoTime));
    }

    @Setup
    public void fill() {
        for (int i = 0; i < MEMBERS; i++) {
            index.join(new NoMember("m" + i), "zone:tavern", Position.START);
        }
    }

    @Benchmark
    @OperationsPerInvocation(MEMBERS)
    public void deliver() {
        Position position = new Position(1, ++sequence);
        fanout.entries(List.of(new PlacedEntry(position, EVENT)), position, () -> {});
    }

    @TearDown
    public void stop() {
        time.close();
    }
}
