package dev.realtime.internal.users;

/** Somebody else of the user is logging in at the same moment, as the store has said: whoever asks again is the newer. */
public final class OvertakenException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    OvertakenException(String message) {
        super(message);
    }
}
