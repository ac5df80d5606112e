package dev.realtime.redis.internal.connection;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/** Looks at the server's configuration once and warns of what will hurt under load. A server that does not tell is left in peace. */
public final class ServerChecks {
    private static final Logger LOG = LoggerFactory.getLogger(ServerChecks.class);
    private static final long SMALL_BUFFER = 32L << 20;

    private ServerChecks() {}

    /** Blocks for two replies. */
    public static void warn(RedisConnection link) {
        String policy = config(link, "maxmemory-policy");
        if (policy != null && !policy.equals("noeviction")) {
            LOG.warn(
                    "Redis has maxmemory-policy {}: under memory pressure it drops sessions and events."
                            + " Set maxmemory-policy noeviction",
                    policy);
        }
        String buffers = config(link, "client-output-buffer-limit");
        if (buffers != null && isSmall(buffers)) {
            LOG.warn(
                    "Redis has client-output-buffer-limit \"{}\": it cuts off nodes that fall behind with volatile events and"
                            + " requests for a moment. Set client-output-buffer-limit pubsub 256mb 64mb 60 or more",
                    buffers);
        }
    }

    /** Classes stand as name, hard limit, soft limit, seconds; zero means none. The usual hard limit for subscribers is 32 MiB. */
    static boolean isSmall(String limits) {
        String[] words = limits.trim().split("\\s+", -1);
        for (int i = 0; i + 3 < words.length; i += 4) {
            if (words[i].equals("pubsub")) {
                long hard = Long.parseLong(words[i + 1]);
                return hard > 0 && hard < SMALL_BUFFER;
            }
        }
        return false;
    }

    private static @Nullable String config(RedisConnection link, String name) {
        link.send(Protocol.Command.CONFIG, "GET", name);
        Object reply = link.receive();
        return !(reply instanceof JedisDataException) && reply instanceof List<?> pair && pair.size() == 2
                ? RedisConnection.text(pair.get(1))
                : null;
    }
}
