package dev.realtime.redis.internal.bus;

import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.internal.connection.Backoff;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Threads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Says what waits, in order, as many messages at a time as there are. The queue is bounded in number and bytes; what does not fit, what has
 * waited for longer than {@value #MAX_AGE_SECONDS} s, and what was under way on a connection that broke is dropped and counted. Thread-safe.
 */
final class PubSubWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PubSubWriter.class);
    private static final int BATCH = 512;
    private static final int MAX_MESSAGES = 16_384;
    private static final long MAX_BYTES = 32 << 20;
    static final int MAX_AGE_SECONDS = 5;
    private static final long TICK_MILLIS = 1_000;

    private final Connector connector;
    private final boolean sharded;
    private final Runnable tick;
    private final AtomicLong dropped = new AtomicLong();
    private final Backoff backoff = new Backoff();
    // guarded by queue
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private long bytes;
    private boolean closed;
    // guarded by links
    private final Map<String, RedisConnection> links = new HashMap<>();
    // of the thread alone
    private long lastTick = System.nanoTime();
    private boolean broken;
    private long droppedBefore;

    private final Thread thread;

    /**
     * Something to send.
     *
     * @param reply null when nobody waits for it
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes on their way, compared by nobody
    private record Item(
            String channel,
            byte @Nullable [] payload,
            @Nullable CompletableFuture<Long> reply,
            long since) {
        int size() {
            return channel.length() + (payload == null ? 0 : payload.length);
        }

        boolean isLate() {
            return System.nanoTime() - since > TimeUnit.SECONDS.toNanos(MAX_AGE_SECONDS);
        }
    }

    /** @param tick called by the thread about once a second */
    PubSubWriter(Connector connector, boolean sharded, Runnable tick) {
        this.connector = connector;
        this.sharded = sharded;
        this.tick = tick;
        this.thread = Threads.start("bus-writer", this::run);
    }

    /** How many messages were not sent. */
    long dropped() {
        return dropped.get();
    }

    void publish(String channel, byte[] payload) {
        if (!offer(new Item(channel, payload, null, System.nanoTime()))) {
            dropped.incrementAndGet();
        }
    }

    /** How many connections hear a channel. */
    CompletableFuture<Long> listeners(String channel) {
        CompletableFuture<Long> reply = new CompletableFuture<>();
        if (!offer(new Item(channel, null, reply, System.nanoTime()))) {
            reply.completeExceptionally(new BackendUnavailableException("too much waits for Redis already", null));
        }
        return reply;
    }

    private boolean offer(Item item) {
        synchronized (queue) {
            if (closed || queue.size() >= MAX_MESSAGES || bytes + item.size() > MAX_BYTES) {
                return false;
            }
            bytes += item.size();
            queue.addLast(item);
            queue.notifyAll();
            return true;
        }
    }

    private void run() {
        while (true) {
            List<Item> batch = take();
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
                batch.forEach(this::giveUp); // does nothing to what was answered
            }
            tickIfDue();
        }
        disconnect();
    }

    /** Null at the end. What waits when this is closed is still sent. */
    private @Nullable List<Item> take() {
        List<Item> batch = new ArrayList<>();
        List<Item> late = new ArrayList<>();
        synchronized (queue) {
            try {
                if (queue.isEmpty() && !closed) {
                    queue.wait(TICK_MILLIS);
                }
            } catch (InterruptedException e) {
                closed = true;
            }
            if (queue.isEmpty() && closed) {
                return null;
            }
            while (!queue.isEmpty() && batch.size() < BATCH) {
                Item item = queue.removeFirst();
                bytes -= item.size();
                (item.isLate() ? late : batch).add(item);
            }
        }
        late.forEach(this::giveUp);
        return batch;
    }

    private void exchange(List<Item> batch) {
        List<List<RedisConnection>> used = new ArrayList<>();
        for (Item item : batch) {
            if (item.payload() == null) {
                List<RedisConnection> asked = linksOfListeners(item.channel());
                asked.forEach(
                        link -> link.send(Protocol.Command.PUBSUB, sharded ? "SHARDNUMSUB" : "NUMSUB", item.channel()));
                used.add(asked);
            } else {
                RedisConnection link = link(sharded ? connector.shardOf(item.channel()) : anyShard());
                link.send(publishCommand(), item.channel(), item.payload());
                used.add(List.of(link));
            }
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
            LOG.info("the bus speaks again; {} messages were not sent", dropped.get() - droppedBefore);
        }
    }

    /** A message reaches everybody from anywhere, but each server counts its own listeners only; a sharded channel has one server. */
    private List<RedisConnection> linksOfListeners(String channel) {
        if (sharded) {
            return List.of(link(connector.shardOf(channel)));
        }
        List<RedisConnection> all = new ArrayList<>();
        for (String shard : connector.shards()) {
            all.add(link(shard));
        }
        return all;
    }

    private String anyShard() {
        return connector.shards().iterator().next();
    }

    private ProtocolCommand publishCommand() {
        return sharded ? Protocol.Command.SPUBLISH : Protocol.Command.PUBLISH;
    }

    private void answer(Item item, List<RedisConnection> links) {
        CompletableFuture<Long> waiting = item.reply();
        long sum = 0;
        for (RedisConnection link : links) {
            Object reply = link.receive();
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

    private void refused(Item item, JedisDataException why) {
        CompletableFuture<Long> waiting = item.reply();
        if (waiting != null) {
            waiting.completeExceptionally(why);
            return;
        }
        connector.forget(); // it may live elsewhere now
        if (dropped.getAndIncrement() == 0) {
            LOG.warn("Redis refuses messages of the bus", why);
        }
    }

    /** Messages for one place leave over one connection, so that they stay in order. */
    private RedisConnection link(String shard) {
        synchronized (links) {
            RedisConnection open = links.get(shard);
            if (open != null) {
                return open;
            }
        }
        RedisConnection fresh = connector.openShard(shard);
        synchronized (links) {
            links.put(shard, fresh);
        }
        return fresh;
    }

    /** Whoever noticed that the server does not answer says so here: a write to it may be stuck, which no timeout ends. */
    void disconnect() {
        List<RedisConnection> all;
        synchronized (links) {
            all = List.copyOf(links.values());
            links.clear();
        }
        all.forEach(RedisConnection::close);
    }

    private void fail(JedisException cause) {
        disconnect();
        connector.forget();
        if (!broken) {
            broken = true;
            droppedBefore = dropped.get();
            LOG.warn("the bus cannot speak to Redis: {}", String.valueOf(cause.getMessage()));
        }
        tickIfDue();
        pause(backoff.next());
    }

    private void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (queue) {
            try {
                for (long left = millis; left > 0 && !closed; ) {
                    queue.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    private void giveUp(Item item) {
        CompletableFuture<Long> waiting = item.reply();
        if (waiting == null) {
            dropped.incrementAndGet();
        } else {
            waiting.completeExceptionally(new BackendUnavailableException("Redis did not answer in time", null));
        }
    }

    private void tickIfDue() {
        if (System.nanoTime() - lastTick >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
            lastTick = System.nanoTime();
            tick.run();
        }
    }

    void close() {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
        Threads.join(thread, 1_000);
        disconnect();
    }
}
