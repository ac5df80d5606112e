package dev.realtime;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by an {@link Authenticator} or a {@link ConnectInterceptor} to refuse a client: it gets {@code connect_error} with this message
 * and data.
 */
public final class ConnectRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Map<String, ?> data;

    /**
     * Refuses with data.
     *
     * @param message is seen by the client
     * @param data becomes {@code err.data} in the client; {@code code} by convention names the error
     */
    public ConnectRefusedException(String message, Map<String, ?> data) {
        this(message, data, null);
    }

    /**
     * Refuses with a code of the application's, as {@link EventRefusedException} does.
     *
     * @param code becomes {@code err.data.code} in the client
     * @param message is seen by the client
     */
    public ConnectRefusedException(String code, String message) {
        this(message, Map.of("code", Objects.requireNonNull(code, "code")));
    }

    /**
     * Refuses without data.
     *
     * @param message is seen by the client
     */
    public ConnectRefusedException(String message) {
        this(message, Map.of());
    }

    /** Refuses with one of the engine's own errors, whose code becomes {@code err.data.code}. */
    public ConnectRefusedException(ErrorCode code) {
        this(Objects.requireNonNull(code, "code").sentence(), Map.of("code", code.code()));
    }

    /**
     * Refuses with one of the engine's own errors.
     *
     * @param why goes to the log, within its bounds, and to nobody else; must not hold a credential
     */
    public ConnectRefusedException(ErrorCode code, Throwable why) {
        this(
                Objects.requireNonNull(code, "code").sentence(),
                Map.of("code", code.code()),
                Objects.requireNonNull(why, "why"));
    }

    private ConnectRefusedException(String message, Map<String, ?> data, @Nullable Throwable why) {
        super(Objects.requireNonNull(message, "message"), why, false, false);
        this.data = Map.copyOf(Objects.requireNonNull(data, "data"));
    }

    /** Returns what becomes {@code err.data} in the client. */
    public Map<String, ?> data() {
        return data;
    }

    /** Returns the sentence that the client gets. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
