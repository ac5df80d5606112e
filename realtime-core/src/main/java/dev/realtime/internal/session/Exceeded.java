package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.limits.Escalation.Step;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Why a limit has no room for what a client sends.
 *
 * @param code what the client is told
 * @param retryAfter until the same would be admitted
 * @param step what follows from it for the client; null if nothing
 * @param restriction for how long its user is restricted; zero if it is not
 * @param asked null if that is certain; else completes when the same is to be tried again: until then nobody knows
 */
record Exceeded(
        ErrorCode code,
        Duration retryAfter,
        @Nullable Step step,
        Duration restriction,
        @Nullable CompletableFuture<Void> asked) {

    Exceeded(ErrorCode code, Duration retryAfter, @Nullable Step step, Duration restriction) {
        this(code, retryAfter, step, restriction, null);
    }

    /** Other nodes are being asked. */
    static Exceeded until(CompletableFuture<Void> asked) {
        return new Exceeded(ErrorCode.RATE_LIMITED, Duration.ZERO, null, Duration.ZERO, asked);
    }

    /** Without consequences. */
    Exceeded(ErrorCode code, Duration retryAfter) {
        this(code, retryAfter, null, Duration.ZERO);
    }
}
