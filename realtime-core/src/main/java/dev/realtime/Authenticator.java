package dev.realtime;

import dev.realtime.limits.Limits;
import java.util.Optional;

/**
 * Says who a client is, once per CONNECT, per resume and per renewal of credentials. Runs on the engine's executor: it may block
 * (a database, a key server) up to {@link Limits#authenticationTimeout()}. Thread-safe.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * @return who it is; empty when the client shows no credentials at all, which only namespaces with
     *     {@link NamespaceSetup#allowAnonymous()} accept
     * @throws ConnectRefusedException when credentials were shown and are not good
     */
    Optional<Principal> authenticate(Handshake handshake);
}
