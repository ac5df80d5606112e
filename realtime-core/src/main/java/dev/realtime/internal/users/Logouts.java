package dev.realtime.internal.users;

import java.util.function.BiConsumer;

/** Writes that sessions have ended. Thread-safe. */
final class Logouts {
    private final Logins logins;
    private final BiConsumer<String, UserValues.Stored> learned;
    private volatile boolean closed;

    /** @param learned what holds of a user by then */
    Logouts(Logins logins, BiConsumer<String, UserValues.Stored> learned) {
        this.logins = logins;
        this.learned = learned;
    }

    /** A session has ended for good, or will not begin. */
    void logOut(String user, String namespace, String session) {
        if (!closed) {
            var unused = logins.logOut(user, namespace, session).thenAccept(stored -> learned.accept(user, stored));
        }
    }

    void close() {
        closed = true;
    }
}
