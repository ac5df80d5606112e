package dev.realtime;

import dev.realtime.limits.Limits;
import java.util.Optional;

/**
 * The part of the application that says who a client is: once for each CONNECT, for each resume, and for each renewal of credentials. It runs where
 * handlers run, and may block (a database, a key server) up to {@link Limits#authenticationTimeout()}. Must be thread-safe.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Says who a client is.
     *
     * @return who it is; empty when the client shows no credentials at all, which only namespaces with
     *     {@link NamespaceSetup#allowAnonymous()} accept
     * @throws ConnectRefusedException when credentials were shown and are not good
     */
    Optional<Principal> authenticate(Handshake handshake);
}
