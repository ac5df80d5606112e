package dev.realtime.redis;

/** More commands wait for Redis than {@link RedisOptions#commandQueueBytes} allows; this one was not sent. */
public final class CommandQueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CommandQueueFullException(int commands, long bytes) {
        super("too much waits for Redis: " + commands + " commands of " + bytes + " bytes");
    }
}
