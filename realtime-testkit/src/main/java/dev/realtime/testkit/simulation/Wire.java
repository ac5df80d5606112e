package dev.realtime.testkit.simulation;

import java.time.Duration;
import java.util.concurrent.Executor;

/** Carries the packets of one node, in their order, each a little later than it was sent. */
final class Wire implements Executor {
    private final World world;
    private final Executor executor;
    private long last;

    Wire(World world, Executor executor) {
        this.world = world;
        this.executor = executor;
    }

    @Override
    public void execute(Runnable packet) {
        long now = world.cluster.time().nanoTime();
        long wait = Math.max(world.random.nextInt(800_000), last - now);
        last = now + wait;
        world.after(Duration.ofNanos(wait), () -> executor.execute(packet));
    }
}
