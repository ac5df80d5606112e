package dev.realtime.redis.internal.stream;

import dev.realtime.redis.internal.connection.RedisConnection;
import java.util.List;
import java.util.function.LongSupplier;
import redis.clients.jedis.Protocol;

/** The clock of Redis, which dates the entries: what it said once, and what has passed since on a clock that does not jump. */
public final class ServerClock {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier nanoTime;
    private volatile long offsetMillis;

    public ServerClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Asks what time it is. */
    public void set(RedisConnection link) {
        Object reply = link.call(Protocol.Command.TIME);
        if (reply instanceof List<?> time) {
            long millis = Long.parseLong(RedisConnection.text(time.get(0))) * 1_000
                    + Long.parseLong(RedisConnection.text(time.get(1))) / 1_000;
            offsetMillis = millis - nanoTime.getAsLong() / NANOS_PER_MILLI;
        }
    }

    long millis() {
        return nanoTime.getAsLong() / NANOS_PER_MILLI + offsetMillis;
    }
}
