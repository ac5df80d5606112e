package dev.realtime.testkit;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node's clock: everybody's virtual time, a wall clock that may be wrong, and timers that stop with the node. */
final class NodeClock implements Time {
    private final Time shared;
    private final Executor node;
    private volatile Duration error = Duration.ZERO;

    NodeClock(Time shared, Executor node) {
        this.shared = shared;
        this.node = node;
    }

    /** The wall clock of this node jumps, in either direction. */
    void jump(Duration by) {
        error = error.plus(by);
    }

    @Override
    public Instant now() {
        return shared.now().plus(error);
    }

    @Override
    public long nanoTime() {
        return shared.nanoTime();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        AtomicBoolean cancelled = new AtomicBoolean();
        Timer timer = shared.schedule(
                delay,
                () -> node.execute(() -> {
                    if (!cancelled.get()) {
                        task.run();
                    }
                }));
        return () -> {
            cancelled.set(true);
            timer.cancel();
        };
    }
}
