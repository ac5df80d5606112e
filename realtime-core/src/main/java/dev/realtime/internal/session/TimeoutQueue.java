package dev.realtime.internal.session;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines that all lie the same time ahead. They share one timer, which is set only while something waits, so a deadline that is met in time costs
 * no more than a place in a queue. Thread-safe.
 */
public final class TimeoutQueue {
    private static final int FEW = 256;

    private final Time time;
    private final Executor executor;
    private final Duration patience;
    // guarded by this
    private ArrayDeque<Deadline> waiting = new ArrayDeque<>(); // in the order of their ends
    private boolean ticking;
    private int purgeAt = FEW;

    /** One deadline: met once, or missed once. */
    static final class Deadline {
        private final long end;
        private final AtomicReference<@Nullable Runnable> missed;

        private Deadline(long end, Runnable missed) {
            this.end = end;
            this.missed = new AtomicReference<>(missed);
        }

        /** @return false when it has been met or missed before */
        boolean meet() {
            return missed.getAndSet(null) != null;
        }

        /** Whether it has been met or missed. */
        boolean isOver() {
            return missed.get() == null;
        }
    }

    /** @param executor runs what is to be done when a deadline is missed */
    public TimeoutQueue(Time time, Executor executor, Duration patience) {
        this.time = time;
        this.executor = executor;
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    Deadline add(Runnable missed) {
        Deadline deadline = new Deadline(time.nanoTime() + patience.toNanos(), missed);
        boolean first;
        synchronized (this) {
            forgetOver();
            waiting.addLast(deadline);
            first = !ticking;
            ticking = true;
        }
        if (first) {
            time.schedule(patience, this::look);
        }
        return deadline;
    }

    private void forgetOver() {
        while (!waiting.isEmpty() && waiting.getFirst().isOver()) {
            waiting.removeFirst();
        }
        if (waiting.size() >= purgeAt) { // behind one that still waits
            waiting.removeIf(Deadline::isOver);
            purgeAt = Math.max(FEW, 2 * waiting.size());
        }
    }

    private void look() {
        List<Runnable> late = new ArrayList<>();
        long next = 0;
        long now = time.nanoTime();
        synchronized (this) {
            while (!waiting.isEmpty() && (waiting.getFirst().isOver() || waiting.getFirst().end - now <= 0)) {
                Runnable missed = waiting.removeFirst().missed.getAndSet(null);
                if (missed != null) {
                    late.add(missed);
                }
            }
            ticking = !waiting.isEmpty();
            if (ticking) {
                next = waiting.getFirst().end - now;
            }
        }
        if (next > 0) {
            time.schedule(Duration.ofNanos(next), this::look);
        }
        late.forEach(executor::execute);
    }
}
