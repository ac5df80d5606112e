package dev.realtime;

/**
 * A text that cannot name a room. A handler that lets it pass, because a client has chosen the name, answers that client with {@link
 * ErrorCode#INVALID_PAYLOAD}.
 */
public final class InvalidRoomException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    InvalidRoomException(String message) {
        super(message);
    }
}
