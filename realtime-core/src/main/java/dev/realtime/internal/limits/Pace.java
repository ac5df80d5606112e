package dev.realtime.internal.limits;

import java.time.Duration;

/**
 * A steady pace, ahead of which a burst may come: the generic cell rate algorithm (ITU-T I.371). All that has to be remembered is one moment, from
 * which on the next event is due; whoever uses a pace keeps it, and begins with 0. Moments are nanoseconds of a clock that begins at 0 and is never
 * set back. Immutable.
 */
public final class Pace {
    private final long interval;
    private final long lead; // how long before it is due an event may come

    private Pace(long interval, int burst) {
        this.interval = interval;
        this.lead = (burst - 1) * interval;
    }

    /**
     * Returns a pace at which so many events come in each period once the burst has come. Whoever sends so many per period steadily is never told to
     * wait.
     */
    public static Pace of(int count, Duration period, int burst) {
        return new Pace(period.toNanos() / count, burst);
    }

    /** Returns a pace at which no more events come in any period, wherever it begins, than the count, the burst included. */
    public static Pace within(int count, Duration period, int burst) {
        long shares = count - burst + 1L;
        return new Pace((period.toNanos() + shares - 1) / shares, burst);
    }

    /** Returns how long an event has to wait; zero or less if it may come now. */
    public long delay(long due, long now) {
        return due - lead - now;
    }

    /** Returns when the next one is due after one that comes now. */
    public long next(long due, long now) {
        return Math.max(due, now) + interval;
    }

    /** Returns when the next one is due if one that came is not to count after all. */
    long takenBack(long due) {
        return due - interval;
    }

    /** Returns when the next one is due at the latest, unless more have come than may. */
    long latest(long now) {
        return now + lead + interval;
    }

    /** Returns whether more have come than were allowed to, and have not been made up for. */
    boolean isOwed(long due, long now) {
        return due - now > lead + interval;
    }
}
