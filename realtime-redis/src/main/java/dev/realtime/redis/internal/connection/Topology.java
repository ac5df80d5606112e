package dev.realtime.redis.internal.connection;

import redis.clients.jedis.HostAndPort;

/** Which server is responsible for a key. Methods may ask servers and so block; they throw {@code JedisException} when none answers. */
interface Topology {

    /** Names the part of the keys that this key belongs to; keys of one part live on one server. */
    String shardOf(String key);

    /** The master of a part, now. */
    HostAndPort masterOf(String shard);

    /** What was known may be wrong. */
    void forget();
}
