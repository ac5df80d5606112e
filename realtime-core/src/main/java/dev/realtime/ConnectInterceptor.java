package dev.realtime;

/** Looks at a client that wants to connect to a namespace. May block; thread-safe. */
@FunctionalInterface
public interface ConnectInterceptor {

    /** @throws ConnectRefusedException to refuse it */
    void connecting(Handshake handshake, Principal principal);
}
