package dev.realtime.redis;

import dev.realtime.redis.internal.connection.RedisConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Redis's clock, by which commands are dated. */
final class ServerTime {
    private ServerTime() {}

    /** Milliseconds since the epoch, of the reply to {@code TIME}. */
    static long millis(@Nullable Object reply) {
        if (reply instanceof List<?> time && time.size() == 2) {
            return Long.parseLong(RedisConnection.text(time.get(0))) * 1_000
                    + Long.parseLong(RedisConnection.text(time.get(1))) / 1_000;
        }
        throw new BackendUnavailableException("Redis did not say what time it is", null);
    }
}
