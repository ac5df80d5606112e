package dev.realtime.health;

/**
 * What a node is doing at one moment.
 *
 * @param connections open now
 * @param maxConnections how many there may be ({@link dev.realtime.limits.Limits#maxConnections()})
 * @param sessions live or suspended now
 * @param rooms with a member here, in all namespaces; those that each session has of its own are left out
 * @param eventsPerMinute received from clients in the last minute; if nobody has asked for longer than that, a mean since then
 * @param memoryUsed bytes of the heap that were in use behind the last collection of each part of it; 0 before the first one
 * @param memoryMax bytes that the heap may have
 * @param uptimeSeconds since the engine was built
 */
public record NodeLoad(
        int connections,
        int maxConnections,
        int sessions,
        int rooms,
        long eventsPerMinute,
        long memoryUsed,
        long memoryMax,
        long uptimeSeconds) {

    /** Returns which part of the connections that there may be are open, from 0 to 1: what a balancer scales by. */
    public double saturation() {
        return maxConnections == 0 ? 1 : Math.min(1.0, (double) connections / maxConnections);
    }
}
