package dev.realtime;

import java.util.Objects;

/** What a stage of {@link Session#request} fails with when the client gave no proper answer. */
public final class RequestFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What can go wrong. */
    public enum Reason {
        /** The client did not answer in time. */
        TIMEOUT,
        /** The session has no connection, or lost it before the answer came. */
        DISCONNECTED,
        /** The answer does not fit the contract. */
        BAD_REPLY,
        /** The client answered with an error; see {@link Request#errorFirst()}. */
        REFUSED
    }

    private final Reason reason;

    /**
     * Makes one.
     *
     * @param message for logs
     */
    public RequestFailedException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Returns what went wrong. */
    public Reason reason() {
        return reason;
    }
}
