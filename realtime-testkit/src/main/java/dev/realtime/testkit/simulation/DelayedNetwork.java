package dev.realtime.testkit.simulation;

import dev.realtime.testkit.VirtualTime;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;

/** Carries the packets of one node, in their order, each a little later than it was sent. */
final class DelayedNetwork implements Executor {
    private final VirtualTime time;
    private final Random random;
    private final Executor executor;
    private long last;

    DelayedNetwork(VirtualTime time, Random random, Executor executor) {
        this.time = time;
        this.random = random;
        this.last = time.nanoTime();
        this.executor = executor;
    }

    @Override
    public void execute(Runnable packet) {
        long now = time.nanoTime();
        long wait = Math.max(random.nextInt(800_000), last - now);
        last = now + wait;
        var unused = time.schedule(Duration.ofNanos(wait), () -> executor.execute(packet));
    }
}
