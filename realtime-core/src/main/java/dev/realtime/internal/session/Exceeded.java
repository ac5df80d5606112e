package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import java.time.Duration;

/**
 * Why a limit has no room for what a client sends.
 *
 * @param code what the client is told
 * @param retryAfter until the same would be admitted
 */
record Exceeded(ErrorCode code, Duration retryAfter) {}
