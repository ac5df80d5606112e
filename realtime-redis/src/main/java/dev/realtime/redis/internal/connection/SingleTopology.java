package dev.realtime.redis.internal.connection;

import redis.clients.jedis.HostAndPort;

/** One server. */
record SingleTopology(HostAndPort server) implements Topology {
    @Override
    public String shardOf(String key) {
        return "";
    }

    @Override
    public HostAndPort masterOf(String shard) {
        return server;
    }

    @Override
    public void forget() {}
}
