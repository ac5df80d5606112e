package dev.realtime;

import dev.realtime.limits.Limits;
import dev.realtime.limits.Overflow;

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
    /**
     * Again and again the client lost its connection at the same event and came back without having it ({@link Limits#replaysOfOneEvent}). A
     * client that has got any further in the meantime never gets this.
     */
    EVENT_NOT_TAKEN,
    /** The backend could not answer while this node goes on by itself, or in many attempts. */
    BACKEND_FAILED
}
