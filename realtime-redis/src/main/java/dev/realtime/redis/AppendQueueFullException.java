package dev.realtime.redis;

/** More reliable events wait for Redis than {@link RedisOptions#appendQueueEntries} allows; this one was delivered to nobody. */
public final class AppendQueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AppendQueueFullException(int entries, long bytes) {
        super("the append queue is full: " + entries + " entries of " + bytes + " bytes wait for Redis");
    }
}
