package dev.realtime.redis.internal.bus;

import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;

/** The connections that messages are published on: one to each server, so that messages for one place stay in order. */
final class PubSubConnections {
    private final Connector connector;
    private final boolean sharded;
    private final Map<String, RedisConnection> open = new HashMap<>(); // guarded by itself

    PubSubConnections(Connector connector, boolean sharded) {
        this.connector = connector;
        this.sharded = sharded;
    }

    /** Sends a message, whose reply comes on the connection that is returned. */
    List<RedisConnection> publish(String channel, byte[] payload) {
        ProtocolCommand command = sharded ? Protocol.Command.SPUBLISH : Protocol.Command.PUBLISH;
        RedisConnection connection = to(sharded ? connector.shardOf(channel) : anyShard());
        connection.send(command, channel, payload);
        return List.of(connection);
    }

    /** Asks who hears a channel; a reply comes on each of the connections that are returned. */
    List<RedisConnection> askForListeners(String channel) {
        List<RedisConnection> asked = whoKnowsListeners(channel);
        asked.forEach(one -> one.send(Protocol.Command.PUBSUB, sharded ? "SHARDNUMSUB" : "NUMSUB", channel));
        return asked;
    }

    /** A message reaches everybody from anywhere, but each server counts its own listeners only; a sharded channel has one server. */
    private List<RedisConnection> whoKnowsListeners(String channel) {
        if (sharded) {
            return List.of(to(connector.shardOf(channel)));
        }
        List<RedisConnection> all = new ArrayList<>();
        for (String shard : connector.shards()) {
            all.add(to(shard));
        }
        return all;
    }

    private String anyShard() {
        return connector.shards().iterator().next();
    }

    private RedisConnection to(String shard) {
        synchronized (open) {
            RedisConnection known = open.get(shard);
            if (known != null) {
                return known;
            }
        }
        RedisConnection fresh = connector.openShard(shard);
        synchronized (open) {
            open.put(shard, fresh);
        }
        return fresh;
    }

    /** Channels may live elsewhere now. */
    void forgetShards() {
        connector.forget();
    }

    /** Closes all of them. From any thread, even while a write is stuck. */
    void close() {
        List<RedisConnection> all;
        synchronized (open) {
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(RedisConnection::close);
    }
}
