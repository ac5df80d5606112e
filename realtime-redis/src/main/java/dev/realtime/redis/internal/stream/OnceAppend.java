package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import dev.realtime.spi.Log.Once;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/** That an entry has an id under which it is to be appended once, and what became of it. What is known of an id is a key in the slot of the stream. */
public final class OnceAppend {
    public static final Script SCRIPT = Script.load(OnceAppend.class, "once.lua");

    private final String id;
    private final long remembered;
    private volatile @Nullable Once result;

    OnceAppend(String id, Duration remembered) {
        this.id = id;
        this.remembered = Math.max(1, remembered.toMillis());
    }

    /** The key of an id; an id is one of a namespace. */
    String key(String stream, String namespace) {
        return key(stream, namespace, id);
    }

    /** The key of an id in a namespace, in the slot of its stream. */
    public static String key(String stream, String namespace, String id) {
        int open = stream.indexOf('{');
        boolean tagged = open >= 0 && stream.indexOf('}', open) > open + 1;
        return "realtime:once:" + (tagged ? stream : "{" + stream + "}") + ":" + namespace.length() + ":" + namespace
                + ":" + id;
    }

    int size() {
        return id.length();
    }

    String remembered() {
        return String.valueOf(remembered);
    }

    /** What the script says. */
    public static Once read(@Nullable Object reply) {
        if (!(reply instanceof List<?> parts) || parts.size() != 2) {
            throw new JedisException("the script once.lua replied something unexpected");
        }
        boolean isNew = Long.valueOf(1).equals(parts.get(1));
        boolean isThere = !RedisConnection.text(parts.get(0)).isEmpty();
        return new Once(isNew, isThere ? RawEntry.position(parts.get(0)) : null);
    }

    void became(Once once) {
        result = once;
    }

    /** The entry was found in the stream. */
    void wasAppended(Position position) {
        result = new Once(true, position);
    }

    /** What became of it; to be asked when the append has completed. */
    Once result() {
        Once known = result;
        if (known == null) {
            throw new IllegalStateException("nothing is known of " + id);
        }
        return known;
    }
}
