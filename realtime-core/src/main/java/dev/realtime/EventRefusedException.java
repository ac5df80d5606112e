package dev.realtime;

import java.time.Duration;
import java.util.Objects;
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

    /**
     * Refuses with an error of the application.
     *
     * @param code is compared by the client's program
     * @param message is seen by the client
     */
    public EventRefusedException(String code, String message) {
        this(code, message, null);
    }

    /** Refuses with one of the engine's own errors. */
    public EventRefusedException(ErrorCode code) {
        this(Objects.requireNonNull(code, "code").code(), code.sentence(), null);
    }

    /**
     * Refuses with an error of the application.
     *
     * @param code is compared by the client's program
     * @param message is seen by the client
     * @param retryAfter when the client may try again; null when that does not depend on time
     */
    public EventRefusedException(String code, String message, @Nullable Duration retryAfter) {
        super(Objects.requireNonNull(message, "message"), null, false, false);
        this.code = Objects.requireNonNull(code, "code");
        this.retryAfter = retryAfter;
    }

    /** Returns the code that the client gets. */
    public String code() {
        return code;
    }

    /** Returns when the client may try again; empty if that does not depend on time. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Returns the sentence that the client gets. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
