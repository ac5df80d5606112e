package dev.realtime.redis.internal.bus;

import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisUrl;
import dev.realtime.redis.internal.wire.BusCodec;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Bus;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The buses of all namespaces of one backend. With sharded Pub/Sub on a Redis Cluster a channel is served where its slot is, and so has a connection
 * of its own; otherwise all share one. Thread-safe; only {@link #close()} blocks.
 */
public final class BusHub implements AutoCloseable {
    private final Connector connector;
    private final Channels channels;
    private final boolean sharded;
    private final boolean connectionPerChannel;
    private final BusCodec codec;
    private final BoundedLog lines;
    private final Map<String, RedisBus> byChannel = new ConcurrentHashMap<>();
    private final Map<String, PubSubReader> incoming = new ConcurrentHashMap<>();
    private final PubSubWriter outgoing;

    /**
     * @param sharded whether messages go by SPUBLISH; every server of the cluster has to agree, also those in Node.js
     * @param lines for what others send and nobody can read
     */
    public BusHub(Connector connector, Channels channels, boolean sharded, BoundedLog lines) {
        this.connector = connector;
        this.channels = channels;
        this.sharded = sharded;
        this.lines = lines;
        this.codec = new BusCodec(lines);
        this.connectionPerChannel = sharded && connector.url().kind() == RedisUrl.Kind.CLUSTER;
        this.outgoing = new PubSubWriter(connector, sharded, this::tick);
    }

    /** A node's place in a namespace; it hears nothing before it has a listener. */
    public Bus open(String namespace, String node) {
        return new RedisBus(this, codec, namespace, node);
    }

    /** Sends a payload to whoever hears a channel. */
    public void publish(String channel, byte[] payload) {
        outgoing.publish(channel, payload);
    }

    /** How many messages could not be sent and were dropped. */
    public long dropped() {
        return outgoing.dropped();
    }

    BoundedLog lines() {
        return lines;
    }

    Channels channels() {
        return channels;
    }

    CompletionStage<Long> listeners(String channel) {
        return outgoing.listeners(channel);
    }

    /**
     * A bus may take the place of its own former self, which has not closed yet; a channel is never taken from another node.
     *
     * @throws IllegalStateException when another node has it
     */
    synchronized void hear(String channel, RedisBus bus) {
        RedisBus present = byChannel.get(channel);
        if (present != null && !present.isPlaceOf(bus)) {
            throw new IllegalStateException("channel " + channel + " is that of node " + present.node() + ", so node "
                    + bus.node() + " needs a backend of its own");
        }
        byChannel.put(channel, bus);
        incomingOf(channel).add(channel);
    }

    synchronized void ignore(String channel, RedisBus bus) {
        if (byChannel.remove(channel, bus)) {
            PubSubReader heard = incomingOf(channel);
            heard.remove(channel);
            if (connectionPerChannel && incoming.remove(channel, heard)) {
                heard.end(); // its connection and thread were for this channel alone
            }
        }
    }

    private PubSubReader incomingOf(String channel) {
        String key = connectionPerChannel ? channel : channels.prefix();
        return incoming.computeIfAbsent(
                key, missing -> new PubSubReader("bus-reader", "the bus", connector, key, sharded, new Hearing(key)));
    }

    private void tick() {
        incoming.values().forEach(PubSubReader::ping);
        byChannel.values().forEach(RedisBus::tick);
    }

    /** What one connection hears. */
    private final class Hearing implements PubSubReader.Ears {
        private final String key;

        Hearing(String key) {
            this.key = key;
        }

        @Override
        public void message(String channel, byte[] payload) {
            RedisBus bus = byChannel.get(channel);
            if (bus != null) {
                bus.heard(payload);
            }
        }

        @Override
        public void subscribed(String channel) {
            RedisBus bus = byChannel.get(channel);
            if (bus != null) {
                bus.subscribed(channel);
            }
        }

        @Override
        public void deaf() {
            outgoing.disconnect();
            for (Map.Entry<String, RedisBus> heard : byChannel.entrySet()) {
                if (!connectionPerChannel || heard.getKey().equals(key)) {
                    heard.getValue().deaf(heard.getKey());
                }
            }
        }
    }

    @Override
    public void close() {
        outgoing.close();
        incoming.values().forEach(PubSubReader::close);
    }
}
