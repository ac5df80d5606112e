package dev.realtime;

import java.util.Map;

/**
 * Thrown by an {@link Authenticator} or a {@link ConnectInterceptor} to refuse a client: it gets {@code connect_error} with this message
 * and data.
 */
public final class ConnectRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Map<String, ?> data;

    /**
     * @param message is seen by the client
     * @param data becomes {@code err.data} in the client; {@code code} by convention names the error
     */
    public ConnectRefused(String message, Map<String, ?> data) {
        super(message, null, false, false);
        this.data = Map.copyOf(data);
    }

    /** @param message is seen by the client, without data */
    public ConnectRefused(String message) {
        this(message, Map.of());
    }

    public ConnectRefused(ErrorCode code) {
        this(code.sentence(), Map.of("code", code.code()));
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
