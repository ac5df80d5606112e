package dev.realtime.redis.internal.connection;

import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** A connection that can be told to send what it has collected. */
final class Wire extends Connection {
    Wire(HostAndPort server, JedisClientConfig config) {
        super(server, config);
    }

    @Override
    protected void flush() {
        super.flush();
    }
}
