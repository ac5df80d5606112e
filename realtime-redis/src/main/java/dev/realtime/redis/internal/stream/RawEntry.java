package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.redis.internal.wire.StreamFields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/**
 * An entry as it stands in the stream.
 *
 * @param fields null when it is not a message
 * @param number who wrote it and his how manieth it is; null when somebody else did
 * @param epoch the epoch that begins here; null for all but markers
 */
record RawEntry(
        Position position,
        @Nullable StreamFields fields,
        @Nullable String number,
        @Nullable String epoch) {
    static final String NUMBER = "n";
    static final String EPOCH = "realtime-epoch";
    private static final byte[] NOTHING = {};

    /** What an entry weighs in memory, about. */
    int size() {
        return 128 + (fields == null ? 0 : fields.data().length);
    }

    /** Reads the reply of XRANGE. */
    static List<RawEntry> list(@Nullable Object reply) {
        List<RawEntry> entries = new ArrayList<>();
        if (reply instanceof List<?> items) {
            for (Object item : items) {
                entries.add(entry((List<?>) item));
            }
        }
        return entries;
    }

    /** Reads the reply of XREAD of one stream. */
    static List<RawEntry> ofRead(@Nullable Object reply) {
        return reply instanceof List<?> streams && !streams.isEmpty()
                ? list(((List<?>) streams.get(0)).get(1))
                : List.of();
    }

    private static RawEntry entry(List<?> item) {
        Position position = position(item.get(0));
        String uid = "";
        String namespace = "";
        String number = null;
        String epoch = null;
        int type = -1;
        byte[] data = NOTHING;
        List<?> fields = item.get(1) instanceof List<?> some ? some : List.of();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            byte[] value = (byte[]) fields.get(i + 1);
            switch (RedisConnection.text(fields.get(i))) {
                case "uid" -> uid = RedisConnection.text(value);
                case "nsp" -> namespace = RedisConnection.text(value);
                case "type" -> type = StreamEntryCodec.parseType(value);
                case "data" -> data = value;
                case NUMBER -> number = RedisConnection.text(value);
                case EPOCH -> epoch = RedisConnection.text(value);
                default -> {}
            }
        }
        StreamFields message = namespace.isEmpty() ? null : new StreamFields(uid, namespace, type, data);
        return new RawEntry(position, message, number, epoch);
    }

    /** Reads a stream id. */
    static Position position(@Nullable Object id) {
        Position position = Position.parse(RedisConnection.text(id));
        if (position == null) {
            throw new JedisException("the server replied something that is not a stream id");
        }
        return position;
    }
}
