package dev.realtime;

/** A request to a client got no proper answer. */
public final class RequestFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Cause {
        /** The client did not answer in time. */
        TIMEOUT,
        /** The session has no connection, or lost it before the answer came. */
        DISCONNECTED,
        /** The answer does not fit the contract. */
        BAD_REPLY
    }

    private final Cause cause;

    public RequestFailedException(Cause cause, String message) {
        super(message, null, false, false);
        this.cause = cause;
    }

    public Cause reason() {
        return cause;
    }
}
