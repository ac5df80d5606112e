package dev.realtime.internal.drain;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Runs what comes: at once, unless much comes together. Then it goes at a rate, so that clients that are sent away because of one and the same thing do not come back in one wave.
 * Thread-safe.
 */
public final class PacedQueue {
    /** So much time's worth runs together. */
    private static final Duration GRAIN = Duration.ofMillis(10);

    private final NodeRuntime runtime;
    private final long interval;
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this
    private long free; // when the next one has its turn by the rate; guarded by this

    public PacedQueue(NodeRuntime runtime, int perSecond) {
        this.runtime = runtime;
        this.interval = Duration.ofSeconds(1).dividedBy(perSecond).toNanos();
        this.free = runtime.time().nanoTime();
    }

    /** Runs a task in the caller's thread, or later on a worker. */
    public void run(Runnable task) {
        synchronized (this) {
            boolean first = waiting.isEmpty();
            if (!first || !takeTurn()) {
                waiting.add(task);
                if (first) {
                    lookAgain();
                }
                return;
            }
        }
        task.run();
    }

    private boolean takeTurn() {
        long now = runtime.time().nanoTime();
        if (free - now >= GRAIN.toNanos()) {
            return false;
        }
        free = (free - now < 0 ? now : free) + interval;
        return true;
    }

    private void lookAgain() {
        Time.Timer unused =
                runtime.time().schedule(GRAIN, () -> runtime.workers().execute(this::goOn));
    }

    private void goOn() {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            while (!waiting.isEmpty() && takeTurn()) {
                due.add(waiting.remove());
            }
            if (!waiting.isEmpty()) {
                lookAgain();
            }
        }
        due.forEach(task -> runtime.workers().execute(task));
    }
}
