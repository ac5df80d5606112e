package dev.realtime.internal.session;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a session's credentials end on the monotonic clock. The farthest end shown so far was measured once on the wall clock; nearer ones
 * are placed relative to it. So a wall clock that jumps extends nothing, also not when the same or older credentials are shown
 * again. Guarded by its session.
 */
final class CredentialsEnd {
    private static final Duration FAR_AWAY = Duration.ofDays(36_500); // as nanoseconds it still fits a long

    private final Time time;
    private @Nullable Instant farthest;
    private long deadline; // of the farthest

    CredentialsEnd(Time time) {
        this.time = time;
    }

    /** How long credentials that end then still last; at most a hundred years, zero when they have ended. */
    Duration left(Instant end) {
        Instant known = farthest;
        if (known == null || end.isAfter(known)) {
            Duration measured = Duration.between(time.now(), end);
            if (measured.compareTo(FAR_AWAY) >= 0) {
                return FAR_AWAY;
            }
            farthest = end;
            deadline = time.nanoTime() + (measured.isNegative() ? 0 : measured.toNanos());
            return Duration.ofNanos(deadline - time.nanoTime());
        }
        Duration nearer = Duration.between(end, known);
        Duration left = Duration.ofNanos(deadline - time.nanoTime()).minus(nearer);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
