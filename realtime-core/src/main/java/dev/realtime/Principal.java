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
    private final Credentials credentials;
    private final boolean anonymous;

    /** What is known of the credentials that were shown: of the token, where it was one. */
    private record Credentials(
            @Nullable String tokenId,
            @Nullable Instant issuedAt,
            @Nullable Instant expiresAt) {
        static final Credentials NONE = new Credentials(null, null, null);
    }

    private Principal(
            String id,
            Set<String> roles,
            Set<String> permissions,
            Map<String, Object> claims,
            Credentials credentials,
            boolean anonymous) {
        this.id = id;
        this.roles = roles;
        this.permissions = permissions;
        this.claims = claims;
        this.credentials = credentials;
        this.anonymous = anonymous;
    }

    /**
     * Returns a user without roles, permissions and claims, whose credentials do not end.
     *
     * @param id 1 to 256 characters; equal ids are the same user
     * @throws IllegalArgumentException if the id is empty or longer, or has a surrogate without its partner
     */
    public static Principal of(String id) {
        return new Principal(checked("Principal.id", id), Set.of(), Set.of(), Map.of(), Credentials.NONE, false);
    }

    /**
     * Returns somebody who is nobody in particular.
     *
     * @param id 1 to 256 characters; by convention the session's own id
     * @throws IllegalArgumentException if the id is empty or longer, or has a surrogate without its partner
     */
    public static Principal anonymous(String id) {
        return new Principal(checked("Principal.id", id), Set.of(), Set.of(), Map.of(), Credentials.NONE, true);
    }

    private static String checked(String name, String id) {
        return Range.name(LONGEST_ID, name, id);
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
        return new Principal(id, Set.copyOf(value), permissions, claims, credentials, anonymous);
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
        return new Principal(id, roles, Set.copyOf(value), claims, credentials, anonymous);
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
        return new Principal(id, roles, permissions, Map.copyOf(value), credentials, anonymous);
    }

    /** Returns the id of the token that was shown ({@code jti} of a JSON Web Token); empty if it has none, or nothing of the kind was shown. */
    public Optional<String> tokenId() {
        return Optional.ofNullable(credentials.tokenId);
    }

    /**
     * Sets the id of the token that was shown, by which that token alone can be revoked. Default: none.
     *
     * @param value 1 to 256 characters
     * @throws IllegalArgumentException if it is empty or longer, or has a surrogate without its partner
     */
    public Principal tokenId(String value) {
        checked("Principal.tokenId", value);
        return with(new Credentials(value, credentials.issuedAt, credentials.expiresAt));
    }

    /** Returns the moment at which the credentials were issued; empty if they do not say. */
    public Optional<Instant> issuedAt() {
        return Optional.ofNullable(credentials.issuedAt);
    }

    /** Sets the moment at which the credentials were issued: whoever revokes all that are older knows them by it. Default: not known. */
    public Principal issuedAt(Instant value) {
        Objects.requireNonNull(value, "issuedAt");
        return with(new Credentials(credentials.tokenId, value, credentials.expiresAt));
    }

    /** Returns the moment at which the credentials end; empty if they do not. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(credentials.expiresAt);
    }

    /**
     * Sets the moment at which the credentials end. The session is disconnected then, unless its client has renewed them. By default they
     * do not end.
     */
    public Principal expiresAt(Instant value) {
        Objects.requireNonNull(value, "expiresAt");
        return with(new Credentials(credentials.tokenId, credentials.issuedAt, value));
    }

    private Principal with(Credentials changed) {
        return new Principal(id, roles, permissions, claims, changed, anonymous);
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
                && credentials.equals(that.credentials)
                && anonymous == that.anonymous;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, roles, permissions, claims, credentials, anonymous);
    }

    /** Returns a text with the names of the claims, but not their values. */
    @Override
    public String toString() {
        return "Principal[id=" + id + ", roles=" + roles + ", permissions=" + permissions + ", claims="
                + claims.keySet() + ", tokenId=" + credentials.tokenId + ", issuedAt=" + credentials.issuedAt
                + ", expiresAt="
                + credentials.expiresAt + ", anonymous=" + anonymous + "]";
    }
}
