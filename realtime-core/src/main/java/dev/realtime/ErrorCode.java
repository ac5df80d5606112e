package dev.realtime;

/**
 * The closed table of errors that clients see: in an acknowledgement as {@code {"error":{"code","message"}}}, in {@code realtime:error}
 * for an event without one, and in {@code CONNECT_ERROR} as {@code {message, data:{code}}}.
 */
public enum ErrorCode {
    UNKNOWN_EVENT("unknown_event", "The server does not know this event", false),
    INVALID_PAYLOAD("invalid_payload", "The payload does not fit this event", false),
    INVALID_ROOM("invalid_room", "The name is not one of a room", false),
    PAYLOAD_TOO_LARGE("payload_too_large", "The payload is larger than allowed", false),
    FORBIDDEN("forbidden", "Not allowed", false),
    MUTED("muted", "Muted for now", true),
    RATE_LIMITED("rate_limited", "Too many of these events", true),
    RESTRICTED("restricted", "Nothing of this user is taken for a while", true),
    OVERLOADED("overloaded", "The server has too much to do", true),
    REFUSED("refused", "The server refused this", false),
    HANDLER_FAILED("handler_failed", "The server failed to handle this", true),
    UNAVAILABLE("unavailable", "This cannot be done at the moment", true),
    REQUEST_EXPIRED("request_expired", "The request came too late", false),
    ALREADY_HANDLED("already_handled", "This has been handled before, and its answer is not kept", false),
    UNAUTHORIZED("unauthorized", "Credentials are missing or not valid", false),
    CREDENTIALS_EXPIRED("credentials_expired", "The credentials have expired", false),
    CREDENTIALS_REVOKED("credentials_revoked", "The credentials have been revoked", false),
    LOGGED_IN_ELSEWHERE("logged_in_elsewhere", "Logged in elsewhere", false),
    UNKNOWN_NAMESPACE("unknown_namespace", "Invalid namespace", false),
    TOO_MANY_NAMESPACES("too_many_namespaces", "Too many namespaces on one connection", false),
    NAMESPACES_FULL("namespaces_full", "The server has as many namespaces as it can hold", true),
    TOO_MANY_ROOMS("too_many_rooms", "In too many rooms already", false),
    TOO_MANY_SCHEDULED("too_many_scheduled", "Too much of this user is scheduled already", true),
    TOO_MANY_CONNECTIONS("too_many_connections", "Too many connections", true),
    TIMEOUT("timeout", "The server did not answer in time", true),
    STOPPING("stopping", "The server is stopping", true);

    private final String code;
    private final String sentence;
    private final boolean retry;

    ErrorCode(String code, String sentence, boolean retry) {
        this.code = code;
        this.sentence = sentence;
        this.retry = retry;
    }

    /** What programs compare. */
    public String code() {
        return code;
    }

    /** A sentence that is safe to be shown. */
    public String sentence() {
        return sentence;
    }

    /** Whether the same attempt may succeed later. */
    public boolean retry() {
        return retry;
    }
}
