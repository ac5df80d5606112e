package dev.realtime.internal.session;

import dev.realtime.internal.limits.ArrivalTimes;
import dev.realtime.limits.RateLimit;
import dev.realtime.spi.Time;
import java.time.Duration;

/** How fast the record of one session may be written: so many writes at once, then steadily. Thread-safe. */
final class RecordWriteRate {
    private static final int SECONDS_AT_ONCE = 10;

    private final RateLimit limit;
    private final ArrivalTimes arrivals; // guarded by this
    private final Time time;
    private final long origin;
    private final Runnable delayed;

    /**
     * @param limit from {@link #limit}
     * @param delayed counts a write that has to wait
     */
    RecordWriteRate(RateLimit limit, Time time, Runnable delayed) {
        this.limit = limit;
        this.arrivals = new ArrivalTimes(limit);
        this.time = time;
        this.origin = time.nanoTime();
        this.delayed = delayed;
    }

    /** The limit for records that are written so often a second in the long run. */
    static RateLimit limit(int perSecond) {
        int burst = SECONDS_AT_ONCE * perSecond;
        return RateLimit.perSecond(perSecond + burst - 1).burst(burst);
    }

    /** Runs a write now, or when its time has come. */
    void run(Runnable write) {
        long wait;
        synchronized (this) {
            wait = arrivals.admit(limit, time.nanoTime() - origin);
        }
        if (wait == 0) {
            write.run();
        } else {
            delayed.run();
            time.schedule(Duration.ofNanos(wait), () -> run(write));
        }
    }
}
