package dev.realtime;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by an {@link Authenticator} or a {@link ConnectInterceptor} to refuse a client: it gets {@code connect_error} with this message
 * and data.
 */
public final class ConnectRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Map<String, ?> data;

    /**
     * @param message is seen by the client
     * @param data becomes {@code err.data} in the client; {@code code} by convention names the error
     */
    public ConnectRefusedException(String message, Map<String, ?> data) {
        this(message, data, null);
    }

    /** @param message is seen by the client, without data */
    public ConnectRefusedException(String message) {
        this(message, Map.of());
    }

    public ConnectRefusedException(ErrorCode code) {
        this(code.sentence(), Map.of("code", code.code()));
    }

    /** @param why goes to the log, within its bounds, and to nobody else: must not hold a credential */
    public ConnectRefusedException(ErrorCode code, Throwable why) {
        this(code.sentence(), Map.of("code", code.code()), why);
    }

    private ConnectRefusedException(String message, Map<String, ?> data, @Nullable Throwable why) {
        super(message, why, false, false);
        this.data = Map.copyOf(data);
    }

    public Map<String, ?> data() {
        return data;
    }

    /** The message, never null. */
    public String reason() {
        String message = getMessage();
        return message == null ? "refused" : message;
    }
}
