package dev.realtime.internal.drain;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Runs what comes: at once, unless much comes together. Then it goes at a rate, so that clients that are sent away because of one and the same thing do not come back in one wave.
 * None is lost, even if there is no thread for it for a while. Thread-safe.
 */
public final class PacedQueue {
    /** So much time's worth runs together. */
    private static final Duration GRAIN = Duration.ofMillis(10);

    private final NodeRuntime runtime;
    private final long interval;
    private final Deque<Runnable> waiting = new ArrayDeque<>(); // guarded by this
    private boolean planned; // somebody will look at what waits; guarded by this
    private long free; // when the next one has its turn by the rate; guarded by this

    public PacedQueue(NodeRuntime runtime, int perSecond) {
        this.runtime = runtime;
        this.interval = Duration.ofSeconds(1).dividedBy(perSecond).toNanos();
        this.free = runtime.time().nanoTime();
    }

    /** Runs a task in the caller's thread, or later on a worker. */
    public void run(Runnable task) {
        synchronized (this) {
            if (!waiting.isEmpty() || !takeTurn()) {
                waiting.addLast(task);
                lookAgain();
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

    private synchronized void lookAgain() {
        if (!planned && !waiting.isEmpty()) {
            Time.Timer unused = runtime.time().schedule(GRAIN, this::goOn);
            planned = true; // behind it: if it fails, the next one that comes plans it
        }
    }

    /** On the thread of timers: whoever has no thread for a task has none for whoever hands it over either. */
    private void goOn() {
        try {
            for (Runnable next = nextDue(); next != null; next = nextDue()) {
                handOver(next);
            }
        } catch (OutOfMemoryError e) {
            // tried again after a moment
        } finally {
            synchronized (this) {
                planned = false;
                lookAgain();
            }
        }
    }

    private void handOver(Runnable task) {
        try {
            runtime.workers().execute(task);
        } catch (OutOfMemoryError e) {
            synchronized (this) {
                waiting.addFirst(task);
            }
            throw e;
        }
    }

    private synchronized @Nullable Runnable nextDue() {
        return waiting.isEmpty() || !takeTurn() ? null : waiting.removeFirst();
    }
}
