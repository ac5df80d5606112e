package dev.realtime.redis.internal.connection;

import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** A connection on which one thread may read while another writes, which takes a flush of one's own. */
final class LinkConnection extends Connection {
    LinkConnection(HostAndPort server, JedisClientConfig config) {
        super(server, config);
    }

    @Override
    protected void flush() {
        super.flush();
    }
}
