package dev.realtime.metrics;

import java.time.Duration;

/**
 * Which events of a contract are timed: all of them up to about a thousand a second, and fewer and fewer of those that come more often, down to one of {@value #MOST}.
 * What is skipped costs no look at a clock. Threads may overwrite what others have noted, and sample a little more or less by that.
 */
final class Samples {
    private static final long APART = Duration.ofMillis(1).toNanos();
    private static final int MOST = 64;

    private int left; // to be skipped
    private int stride; // to be skipped behind each that is timed
    private long last = -APART; // when one was timed

    /** Whether the next one is. */
    boolean next(Meters meters) {
        int skipped = left;
        if (skipped > 0) {
            left = skipped - 1;
            return false;
        }
        long now = meters.now();
        stride = now - last < APART ? Math.min(MOST - 1, stride * 2 + 1) : stride / 2;
        last = now;
        left = stride;
        return true;
    }
}
