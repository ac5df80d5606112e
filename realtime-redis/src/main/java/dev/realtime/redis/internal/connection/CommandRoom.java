package dev.realtime.redis.internal.connection;

import dev.realtime.redis.CommandQueueFullException;
import java.util.concurrent.atomic.LongAdder;

/** How much may wait for Redis in all {@link Commands} that share this. Thread-safe. */
public final class CommandRoom {
    private static final int MOST_COMMANDS = 100_000;

    private final long mostBytes;
    private final LongAdder refused = new LongAdder();
    // guarded by this
    private int commands;
    private long bytes;

    /** @param mostBytes of arguments */
    public CommandRoom(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Takes the room for a command; it is given back with {@link #giveBack}. */
    void take(int size) throws CommandQueueFullException {
        synchronized (this) {
            if (commands < MOST_COMMANDS && bytes + size <= mostBytes) {
                commands++;
                bytes += size;
                return;
            }
        }
        refused.increment();
        throw new CommandQueueFullException(commands(), bytes());
    }

    synchronized void giveBack(int size) {
        commands--;
        bytes -= size;
    }

    synchronized int commands() {
        return commands;
    }

    /** How many bytes wait. */
    public synchronized long bytes() {
        return bytes;
    }

    /** How many commands were refused so far. */
    public long refused() {
        return refused.sum();
    }
}
