package dev.realtime.internal.session;

import java.util.concurrent.CompletableFuture;

/**
 * The application sends a session away: nothing of its client is handled any more, and what was emitted to it before still arrives before the
 * goodbye.
 */
final class ServerDisconnect {
    final CompletableFuture<Void> over = new CompletableFuture<>();
    final Runnable elsewhere;

    /** What comes before the goodbye. */
    enum InOrder {
        /** What the fan-out has passed: this is the entry of the log that says so. */
        HERE,
        /** What the caller and the session have emitted. */
        BEHIND_OWN
    }

    /** @param elsewhere runs when the session goes on with another copy, or may do so */
    ServerDisconnect(Runnable elsewhere) {
        this.elsewhere = elsewhere;
    }
}
