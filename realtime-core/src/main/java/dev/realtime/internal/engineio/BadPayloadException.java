package dev.realtime.internal.engineio;

/**
 * A peer sent something that is not Engine.IO. The message holds no text of the peer. There is no stack trace: hostile
 * input must stay cheap.
 */
public final class BadPayloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What was wrong with the payload. */
    public enum Code {
        /** A packet, possibly empty, that does not start with a type from {@code '0'} to {@code '6'} or {@code 'b'}. */
        UNKNOWN_TYPE,
        /** A binary packet that is not base64. */
        BAD_BASE64
    }

    private final Code code;

    BadPayloadException(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What was wrong. */
    public Code code() {
        return code;
    }
}
