package dev.realtime.internal.session;

import dev.realtime.internal.limits.Pace;
import dev.realtime.spi.Time;
import java.time.Duration;

/** How fast the record of one session may be written: so many writes at once, then steadily. Thread-safe. */
final class RecordWriteRate {
    private static final int SECONDS_AT_ONCE = 10;

    private final Pace pace;
    private final Time time;
    private final long origin;
    private final Runnable delayed;
    private long due; // guarded by this

    /**
     * @param pace from {@link #pace}
     * @param delayed counts a write that has to wait
     */
    RecordWriteRate(Pace pace, Time time, Runnable delayed) {
        this.pace = pace;
        this.time = time;
        this.origin = time.nanoTime();
        this.delayed = delayed;
    }

    /** The pace of records that are written so often a second in the long run. */
    static Pace pace(int perSecond) {
        int burst = (int) Math.min(Integer.MAX_VALUE, (long) SECONDS_AT_ONCE * perSecond);
        return Pace.of(perSecond, Duration.ofSeconds(1), burst);
    }

    /** Runs a write now, or when its time has come. */
    void run(Runnable write) {
        long wait;
        synchronized (this) {
            long now = time.nanoTime() - origin;
            wait = pace.delay(due, now);
            if (wait <= 0) {
                due = pace.next(due, now);
            }
        }
        if (wait <= 0) {
            write.run();
        } else {
            delayed.run();
            time.schedule(Duration.ofNanos(wait), () -> run(write));
        }
    }
}
