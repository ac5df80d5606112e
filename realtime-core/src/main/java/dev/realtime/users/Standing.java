package dev.realtime.users;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What has been decided about a user and has not ended, as the store knows it. Times are of the store's clock.
 *
 * @param granted permissions that the user has been given, and until when
 * @param revoked permissions that have been taken away, and until when
 * @param mutedUntil when the user may speak again; empty if it may
 * @param restrictedUntil when the user may send anything again; empty if it may
 */
public record Standing(
        Map<String, Instant> granted,
        Map<String, Instant> revoked,
        Optional<Instant> mutedUntil,
        Optional<Instant> restrictedUntil) {

    public Standing {
        granted = Map.copyOf(granted);
        revoked = Map.copyOf(revoked);
    }
}
