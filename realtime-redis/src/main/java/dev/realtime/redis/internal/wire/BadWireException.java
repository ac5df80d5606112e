package dev.realtime.redis.internal.wire;

/** What came from Redis is not what it should be. The message quotes nothing of it, so it may be logged as it is. */
public final class BadWireException extends Exception {
    private static final long serialVersionUID = 1;

    public BadWireException(String safeMessage) {
        super(safeMessage);
    }

    public BadWireException(String safeMessage, Throwable cause) {
        super(safeMessage, cause);
    }
}
