package dev.realtime;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a session is.
 *
 * @param id the user; equal ids are the same user
 * @param roles what the user is
 * @param permissions what the user may do, see {@link Event#permission(String)}
 * @param claims further facts, JSON values only (they travel with the session record)
 * @param expires the session is disconnected at this moment unless renewed; null for never
 * @param anonymous nobody in particular: the id is the session's own
 */
public record Principal(
        String id,
        Set<String> roles,
        Set<String> permissions,
        Map<String, Object> claims,
        @Nullable Instant expires,
        boolean anonymous) {

    public Principal {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(roles, "roles");
        Objects.requireNonNull(permissions, "permissions");
        Objects.requireNonNull(claims, "claims");
        if (id.isEmpty() || id.length() > 256) {
            throw new IllegalArgumentException("a principal's id has 1 to 256 characters, but has " + id.length());
        }
        roles = Set.copyOf(roles);
        permissions = Set.copyOf(permissions);
        claims = Map.copyOf(claims);
    }

    /** A user without roles, permissions and end. */
    public static Principal of(String id) {
        return new Principal(id, Set.of(), Set.of(), Map.of(), null, false);
    }

    /** Nobody in particular. */
    public static Principal anonymous(String id) {
        return new Principal(id, Set.of(), Set.of(), Map.of(), null, true);
    }

    /** The moment the credentials end, empty for never. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expires);
    }

    public boolean may(String permission) {
        Objects.requireNonNull(permission, "permission");
        return permissions.contains(permission);
    }
}
