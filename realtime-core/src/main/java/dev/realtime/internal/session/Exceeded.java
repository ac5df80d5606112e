package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.limits.Escalation.Step;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a limit has no room for what a client sends.
 *
 * @param code what the client is told
 * @param retryAfter until the same would be admitted
 * @param step what follows from it for the client; null if nothing
 * @param restriction for how long its user is restricted; zero if it is not
 */
record Exceeded(
        ErrorCode code, Duration retryAfter, @Nullable Step step, Duration restriction) {

    /** Without consequences. */
    Exceeded(ErrorCode code, Duration retryAfter) {
        this(code, retryAfter, null, Duration.ZERO);
    }
}
