package dev.realtime.redis.internal.stream;

import java.time.Duration;

/**
 * How streams are used.
 *
 * @param name of the stream, or how the names of several begin
 * @param leastEntries that a stream keeps at least
 * @param roomsPerEntry that an entry's lists may have
 * @param block how long one blocking read waits
 * @param deadline after which an append no longer waits for Redis
 * @param queueEntries how many appends may wait
 * @param queueBytes how large they may be together
 */
public record StreamSettings(
        String name,
        int count,
        int leastEntries,
        int roomsPerEntry,
        Duration block,
        Duration deadline,
        int queueEntries,
        long queueBytes) {

    /** Which stream a namespace has. Servers of another kind take a negative number for what it is, and then nobody reads them. */
    public static int index(String namespace, int count) {
        return Math.abs(namespace.hashCode() % count);
    }

    /** The name of one of so many streams. */
    public static String name(String name, int count, int index) {
        return count == 1 ? name : name + "-" + index;
    }
}
