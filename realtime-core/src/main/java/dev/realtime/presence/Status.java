package dev.realtime.presence;

import java.util.Locale;

/** The state of a user, or of one of his sessions. A user is in the first of these states in which any of his sessions is. */
public enum Status {
    /** The client is there. */
    CONNECTED,
    /** The client is there, and whoever sits before it is not. */
    AWAY,
    /** The connection was lost, and the session waits for its client. */
    RECONNECTING,
    /** There is no session. */
    DISCONNECTED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** Returns the word that clients see, such as {@code away}. */
    public String word() {
        return word;
    }

    /** Whether a user in this state is online: he is as long as he has a session, even if its connection was lost. */
    public boolean isOnline() {
        return this != DISCONNECTED;
    }
}
