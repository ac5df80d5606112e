package dev.realtime.benchmarks.hostile;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One session sends what the server has a line of its log for, as fast as it is handled. */
final class LogLines implements Attack {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final int AHEAD = 200;
    private static final String LONG = "x".repeat(100);

    private final boolean refreshes;
    private final AtomicInteger sent = new AtomicInteger();

    /** @param refreshes bad tokens rather than unknown events */
    LogLines(boolean refreshes) {
        this.refreshes = refreshes;
    }

    @Override
    public String name() {
        return refreshes ? "log-of-refreshes" : "log-of-unknown-events";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        WireClient client = intruders.keep(intruders.dialer().connect());
        client.send("42[\"enter\",\"square\"]");
        long before = intruders.target().logBytes();
        long end = System.nanoTime() + TIME.toNanos();
        while (System.nanoTime() < end) {
            for (int i = 0; i < AHEAD; i++) {
                int number = sent.incrementAndGet();
                client.send(
                        refreshes
                                ? "42" + number + "[\"auth:refresh\",{\"token\":\"" + number + "\"}]"
                                : "42[\"" + number + LONG + "\"]");
            }
            client.send("42[\"say\",\"all handled\"]"); // more than wait anyway would end the session
            client.await("42[\"said\",\"all handled\"");
        }
        return "%d sent, %d KB of log a second"
                .formatted(sent.get(), (intruders.target().logBytes() - before) / TIME.toSeconds() / 1_000);
    }
}
