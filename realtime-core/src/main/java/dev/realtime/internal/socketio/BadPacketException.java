package dev.realtime.internal.socketio;

/**
 * A peer sent something that is not a valid Socket.IO packet, which ends its connection. The message holds no text of the peer, so it is safe to
 * log. There is no stack trace: hostile input must stay cheap, and the code says where it was found.
 */
public final class BadPacketException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What was wrong with the packet. */
    public enum Code {
        /** Not a packet at all: unknown type, bad JSON, a payload the type does not allow. */
        MALFORMED,
        /** More binary attachments announced than anybody honest sends. */
        TOO_MANY_ATTACHMENTS,
        /** Text in the middle of a packet's attachments. */
        UNEXPECTED_TEXT,
        /** Binary data that no packet announced. */
        UNEXPECTED_BINARY,
        /** An event name that clients and servers keep for themselves. */
        RESERVED_EVENT,
        /** An acknowledgement id that is missing, out of range, or where none belongs. */
        BAD_ACK_ID,
        /** A namespace longer than allowed in a packet that cannot be answered. */
        NAMESPACE_TOO_LONG
    }

    private final Code code;

    BadPacketException(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What was wrong. */
    public Code code() {
        return code;
    }
}
