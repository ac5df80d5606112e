package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * 200 members of a busy room read what it says, and others read nothing: how long an event takes to one who reads, and how many bytes the node holds for
 * those who do not. To be compared with the same room without them.
 */
final class StalledRoom implements Attack {
    private static final int READERS = 200;
    private static final int FROM_ONE_ADDRESS = 500;
    private static final int EVENTS_PER_SECOND = 50;
    private static final int FLOOD_BYTES = 60_000;
    private static final Duration TIME = Duration.ofSeconds(25);
    private static final long PAUSE = 1_000_000_000L / EVENTS_PER_SECOND;

    private final String name;
    private final int stalled;

    /** @param stalled how many read nothing */
    StalledRoom(String name, int stalled) {
        this.name = name;
        this.stalled = stalled;
    }

    @Override
    public String name() {
        return name;
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
        stall(intruders);
        intruders.begin();
        Histogram times = new Histogram(2);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Long> most = new CompletableFuture<>();
        intruders.run(() -> most.complete(watch(intruders.target(), over)));
        talk(intruders, times);
        over.set(true);
        long held = most.join();
        String[] last = intruders.target().ask("memory").orElse("? ? ? ?").split(" ", -1);
        return "%d stalled: event p50 %.1f p99 %.1f ms; at most %d of %s bytes for them, in the end %s; %s dropped, %s disconnected"
                .formatted(
                        stalled,
                        times.getValueAtPercentile(50) / 1e6,
                        times.getValueAtPercentile(99) / 1e6,
                        held,
                        last[1],
                        last[0],
                        last[2],
                        last[3]);
    }

    /** They read nothing, and the kernel takes no more for them. */
    private void stall(Intruders intruders) throws IOException, InterruptedException {
        for (int i = 0; i < stalled; i++) {
            String address = "127.0.1." + (1 + i / FROM_ONE_ADDRESS);
            intruders
                    .keep(intruders.dialer().withSmallBuffer().from(address).connect())
                    .send("42[\"enter\",\"all\"]");
            LockSupport.parkNanos(3_000_000);
        }
        WireClient driver = intruders.connect();
        Intruders.atRate(3, Duration.ofSeconds(3), () -> driver.send("42[\"flood\"," + FLOOD_BYTES + "]"));
    }

    private static void talk(Intruders intruders, Histogram times) throws IOException, InterruptedException {
        try (WireClient member = intruders.dialer().connect()) {
            member.send("42[\"enter\",\"all\"]");
            Intruders.atRate(EVENTS_PER_SECOND, TIME, () -> {
                long start = System.nanoTime();
                member.send("42[\"burst\",1]");
                member.await("42[\"said\",\"missed\"");
                times.recordValueWithExpectedInterval(System.nanoTime() - start, PAUSE);
            });
        }
    }

    /** Returns the most bytes that were held until it was over. */
    private static long watch(Target target, AtomicBoolean over) throws InterruptedException {
        long most = 0;
        while (!over.get()) {
            String now = target.ask("memory").orElse("0 ");
            most = Math.max(most, Long.parseLong(now.substring(0, now.indexOf(' '))));
            Thread.sleep(500);
        }
        return most;
    }
}
