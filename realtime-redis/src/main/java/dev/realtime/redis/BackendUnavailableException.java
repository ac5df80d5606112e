package dev.realtime.redis;

import org.jspecify.annotations.Nullable;

/** Redis did not answer in time, or this node takes it for unreachable at the moment. Nothing is known about what was asked for. */
public final class BackendUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BackendUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
