package dev.realtime.internal.limits;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The store's clock as one of its answers has shown it. The answer was given at some moment between question and arrival, so the store's time of a moment here
 * lies between two bounds. Moments here are nanoseconds of the rates' clock; the store's are microseconds since the epoch. Immutable.
 *
 * @param asked before the question left
 * @param arrived when the answer was there
 * @param at what the store's clock said, in nanoseconds since the epoch
 */
record StoreTime(long asked, long arrived, long at) {
    private static final long MICRO = 1_000;

    /** For so long a clock that counts on its own strays by next to nothing. */
    private static final long FRESH = Duration.ofMinutes(1).toNanos();

    static StoreTime of(long asked, long arrived, Instant at) {
        return new StoreTime(asked, arrived, TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano());
    }

    boolean isFresh(long now) {
        return now - arrived < FRESH;
    }

    /** The store's time is no later than this. */
    long latest(long moment) {
        return -Math.floorDiv(-(at + (moment - asked)), MICRO);
    }

    /** The store's time is no earlier than this. */
    long earliest(long moment) {
        return Math.floorDiv(at + (moment - arrived), MICRO);
    }

    /** When the store has certainly come to this time. */
    long certainly(long micros) {
        return micros * MICRO - at + arrived;
    }

    /** When the store may have come to this time. */
    long possibly(long micros) {
        return micros * MICRO - at + asked;
    }
}
