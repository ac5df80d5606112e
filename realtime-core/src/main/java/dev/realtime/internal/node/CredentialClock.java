package dev.realtime.internal.node;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * The clock by which credentials are judged: the wall clock, but never behind the moment at which the node started plus what the monotonic clock has
 * counted since. Setting the wall clock back makes no token last longer, even if it is shown again. A jump forward is believed only as long as it
 * lasts. Thread-safe.
 */
public final class CredentialClock {
    /** As nanoseconds it still fits a long. */
    private static final Duration FAR = Duration.ofDays(36_500);

    private final Time time;
    private final Instant start;
    private final long startedAt;

    public CredentialClock(Time time) {
        this.time = time;
        this.start = time.now();
        this.startedAt = time.nanoTime();
    }

    public Instant now() {
        Instant steady = start.plusNanos(time.nanoTime() - startedAt);
        Instant wall = time.now();
        return wall.isAfter(steady) ? wall : steady;
    }

    /** How long from now to a moment; zero when it has passed. */
    public Duration until(Instant moment) {
        Duration left = Duration.between(now(), moment);
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(FAR) > 0 ? FAR : left;
    }
}
