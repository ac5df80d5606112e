package dev.realtime.internal.node;

import dev.realtime.spi.Time;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The store's clock as this node knows it, counted on by the node's monotonic clock: no jump of the node's wall clock moves it. Each answer of the store
 * was given between the question and its arrival, and corrects what was believed as little as it must. Thread-safe.
 */
public final class StoreClock {
    private final Time time;
    private long offset; // the store's nanoseconds since the epoch, less this node's monotonic ones; guarded by this
    private boolean known; // guarded by this

    public StoreClock(Time time) {
        this.time = time;
    }

    /** The monotonic clock, to be noted before the store is asked. */
    public long nanoTime() {
        return time.nanoTime();
    }

    /** Takes note of an answer that has just arrived. */
    public synchronized void answered(long asked, Instant at) {
        long nanos = TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
        long earliest = nanos - time.nanoTime();
        long latest = nanos - asked;
        offset = known ? Math.max(earliest, Math.min(latest, offset)) : earliest;
        known = true;
    }

    /**
     * When something ends that ends at this time of the store, by the monotonic clock of this node. Before the store has ever answered, the wall clock
     * stands for its clock.
     */
    public synchronized long deadline(long endMillis) {
        guess();
        return TimeUnit.MILLISECONDS.toNanos(endMillis) - offset;
    }

    /** The store's time in milliseconds, as far as it is known here. */
    public synchronized long millis() {
        guess();
        return TimeUnit.NANOSECONDS.toMillis(time.nanoTime() + offset);
    }

    private void guess() {
        if (!known) {
            Instant now = time.now();
            offset = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - time.nanoTime();
        }
    }
}
