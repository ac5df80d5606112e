package dev.realtime.internal.session;

import dev.realtime.Principal;
import dev.realtime.internal.node.CredentialClock;
import dev.realtime.spi.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The timer that ends a connected session when its credentials expire, or when its client has not shown any in the time that it has for that. At most one
 * timer is set. Guarded by the session's lock.
 */
final class CredentialExpiry {
    private final CredentialClock clock;
    private final Time time;
    private final @Nullable Duration deadline;
    private final Runnable expired;
    private final Runnable unknown;

    private Time.@Nullable Timer timer;
    private long from; // of the deadline, by the monotonic clock
    private boolean begun;

    /**
     * @param deadline for a client without credentials, from its first moment here; null if it may stay
     * @param expired runs on the timer's thread, without the lock
     * @param unknown likewise, when the client is still nobody
     */
    CredentialExpiry(
            CredentialClock clock, Time time, @Nullable Duration deadline, Runnable expired, Runnable unknown) {
        this.clock = clock;
        this.time = time;
        this.deadline = deadline;
        this.expired = expired;
        this.unknown = unknown;
    }

    /** Watches these credentials, and none that it watched before. */
    void watch(Principal principal) {
        cancel();
        if (principal.anonymous() && deadline != null) {
            if (!begun) {
                begun = true;
                from = time.nanoTime();
            }
            Duration left = deadline.minusNanos(time.nanoTime() - from);
            timer = time.schedule(left.isNegative() ? Duration.ZERO : left, unknown);
        } else {
            principal.expiresAt().ifPresent(end -> timer = time.schedule(clock.until(end), expired));
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
