package dev.realtime.spi;

import dev.realtime.Principal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client that comes back for its session, by which a {@link SessionStore} decides what it may have.
 *
 * @param namespace where it looks for the session
 * @param user the id of the user that it has shown to be; null for somebody who is nobody in particular
 */
public record Claimant(String namespace, @Nullable String user) {
    public Claimant {
        Objects.requireNonNull(namespace, "namespace");
    }

    /** Returns the client of a namespace that has shown to be this principal. */
    public static Claimant of(String namespace, Principal principal) {
        return new Claimant(namespace, principal.anonymous() ? null : principal.id());
    }

    /**
     * Returns what its claim of a session comes to if it may not have it; null if it may. A record that does not say of which namespace or whose it is was
     * written by a server of another kind, which asks no more than the private id.
     */
    public SessionStore.@Nullable Claim refusal(SessionRecord session) {
        if (!session.namespace().isEmpty() && !session.namespace().equals(namespace)) {
            return new SessionStore.Claim.Unknown();
        }
        Principal owner = session.principal();
        return owner == null || of(namespace, owner).equals(this) ? null : new SessionStore.Claim.Refused();
    }
}
