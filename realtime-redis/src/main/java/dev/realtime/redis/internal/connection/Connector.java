package dev.realtime.redis.internal.connection;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Opens links to whoever is responsible for a key now. Thread-safe; blocks. */
public final class Connector {
    private final RedisUrl url;
    private final Topology topology;
    private final JedisClientConfig config;
    private final Duration timeout;
    private final WriteTimeouts writeTimeouts;

    /**
     * @param timeout of connecting, of a write and of a reply
     * @param sentinelPassword of the sentinels; null when they want none
     * @param tls null for what the JVM trusts
     */
    public Connector(RedisUrl url, Duration timeout, @Nullable String sentinelPassword, @Nullable SSLContext tls) {
        this.url = url;
        this.timeout = timeout;
        this.writeTimeouts = new WriteTimeouts(timeout.toMillis());
        this.config = config(url, timeout, url.user(), url.password(), url.database(), tls);
        this.topology = switch (url.kind()) {
            case STANDALONE -> new SingleTopology(url.hosts().get(0));
            case SENTINEL ->
                new SentinelTopology(
                        url.hosts(),
                        Objects.requireNonNull(url.master()),
                        config(url, timeout, null, sentinelPassword, 0, tls));
            case CLUSTER -> new ClusterTopology(url.hosts(), config);
        };
    }

    private static JedisClientConfig config(
            RedisUrl url,
            Duration timeout,
            @Nullable String user,
            @Nullable String password,
            int database,
            @Nullable SSLContext tls) {
        return new ConnectionConfig(
                Math.toIntExact(timeout.toMillis()),
                user,
                password,
                database,
                url.tls(),
                url.tls() && tls != null ? tls.getSocketFactory() : null);
    }

    public RedisUrl url() {
        return url;
    }

    public Duration timeout() {
        return timeout;
    }

    /** Names the part of the keys that this key belongs to; keys of one part live on one server. May block. */
    public String shardOf(String key) {
        return topology.shardOf(key);
    }

    /** What is known about the responsibilities may be wrong. */
    public void forget() {
        topology.forget();
    }

    /** A link to the server that is responsible for a key. */
    public RedisConnection open(String key) {
        return openShard(topology.shardOf(key));
    }

    /** All parts of the keys; one where there is only one server. May block. */
    public Collection<String> shards() {
        return topology.shards();
    }

    /** A link to the server that is responsible for a part of the keys. */
    public RedisConnection openShard(String shard) {
        PipelinedConnection connection;
        try {
            connection = new PipelinedConnection(topology.masterOf(shard), config);
        } catch (JedisConnectionException e) {
            topology.forget();
            throw e;
        }
        try {
            RedisConnection.Identity identity = identify(connection);
            return new RedisConnection(connection, identity, writeTimeouts);
        } catch (JedisException e) {
            connection.close();
            throw e;
        }
    }

    private RedisConnection.Identity identify(PipelinedConnection connection) {
        connection.sendCommand(Protocol.Command.HELLO, "2");
        List<Object> hello = connection.getObjectMultiBulkReply();
        long client = 0;
        String role = "master";
        for (int i = 0; i + 1 < hello.size(); i += 2) {
            String name = RedisConnection.text(hello.get(i));
            if (name.equals("id")) {
                client = (Long) hello.get(i + 1);
            } else if (name.equals("role")) {
                role = RedisConnection.text(hello.get(i + 1));
            }
        }
        if (!role.equals("master")) {
            topology.forget();
            throw new JedisConnectionException("the server " + connection.server() + " is a " + role
                    + ", which takes no writes; name the master, or use redis-sentinel://");
        }
        return new RedisConnection.Identity(runId(connection), client);
    }

    private static String runId(Connection connection) {
        try {
            Object info = connection.executeCommand(new CommandArguments(Protocol.Command.INFO).add("server"));
            for (String line : RedisConnection.text(info).split("\r\n", -1)) {
                if (line.startsWith("run_id:")) {
                    return line.substring("run_id:".length());
                }
            }
        } catch (JedisDataException e) {
            if (!ErrorReplies.isDenied(e)) {
                throw e;
            }
        }
        return "";
    }
}
