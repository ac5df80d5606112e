package dev.realtime;

/**
 * Thrown for a text that cannot name a room. A handler that lets it pass, because a client has chosen the name, answers that client with
 * {@link ErrorCode#INVALID_ROOM}; what is wrong with the name is in the log.
 */
public final class InvalidRoomException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    InvalidRoomException(String message) {
        super(message);
    }
}
