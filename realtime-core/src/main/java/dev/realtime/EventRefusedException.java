package dev.realtime;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler or an interceptor to answer an event with an error: the client gets code and message, the session goes on.
 * Any other exception is logged and answered with {@link ErrorCode#HANDLER_FAILED}, without its text.
 */
public final class EventRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final @Nullable Duration retryAfter;

    /** @param message is seen by the client */
    public EventRefusedException(String code, String message) {
        this(code, message, null);
    }

    public EventRefusedException(ErrorCode code) {
        this(code.code(), code.sentence(), null);
    }

    /** @param retryAfter when the client may try again; null when that does not depend on time */
    public EventRefusedException(String code, String message, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public String code() {
        return code;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The message, never null. */
    public String reason() {
        String message = getMessage();
        return message == null ? code : message;
    }
}
