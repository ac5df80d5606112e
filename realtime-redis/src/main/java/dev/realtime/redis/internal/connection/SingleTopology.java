package dev.realtime.redis.internal.connection;

import java.util.List;
import redis.clients.jedis.HostAndPort;

/** One server. */
record SingleTopology(HostAndPort server) implements Topology {
    @Override
    public String shardOf(String key) {
        return "";
    }

    @Override
    public List<String> shards() {
        return List.of("");
    }

    @Override
    public HostAndPort masterOf(String shard) {
        return server;
    }

    @Override
    public void forget() {}
}
