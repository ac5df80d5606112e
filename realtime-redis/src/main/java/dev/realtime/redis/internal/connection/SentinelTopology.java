package dev.realtime.redis.internal.connection;

import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** Asks the sentinels who the master is, each time: they know first. */
final class SentinelTopology implements Topology {
    private final List<HostAndPort> sentinels;
    private final String master;
    private final JedisClientConfig config;

    SentinelTopology(List<HostAndPort> sentinels, String master, JedisClientConfig config) {
        this.sentinels = sentinels;
        this.master = master;
        this.config = config;
    }

    @Override
    public String shardOf(String key) {
        return "";
    }

    @Override
    public HostAndPort masterOf(String shard) {
        JedisException last = null;
        boolean unknown = false;
        for (HostAndPort sentinel : sentinels) {
            try (Connection connection = new Connection(sentinel, config)) {
                connection.sendCommand(Protocol.Command.SENTINEL, "GET-MASTER-ADDR-BY-NAME", master);
                List<String> address = connection.getMultiBulkReply();
                if (address != null && address.size() == 2) {
                    return new HostAndPort(address.get(0), Integer.parseInt(address.get(1)));
                }
                unknown = true;
            } catch (JedisException e) {
                last = e;
            }
        }
        throw failure(unknown, last);
    }

    private JedisConnectionException failure(boolean unknown, @Nullable JedisException last) {
        String message = unknown
                ? "the sentinels do not watch a master named \"" + master + "\""
                : "none of the sentinels " + sentinels + " answers";
        return last == null ? new JedisConnectionException(message) : new JedisConnectionException(message, last);
    }

    @Override
    public void forget() {}
}
