package dev.realtime.redis.internal.connection;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The slots of a Redis Cluster, asked for when they are needed and again when they turned out wrong. */
final class ClusterTopology implements Topology {
    private static final int SLOTS = 16_384;

    private final List<HostAndPort> seeds;
    private final JedisClientConfig config;
    private volatile HostAndPort @Nullable [] owners;
    private volatile Set<HostAndPort> known = Set.of();

    ClusterTopology(List<HostAndPort> seeds, JedisClientConfig config) {
        this.seeds = seeds;
        this.config = config;
    }

    @Override
    public String shardOf(String key) {
        int slot = JedisClusterCRC16.getSlot(key);
        HostAndPort[] current = owners;
        HostAndPort owner = (current == null ? ask() : current)[slot];
        if (owner == null) {
            forget();
            throw new JedisConnectionException("no server of the Redis Cluster serves slot " + slot);
        }
        return owner.toString();
    }

    @Override
    public HostAndPort masterOf(String shard) {
        return HostAndPort.from(shard);
    }

    @Override
    public void forget() {
        owners = null;
    }

    private synchronized HostAndPort[] ask() {
        HostAndPort[] current = owners;
        if (current != null) {
            return current;
        }
        Set<HostAndPort> candidates = new LinkedHashSet<>(known);
        candidates.addAll(seeds);
        JedisException last = null;
        for (HostAndPort candidate : candidates) {
            try (Connection connection = new Connection(candidate, config)) {
                connection.sendCommand(Protocol.Command.CLUSTER, "SLOTS");
                HostAndPort[] asked = read(connection.getObjectMultiBulkReply(), candidate);
                owners = asked;
                return asked;
            } catch (JedisException e) {
                last = e;
            }
        }
        throw new JedisConnectionException("none of the servers " + candidates + " tells the slots of the cluster", last);
    }

    private HostAndPort[] read(List<Object> ranges, HostAndPort asked) {
        HostAndPort[] table = new HostAndPort[SLOTS];
        Set<HostAndPort> all = new LinkedHashSet<>();
        for (Object range : ranges) {
            List<?> parts = (List<?>) range;
            int from = ((Long) parts.get(0)).intValue();
            int through = ((Long) parts.get(1)).intValue();
            List<?> master = (List<?>) parts.get(2);
            String host = master.get(0) instanceof byte[] name ? new String(name, StandardCharsets.UTF_8) : "";
            HostAndPort owner = new HostAndPort(host.isEmpty() ? asked.getHost() : host, ((Long) master.get(1)).intValue());
            all.add(owner);
            for (int slot = from; slot <= through; slot++) {
                table[slot] = owner;
            }
        }
        known = all;
        return table;
    }
}
