package dev.realtime;

/** Why a client that asked for its old session got a fresh one instead (never a silent gap). */
public enum FreshReason {
    /** No such session: the window is over, it was closed, or the private id was guessed. */
    UNKNOWN_SESSION,
    /** Events that the client may need have been forgotten by the log. */
    LOG_TRIMMED,
    /** The offset is not one that this session can have seen. */
    BAD_OFFSET,
    /** The backend lost its unbroken history. */
    EPOCH_CHANGED,
    /** The client is somebody else now, or its credentials are over. */
    CREDENTIALS_CHANGED,
    /** A room of the session is no longer allowed. */
    ROOM_FORBIDDEN,
    /** Rooms changed so often that the record of it was cut, or {@link Overflow#DROP_OLDEST} dropped an event. */
    HISTORY_CUT,
    /** The backend could not answer. */
    BACKEND_FAILED
}
