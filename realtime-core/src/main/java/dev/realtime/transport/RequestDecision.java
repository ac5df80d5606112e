package dev.realtime.transport;

import dev.realtime.RealtimeBuilder;
import dev.realtime.internal.options.Range;
import java.util.Objects;

/**
 * What the application says to a request that would open a connection. Immutable.
 *
 * @see RealtimeBuilder#allowRequest
 */
public final class RequestDecision {
    /** The longest message of a refusal, in characters. */
    public static final int MAX_MESSAGE = 256;

    private static final RequestDecision ACCEPTED = new RequestDecision(0, "");

    private final int status;
    private final String message;

    private RequestDecision(int status, String message) {
        this.status = status;
        this.message = message;
    }

    /** Returns the decision that the connection may be opened. */
    public static RequestDecision accept() {
        return ACCEPTED;
    }

    /**
     * Returns the decision that the request is refused. The client is sent {@code {"code":4,"message":"…"}}; the official client shows neither status nor
     * message to a page for a WebSocket, since browsers hide both. A refusal of status 429 or 503 carries {@code Retry-After: 1}.
     *
     * @param status of the reply, between 400 and 599
     * @param message for the client, of at most {@value #MAX_MESSAGE} characters
     * @throws IllegalArgumentException if either is out of range
     */
    public static RequestDecision refuse(int status, String message) {
        Objects.requireNonNull(message, "message");
        Range.check(
                message.length() <= MAX_MESSAGE,
                "RequestDecision.message",
                "at most " + MAX_MESSAGE + " characters",
                message.length());
        return new RequestDecision(Range.between(400, 599, "RequestDecision.status", status), message);
    }

    /** Returns whether the connection may be opened. */
    public boolean isAccepted() {
        return status == 0;
    }

    /** Returns the HTTP status of a refusal; zero for a request that is accepted. */
    public int status() {
        return status;
    }

    /** Returns what the client is told with a refusal; empty for a request that is accepted. */
    public String message() {
        return message;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestDecision that && status == that.status && message.equals(that.message);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, message);
    }

    @Override
    public String toString() {
        return isAccepted() ? "accepted" : "refused with " + status + " '" + message + "'";
    }
}
