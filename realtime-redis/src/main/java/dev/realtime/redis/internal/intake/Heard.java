package dev.realtime.redis.internal.intake;

/**
 * A message as it was heard.
 *
 * @param payload its bytes, which nobody changes
 * @param at when, in nanoseconds of a monotonic clock
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way, compared by nobody
public record Heard(String channel, byte[] payload, long at) {}
