package dev.realtime;

import dev.realtime.limits.Limits;

/**
 * Thrown when a session would be in more rooms than {@link Limits#maxRooms()} allows. A handler that lets it pass answers its client with {@link
 * ErrorCode#TOO_MANY_ROOMS}.
 */
public final class TooManyRoomsException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public TooManyRoomsException(String message) {
        super(message);
    }
}
