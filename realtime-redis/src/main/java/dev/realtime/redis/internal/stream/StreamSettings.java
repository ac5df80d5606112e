package dev.realtime.redis.internal.stream;

import java.time.Duration;

/**
 * How streams are used.
 *
 * @param name of the stream, or how the names of several begin
 * @param leastEntries that a stream keeps at least
 * @param block how long one blocking read waits
 * @param deadline after which an append no longer waits for Redis
 * @param queueEntries how many appends may wait
 * @param queueBytes how large they may be together
 */
public record StreamSettings(
        String name,
        int count,
        int leastEntries,
        Duration block,
        Duration deadline,
        int queueEntries,
        long queueBytes) {}
