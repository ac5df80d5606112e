package dev.realtime.limits;

import dev.realtime.DisconnectReason;

/** What happens when a client does not read and its outbox is full. Volatile messages are always dropped first. */
public enum Overflow {
    /** The connection is closed with {@link DisconnectReason#SLOW_CONSUMER}; the session stays recoverable. The default. */
    DISCONNECT,
    /**
     * The oldest reliable messages are dropped. The client misses events and cannot know: only for data that the next event
     * replaces, and its sessions are never recovered across a drop.
     */
    DROP_OLDEST
}
