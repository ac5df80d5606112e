package dev.realtime.internal.relay;

/** Why a request is not answered by the node that has its connection. */
public enum RelayFailure {
    /** No node has it. */
    UNKNOWN,
    /** Nobody knows now, or there is no room. */
    UNAVAILABLE,
    /** Its body is larger than a node takes. */
    TOO_LARGE,
    /** Its body did not come. */
    BROKEN
}
