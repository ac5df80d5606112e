package dev.realtime.testkit.simulation;

import java.time.Duration;
import java.util.concurrent.Executor;

/** Carries the packets of one node, in their order, each a little later than it was sent. */
final class Wire implements Executor {
    private final World world;
    private final Executor executor;
    private long last = Long.MIN_VALUE;

    Wire(World world, Executor executor) {
        this.world = world;
        this.executor = executor;
    }

    @Override
    public void execute(Runnable packet) {
        long now = world.trace.now();
        long due = Math.max(now + world.random.nextInt(800), last);
        last = due;
        world.after(Duration.ofNanos((due - now) * 1_000), () -> executor.execute(packet));
    }
}
