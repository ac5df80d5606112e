package dev.realtime.testkit;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A node's clock: everybody's virtual time, a wall clock that may be wrong, and timers that stop with the node. */
final class NodeClock implements Time {
    private final Time shared;
    private final Executor node;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Duration error = Duration.ZERO;

    NodeClock(Time shared, Executor node) {
        this.shared = shared;
        this.node = node;
    }

    /** The wall clock of this node jumps, in either direction. */
    void jump(Duration by) {
        error = error.plus(by);
    }

    /** How many timers wait. */
    int timers() {
        return waiting.get();
    }

    private boolean ends(AtomicBoolean over) {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            waiting.decrementAndGet();
        }
        return first;
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
        AtomicBoolean over = new AtomicBoolean();
        waiting.incrementAndGet();
        Timer timer = shared.schedule(
                delay,
                () -> node.execute(() -> {
                    if (ends(over)) {
                        task.run();
                    }
                }));
        return () -> {
            if (ends(over)) {
                timer.cancel();
            }
        };
    }
}
