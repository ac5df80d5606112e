package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * 200 members of a busy room read what it says, and others read nothing: how long an event takes to one who reads, and how many bytes the node holds for
 * those who do not. First all of them are there; after {@link dev.realtime.limits.OutboxLimits#stallTimeout()} they are let go, which is measured by itself.
 * To be compared with the same room without them.
 */
final class StalledRoom implements Attack {
    private static final int READERS = 200;
    private static final int FROM_ONE_ADDRESS = 500;
    private static final int EVENTS_PER_SECOND = 50;
    private static final int FLOOD_BYTES = 60_000;
    private static final int MOST_FLOODS = 30;
    private static final Duration THERE = Duration.ofSeconds(25);
    private static final Duration GOING = Duration.ofSeconds(20);
    private static final long PAUSE = 1_000_000_000L / EVENTS_PER_SECOND;

    private final String name;
    private final int stalled;

    /** @param stalled how many read nothing */
    StalledRoom(String name, int stalled) {
        this.name = name;
        this.stalled = stalled;
    }

    /**
     * What the server says of its memory.
     *
     * @param held bytes for clients that do not read
     * @param limit of these
     * @param dropped messages
     * @param disconnected clients, for the node's sake
     * @param stalled clients that have taken nothing for a second
     */
    private record Memory(long held, long limit, long dropped, long disconnected, long stalled) {
        static Memory of(Target target) {
            String[] words = target.ask("memory").orElse("0 0 0 0 0").split(" ", -1);
            long[] values = Arrays.stream(words).mapToLong(Long::parseLong).toArray();
            return new Memory(values[0], values[1], values[2], values[3], values[4]);
        }
    }

    @Override
    public String name() {
        return name;
    }

    /** So that all are there for long enough to see the slowest of a hundred events more than once. */
    @Override
    public List<String> serverArguments() {
        return List.of("--patient");
    }

    @Override
    public int heapMegabytes() {
        return 1_024;
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        for (int i = 0; i < READERS; i++) {
            intruders.connect().send("42[\"enter\",\"all\"]");
        }
        long there = stall(intruders);
        intruders.begin();
        Histogram before = new Histogram(2);
        Histogram behind = new Histogram(2);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Long> most = new CompletableFuture<>();
        intruders.run(() -> most.complete(watch(intruders.target(), over)));
        try (WireClient member = intruders.dialer().connect()) {
            member.send("42[\"enter\",\"all\"]");
            talk(member, THERE, before);
            talk(member, GOING, behind);
        }
        over.set(true);
        long held = most.join();
        Memory last = Memory.of(intruders.target());
        return "%d stalled: event %s; while they are let go %s; at most %d of %d bytes for them, in the end %d; %d dropped, %d disconnected"
                .formatted(
                        there,
                        describe(before),
                        describe(behind),
                        held,
                        last.limit,
                        last.held,
                        last.dropped,
                        last.disconnected);
    }

    private static String describe(Histogram times) {
        return "p50 %.1f p99 %.1f max %.0f ms"
                .formatted(
                        times.getValueAtPercentile(50) / 1e6,
                        times.getValueAtPercentile(99) / 1e6,
                        times.getMaxValue() / 1e6);
    }

    /** They read nothing, and the kernel takes no more for them. Returns how many there are. */
    private long stall(Intruders intruders) throws IOException, InterruptedException {
        for (int i = 0; i < stalled; i++) {
            String address = "127.0.1." + (1 + i / FROM_ONE_ADDRESS);
            intruders
                    .keep(intruders.dialer().withSmallBuffer().from(address).connect())
                    .send("42[\"enter\",\"all\"]");
            LockSupport.parkNanos(3_000_000);
        }
        WireClient driver = intruders.connect();
        long there = 0;
        for (int i = 0; i < MOST_FLOODS && there < stalled; i++) {
            driver.send("42[\"flood\"," + FLOOD_BYTES + "]");
            Thread.sleep(300);
            there = Memory.of(intruders.target()).stalled;
        }
        return there;
    }

    private static void talk(WireClient member, Duration time, Histogram times)
            throws IOException, InterruptedException {
        Intruders.atRate(EVENTS_PER_SECOND, time, () -> {
            long start = System.nanoTime();
            member.send("42[\"burst\",1]");
            member.await("42[\"said\",\"missed\"");
            times.recordValueWithExpectedInterval(System.nanoTime() - start, PAUSE);
        });
    }

    /** Returns the most bytes that were held until it was over. */
    private static long watch(Target target, AtomicBoolean over) throws InterruptedException {
        long most = 0;
        while (!over.get()) {
            most = Math.max(most, Memory.of(target).held);
            Thread.sleep(500);
        }
        return most;
    }
}
