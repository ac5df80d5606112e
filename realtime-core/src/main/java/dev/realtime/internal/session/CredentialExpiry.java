package dev.realtime.internal.session;

import dev.realtime.Principal;
import dev.realtime.internal.node.CredentialClock;
import dev.realtime.spi.Time;
import org.jspecify.annotations.Nullable;

/** The timer that ends a connected session when its credentials expire. At most one timer is set. Guarded by the session's lock. */
final class CredentialExpiry {
    private final CredentialClock clock;
    private final Time time;
    private final Runnable expired;

    private Time.@Nullable Timer timer;

    /** @param expired runs on the timer's thread, without the lock */
    CredentialExpiry(CredentialClock clock, Time time, Runnable expired) {
        this.clock = clock;
        this.time = time;
        this.expired = expired;
    }

    /** Watches these credentials, and none that it watched before. */
    void watch(Principal principal) {
        cancel();
        principal.expiresAt().ifPresent(end -> timer = time.schedule(clock.until(end), expired));
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
