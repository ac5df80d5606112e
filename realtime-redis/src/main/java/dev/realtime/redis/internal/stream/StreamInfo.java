package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.RedisConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What XINFO STREAM says.
 *
 * @param last the greatest id that was ever given
 * @param first the oldest entry; null when there is none
 * @param trimmed whether entries may have been forgotten
 */
record StreamInfo(boolean exists, Position last, @Nullable Position first, boolean trimmed) {
    private static final StreamInfo NONE = new StreamInfo(false, Position.START, null, false);

    static StreamInfo of(@Nullable Object reply) {
        if (reply instanceof JedisDataException refused) {
            if (String.valueOf(refused.getMessage()).contains("no such key")) {
                return NONE;
            }
            throw refused;
        }
        if (!(reply instanceof List<?> pairs)) {
            throw new JedisException("XINFO STREAM replied something unexpected");
        }
        Position last = Position.START;
        Position first = null;
        long length = 0;
        long added = Long.MAX_VALUE; // unknown before Redis 7
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            Object value = pairs.get(i + 1);
            switch (RedisConnection.text(pairs.get(i))) {
                case "last-generated-id" -> last = RawEntry.position(value);
                case "first-entry" ->
                    first = value instanceof List<?> entry && !entry.isEmpty() ? RawEntry.position(entry.get(0)) : null;
                case "length" -> length = (Long) value;
                case "entries-added" -> added = (Long) value;
                default -> {}
            }
        }
        return new StreamInfo(true, last, first, added > length);
    }

    /** Whether nothing was ever at this position or before it. */
    boolean isFirst(Position after) {
        return !trimmed && (first == null ? !after.isBefore(last) : first.isAfter(after));
    }

    /** Whether entries behind this position may have been forgotten. */
    boolean forgot(Position after) {
        if (!exists) {
            return after.isAfter(Position.START);
        }
        return trimmed && (first == null ? after.isBefore(last) : after.isBefore(first));
    }
}
