package dev.realtime.internal.limits;

import dev.realtime.limits.RateLimit;

/**
 * What the generic cell rate algorithm (ITU-T I.371) remembers of one {@link RateLimit}: for each window the theoretical arrival time of
 * the next event. Not thread-safe.
 */
public final class ArrivalTimes {
    private final long[] expected;

    public ArrivalTimes(RateLimit limit) {
        expected = new long[limit.windows().size()];
    }

    /** Whether this is of a limit with as many windows. */
    boolean fits(RateLimit limit) {
        return expected.length == limit.windows().size();
    }

    /**
     * Admits an event, or says how long it has to wait. A refusal changes nothing.
     *
     * @param now in nanoseconds, from 0 on
     * @return 0 when it is admitted
     */
    public long admit(RateLimit limit, long now) {
        long wait = 0;
        for (int i = 0; i < expected.length; i++) {
            RateLimit.Window window = limit.windows().get(i);
            long allowedAt = Math.max(expected[i], now) - (window.burst() - 1) * interval(window);
            wait = Math.max(wait, allowedAt - now);
        }
        if (wait == 0) {
            charge(limit, now);
        }
        return wait;
    }

    /** Counts an event, admitted or not. */
    void charge(RateLimit limit, long now) {
        for (int i = 0; i < expected.length; i++) {
            expected[i] = Math.max(expected[i], now) + interval(limit.windows().get(i));
        }
    }

    /** Whether more has been counted than would have been admitted. */
    boolean owes(RateLimit limit, long now) {
        for (int i = 0; i < expected.length; i++) {
            RateLimit.Window window = limit.windows().get(i);
            if (expected[i] - now > window.burst() * interval(window)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing is to be remembered any more. */
    boolean havePassed(long now) {
        for (long moment : expected) {
            if (moment > now) {
                return false;
            }
        }
        return true;
    }

    /** Rounded up, so that a window is never exceeded by a fraction. */
    private static long interval(RateLimit.Window window) {
        long shares = window.count() - window.burst() + 1L;
        return (window.period().toNanos() + shares - 1) / shares;
    }
}
