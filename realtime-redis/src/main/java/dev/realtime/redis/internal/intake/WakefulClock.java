package dev.realtime.redis.internal.intake;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A monotonic clock in nanoseconds that goes on while the machine is suspended. The system's does not, but the wall clock shows it: what that has gained
 * between two readings has been slept through, or somebody has put it forward, which is taken for the same. Thread-safe.
 */
public final class WakefulClock implements LongSupplier {
    /** Whoever puts a clock right gains less between two readings. */
    private static final long LEAST_GAIN = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final LongSupplier wallMillis;
    // guarded by this
    private long lastNanos;
    private long lastMillis;
    private long slept;

    public WakefulClock() {
        this(System::nanoTime, System::currentTimeMillis);
    }

    WakefulClock(LongSupplier nanoTime, LongSupplier wallMillis) {
        this.nanoTime = nanoTime;
        this.wallMillis = wallMillis;
        this.lastNanos = nanoTime.getAsLong();
        this.lastMillis = wallMillis.getAsLong();
    }

    @Override
    public synchronized long getAsLong() {
        long nanos = nanoTime.getAsLong();
        long millis = wallMillis.getAsLong();
        long gained = TimeUnit.MILLISECONDS.toNanos(millis - lastMillis) - (nanos - lastNanos);
        if (gained > LEAST_GAIN) {
            slept += gained;
        }
        lastNanos = nanos;
        lastMillis = millis;
        return nanos + slept;
    }
}
