package dev.realtime;

import dev.realtime.internal.options.Range;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a session is. An {@link Authenticator} makes it of the credentials that a client shows. It travels with the session from node to
 * node. Immutable: start from {@link #of}.
 *
 * <pre>{@code
 * Principal.of("u7").roles(Set.of("player")).permissions(Set.of("chat.global")).expiresAt(token.end())
 * }</pre>
 */
public final class Principal {
    private static final int LONGEST_ID = 256;

    private final String id;
    private final Set<String> roles;
    private final Set<String> permissions;
    private final Map<String, Object> claims;
    private final @Nullable Instant expiresAt;
    private final boolean anonymous;

    private Principal(
            String id,
            Set<String> roles,
            Set<String> permissions,
            Map<String, Object> claims,
            @Nullable Instant expiresAt,
            boolean anonymous) {
        this.id = id;
        this.roles = roles;
        this.permissions = permissions;
        this.claims = claims;
        this.expiresAt = expiresAt;
        this.anonymous = anonymous;
    }

    /**
     * Returns a user without roles, permissions and claims, whose credentials do not end.
     *
     * @param id 1 to 256 characters; equal ids are the same user
     * @throws IllegalArgumentException if the id is empty or longer
     */
    public static Principal of(String id) {
        return new Principal(checked(id), Set.of(), Set.of(), Map.of(), null, false);
    }

    /**
     * Returns somebody who is nobody in particular.
     *
     * @param id 1 to 256 characters; by convention the session's own id
     * @throws IllegalArgumentException if the id is empty or longer
     */
    public static Principal anonymous(String id) {
        return new Principal(checked(id), Set.of(), Set.of(), Map.of(), null, true);
    }

    private static String checked(String id) {
        Objects.requireNonNull(id, "id");
        Range.check(
                !id.isEmpty() && id.length() <= LONGEST_ID,
                "Principal.id",
                "1 to " + LONGEST_ID + " characters long",
                id.isEmpty() ? "empty" : id.length() + " long");
        return id;
    }

    /** Returns the user's id. */
    public String id() {
        return id;
    }

    /** Returns what the user is. */
    public Set<String> roles() {
        return roles;
    }

    /**
     * Sets what the user is.
     *
     * @param value default none
     */
    public Principal roles(Set<String> value) {
        Objects.requireNonNull(value, "roles");
        return new Principal(id, Set.copyOf(value), permissions, claims, expiresAt, anonymous);
    }

    /** Returns what the user may do. */
    public Set<String> permissions() {
        return permissions;
    }

    /**
     * Sets what the user may do, see {@link Event#permission(String)}.
     *
     * @param value default none
     */
    public Principal permissions(Set<String> value) {
        Objects.requireNonNull(value, "permissions");
        return new Principal(id, roles, Set.copyOf(value), claims, expiresAt, anonymous);
    }

    /** Returns further facts about the user, by name. */
    public Map<String, Object> claims() {
        return claims;
    }

    /**
     * Sets further facts about the user.
     *
     * @param value JSON values by name, because they travel with the session; default none
     */
    public Principal claims(Map<String, ?> value) {
        Objects.requireNonNull(value, "claims");
        return new Principal(id, roles, permissions, Map.copyOf(value), expiresAt, anonymous);
    }

    /** Returns the moment at which the credentials end; empty if they do not. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /**
     * Sets the moment at which the credentials end. The session is disconnected then, unless its client has renewed them. By default they
     * do not end.
     */
    public Principal expiresAt(Instant value) {
        Objects.requireNonNull(value, "expiresAt");
        return new Principal(id, roles, permissions, claims, value, anonymous);
    }

    /** Returns whether this is nobody in particular: the id is then the session's own. */
    public boolean anonymous() {
        return anonymous;
    }

    /** Returns whether the user has a permission. */
    public boolean may(String permission) {
        Objects.requireNonNull(permission, "permission");
        return permissions.contains(permission);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Principal that
                && id.equals(that.id)
                && roles.equals(that.roles)
                && permissions.equals(that.permissions)
                && claims.equals(that.claims)
                && Objects.equals(expiresAt, that.expiresAt)
                && anonymous == that.anonymous;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, roles, permissions, claims, expiresAt, anonymous);
    }

    /** Returns a text with the names of the claims, but not their values. */
    @Override
    public String toString() {
        return "Principal[id=" + id + ", roles=" + roles + ", permissions=" + permissions + ", claims="
                + claims.keySet() + ", expiresAt=" + expiresAt + ", anonymous=" + anonymous + "]";
    }
}
