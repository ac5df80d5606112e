package dev.realtime.redis.internal.wire;

/**
 * The types of upstream's messages. What we add has a number above 100, which upstream ignores: {@link #NODE_ONLY} more than the
 * upstream type for the same message to one node's sessions only, and a few of our own.
 */
public final class MessageType {
    public static final int INITIAL_HEARTBEAT = 1;
    public static final int HEARTBEAT = 2;
    public static final int BROADCAST = 3;
    public static final int SOCKETS_JOIN = 4;
    public static final int SOCKETS_LEAVE = 5;
    public static final int DISCONNECT_SOCKETS = 6;
    public static final int FETCH_SOCKETS = 7;
    public static final int FETCH_SOCKETS_RESPONSE = 8;
    public static final int SERVER_SIDE_EMIT = 9;
    public static final int SERVER_SIDE_EMIT_RESPONSE = 10;
    public static final int BROADCAST_CLIENT_COUNT = 11;
    public static final int BROADCAST_ACK = 12;
    public static final int ADAPTER_CLOSE = 13;

    /** Added to a type when the message concerns the sessions of one node only. */
    public static final int NODE_ONLY = 100;
    /** A client was lost before it answered a broadcast with acknowledgement. */
    public static final int BROADCAST_LOST = 112;
    /** A session goes on at another node. */
    public static final int TAKEN_OVER = 114;
    /** A note of one node to the others, in the stream. */
    public static final int NOTE = 115;

    private MessageType() {}
}
