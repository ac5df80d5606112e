package dev.realtime.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * Decides how long a thread that works in turns pauses before its next turn, so that more gathers for it: to be woken, and to wake others,
 * costs the same for one message and for ten.
 *
 * <p>The pause follows the load. It is as long as the last turn took, up to the longest pause: a thread whose turns are short hardly pauses,
 * and one that is always behind rests half of the time at most. There is none after a turn that found a single message, since waiting would
 * only have delayed it: a client that is alone never waits, however often it sends. Nor is there one after a turn that found many, which the
 * next one will too.
 *
 * <p>Reads no clock and waits for nothing itself. Immutable and thread-safe.
 */
public final class GatheringPause {
    /** From so many on, what a turn costs by itself is little beside what is done in it. */
    private static final int MANY = 16;

    /** How late the kernel's timers are by default; it is taken off. */
    private static final long TIMER_SLACK_NANOS = 50_000;

    private final long longestNanos;

    /**
     * @param longest the longest pause; zero for none at all
     * @throws IllegalArgumentException if it is negative
     */
    public GatheringPause(Duration longest) {
        if (Objects.requireNonNull(longest, "longest").isNegative()) {
            throw new IllegalArgumentException("the longest pause must not be negative, but is " + longest);
        }
        this.longestNanos = longest.toNanos();
    }

    /**
     * Returns for how many nanoseconds to park; zero or less for not at all.
     *
     * @param workedNanos how long the last turn took; waiting for something to do is no part of it
     * @param found how many messages it found, or connections with something to read
     */
    public long nanosAfter(long workedNanos, int found) {
        boolean pays = found > 1 && found < MANY;
        return pays ? Math.min(longestNanos, workedNanos) - TIMER_SLACK_NANOS : 0;
    }
}
