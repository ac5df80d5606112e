package dev.realtime.redis.internal.bus;

import dev.realtime.redis.internal.connection.Backoff;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Publishes what waits, in order, as many messages at a time as there are, on a thread of its own. What was under way on a connection
 * that broke is dropped and counted, as is what the {@linkplain PubSubQueue queue} drops. Thread-safe.
 */
final class PubSubWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PubSubWriter.class);
    private static final int BATCH = 512;
    private static final long TICK_MILLIS = 1_000;

    private final PubSubQueue queue = new PubSubQueue();
    private final PubSubConnections connections;
    private final Runnable tick;
    private final Backoff backoff = new Backoff();
    // of the thread alone
    private long lastTick = System.nanoTime();
    private boolean broken;
    private long droppedBefore;

    private final Thread thread;

    /** @param tick called by the thread about once a second */
    PubSubWriter(Connector connector, boolean sharded, Runnable tick) {
        this.connections = new PubSubConnections(connector, sharded);
        this.tick = tick;
        this.thread = Threads.start("bus-writer", this::run);
    }

    /** How many messages were not sent. */
    long dropped() {
        return queue.dropped();
    }

    void publish(String channel, byte[] payload) {
        queue.publish(channel, payload);
    }

    /** How many connections hear a channel. */
    CompletableFuture<Long> listeners(String channel) {
        return queue.listeners(channel);
    }

    private void run() {
        while (true) {
            List<PubSubQueue.Item> batch = queue.take(BATCH, TICK_MILLIS);
            if (batch == null) {
                break;
            }
            try {
                exchange(batch);
            } catch (JedisException e) {
                fail(e);
            } catch (RuntimeException e) {
                LOG.error("the bus failed and goes on", e);
                fail(new JedisException(e));
            } finally {
                batch.forEach(queue::giveUp); // does nothing to what was answered
            }
            tickIfDue();
        }
        disconnect();
    }

    private void exchange(List<PubSubQueue.Item> batch) {
        List<List<RedisConnection>> used = new ArrayList<>();
        for (PubSubQueue.Item item : batch) {
            byte[] payload = item.payload();
            used.add(
                    payload == null
                            ? connections.askForListeners(item.channel())
                            : connections.publish(item.channel(), payload));
        }
        int answered = 0;
        try {
            for (; answered < used.size(); answered++) {
                answer(batch.get(answered), used.get(answered));
            }
        } finally {
            batch.subList(0, answered).clear();
        }
        if (answered > 0 && broken) {
            broken = false;
            backoff.reset();
            LOG.info("the bus speaks again; {} messages were not sent", queue.dropped() - droppedBefore);
        }
    }

    private void answer(PubSubQueue.Item item, List<RedisConnection> asked) {
        CompletableFuture<Long> waiting = item.reply();
        long sum = 0;
        for (RedisConnection connection : asked) {
            Object reply = connection.receive();
            if (reply instanceof JedisDataException refused) {
                refused(item, refused);
            } else if (waiting != null
                    && reply instanceof List<?> pair
                    && pair.size() == 2
                    && pair.get(1) instanceof Long count) {
                sum += count;
            }
        }
        if (waiting != null) {
            waiting.complete(sum); // unless it was refused
        }
    }

    private void refused(PubSubQueue.Item item, JedisDataException why) {
        CompletableFuture<Long> waiting = item.reply();
        if (waiting != null) {
            waiting.completeExceptionally(why);
            return;
        }
        connections.forgetShards();
        if (queue.countDropped() == 0) {
            LOG.warn("Redis refuses messages of the bus", why);
        }
    }

    /** Whoever noticed that the server does not answer says so here: what is under way need not wait for a timeout of its own. */
    void disconnect() {
        connections.close();
    }

    private void fail(JedisException cause) {
        disconnect();
        connections.forgetShards();
        if (!broken) {
            broken = true;
            droppedBefore = queue.dropped();
            LOG.warn("the bus cannot speak to Redis: {}", String.valueOf(cause.getMessage()));
        }
        tickIfDue();
        queue.pause(backoff.next());
    }

    private void tickIfDue() {
        if (System.nanoTime() - lastTick >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
            lastTick = System.nanoTime();
            tick.run();
        }
    }

    void close() {
        queue.close();
        Threads.join(thread, 1_000);
        disconnect();
    }
}
