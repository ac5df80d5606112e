package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.internal.connection.Backoff;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.Outage;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Threads;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.redis.internal.wire.StreamFields;
import dev.realtime.spi.Log.Once;
import dev.realtime.spi.LogEntry;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Appends to a stream, in order, as many entries at a time as are waiting, on a thread and a connection of its own. When Redis does not take
 * them in time the outage begins, in which they reach this node alone.
 */
public final class StreamWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWriter.class);
    private static final int BATCH = 512;
    private static final int BATCH_BYTES = 1 << 20;
    private static final long IDLE_NANOS = 1_000_000_000;
    private static final long PROBING_MILLIS = 20;

    private final RedisStream stream;
    private final Connector connector;
    private final Continuity continuity;
    private final Outage outage;
    private final long deadlineNanos;
    private final AppendQueue queue;
    private final StreamEntryCodec codec;
    private final Thread thread;

    // of the writing thread
    private final InFlightAppends inFlight;
    private final Backoff backoff = new Backoff();
    private final GatherPause pause = new GatherPause();
    private final PiggybackReader piggyback;
    private volatile @Nullable RedisConnection connection;

    /**
     * @param deadline after which an append no longer waits for Redis
     */
    StreamWriter(
            RedisStream stream,
            EntryDispatcher dispatcher,
            Connector connector,
            Continuity continuity,
            Outage outage,
            Executor callbacks,
            Duration deadline,
            int mostEntries,
            long mostBytes) {
        this.stream = stream;
        this.piggyback = new PiggybackReader(dispatcher);
        this.connector = connector;
        this.continuity = continuity;
        this.outage = outage;
        this.deadlineNanos = deadline.toNanos();
        this.queue = new AppendQueue(mostEntries, mostBytes);
        this.codec = stream.codec();
        this.inFlight = new InFlightAppends(stream, queue, callbacks);
        outage.listen(queue::poke);
        this.thread = Threads.start("writer-" + stream.name(), this::run);
    }

    CompletionStage<Position> append(NamespaceFeed feed, String node, LogEntry entry) {
        StreamFields fields = codec.encode(node, feed.namespace(), entry);
        return queue.add(feed, entry, fields, null);
    }

    CompletionStage<Once> appendOnce(NamespaceFeed feed, String node, LogEntry entry, OnceAppend once) {
        StreamFields fields = codec.encode(node, feed.namespace(), entry);
        return queue.add(feed, entry, fields, once).thenApply(position -> once.result());
    }

    private void run() {
        while (!queue.isClosed() || !inFlight.isEmpty() || !queue.isEmpty()) {
            if (inFlight.isEmpty()) {
                queue.await(piggyback.isOn() ? piggyback.patienceNanos() : IDLE_NANOS);
            }
            if (outage.isOn()) {
                piggyback.end();
                if (outage.isProbing()) {
                    queue.pause(PROBING_MILLIS); // it may be over in a moment, and then this is stored after all
                } else {
                    disconnect();
                    inFlight.deliverLocally(BATCH, BATCH_BYTES);
                }
                continue;
            }
            try {
                write();
                backoff.reset();
            } catch (JedisException e) {
                disconnect();
                connector.forget();
                judge(e);
            } catch (RuntimeException e) {
                LOG.error("the writer of {} failed; what it was about to append fails with it", stream.name(), e);
                disconnect();
                inFlight.fail(e);
            }
        }
        disconnect();
    }

    private void write() {
        RedisConnection current = connection;
        if (current == null) {
            if (inFlight.isEmpty() && queue.isEmpty()) {
                return;
            }
            current = connector.open(stream.name());
            connection = current;
            inFlight.killFormer(current);
            continuity.check(stream, current);
            inFlight.resolve(current);
        }
        if (inFlight.isEmpty()) {
            if (queue.isEmpty() && !piggyback.isOn()) {
                return;
            }
            long idle = pause.gather();
            inFlight.take(BATCH, BATCH_BYTES);
            piggyback.begin(idle, inFlight.size());
            if (inFlight.isEmpty() && !piggyback.isOn()) {
                return;
            }
            inFlight.announce();
        }
        pause.begin();
        inFlight.send(current);
        piggyback.ask(current);
        int appends = inFlight.size();
        inFlight.receive(current);
        piggyback.receive(current, appends);
        pause.end(appends);
    }

    /** Redis did not take it: wait, or give up waiting. */
    private void judge(JedisException cause) {
        long waited = System.nanoTime() - inFlight.oldest();
        if (queue.isClosed()) {
            if (waited >= deadlineNanos) {
                inFlight.fail(
                        new BackendUnavailableException("the Redis backend was closed before Redis took this", cause));
            }
        } else if (waited >= deadlineNanos) {
            outage.begin(
                    "an event waited longer than "
                            + Duration.ofNanos(deadlineNanos).toMillis() + " ms",
                    cause);
            return;
        } else if (queue.isOverflowing()) {
            outage.begin("the append queue is full", cause);
            return;
        }
        queue.pause(backoff.next());
    }

    private void disconnect() {
        piggyback.end();
        RedisConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    boolean isConnected() {
        return connection != null;
    }

    /** Takes nothing more, and waits until what waits has been stored or its deadline has passed. */
    public void close() {
        queue.close();
        Threads.join(
                thread,
                Duration.ofNanos(deadlineNanos).toMillis() + connector.timeout().toMillis());
        RedisConnection open = connection;
        if (open != null) {
            open.close();
        }
    }
}
