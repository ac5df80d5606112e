package dev.realtime.testkit;

import dev.realtime.Authenticator;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Believes every client: the {@code auth} payload says who it is ({@code user}), what it may do ({@code permissions}) and until when
 * ({@code expires}, an ISO 8601 instant). A client that names no user shows no credentials. For tests alone.
 */
public final class TestUsers implements Authenticator {
    @Override
    public Optional<Principal> authenticate(Handshake handshake) {
        return handshake.auth("user").map(user -> {
            Set<String> permissions = new HashSet<>();
            if (handshake.auth().get("permissions") instanceof List<?> list) {
                list.forEach(permission -> permissions.add(String.valueOf(permission)));
            }
            Principal principal = Principal.of(user).permissions(permissions);
            return handshake
                    .auth("expires")
                    .map(Instant::parse)
                    .map(principal::expiresAt)
                    .orElse(principal);
        });
    }
}
