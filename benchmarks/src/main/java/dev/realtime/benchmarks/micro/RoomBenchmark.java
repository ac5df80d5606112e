package dev.realtime.benchmarks.micro;

import dev.realtime.Position;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.spi.Target;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A room of so many members: one more comes and goes; all are visited. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoomBenchmark {
    private static final Position HERE = new Position(1, 1);
    private static final Target ROOM = new Target(Set.of("zone:tavern"), Set.of(), null);

    @Param({"10", "1000", "100000"})
    int members;

    private final NoMember guest = new NoMember("guest");
    private final RoomIndex<NoMember> index = new RoomIndex<>(() -> HERE, () -> HERE, id -> null);

    @Setup
    public void fill() {
        for (int i = 0; i < members; i++) {
            index.join(new NoMember("m" + i), "zone:tavern", Position.START);
        }
    }

    @Benchmark
    public void joinAndLeave() {
        Membership<NoMember> membership = index.join(guest, "zone:tavern", null);
        index.leave(membership, null);
    }

    @Benchmark
    public void forEach(Blackhole hole) {
        index.forEach(ROOM, HERE, hole::consume);
    }
}
