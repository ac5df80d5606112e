package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.Backoff;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Threads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Reads a stream as it grows, on a connection of its own, and hands on what it reads. The connection is given up when the server says
 * nothing for the time of a blocking read and the usual timeout.
 */
public final class StreamReader {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);

    private final RedisStream stream;
    private final EntryDispatcher dispatcher;
    private final Connector connector;
    private final Continuity continuity;
    private final long blockMillis;
    private final Thread thread;
    private final GatherPause pause = new GatherPause();
    private volatile boolean closed;
    private volatile @Nullable RedisConnection connection;

    StreamReader(
            RedisStream stream,
            EntryDispatcher dispatcher,
            Connector connector,
            Continuity continuity,
            Duration block) {
        this.stream = stream;
        this.dispatcher = dispatcher;
        this.connector = connector;
        this.continuity = continuity;
        this.blockMillis = block.toMillis();
        this.thread = Threads.start("reader-" + stream.name(), this::run);
    }

    private void run() {
        Backoff backoff = new Backoff();
        boolean said = false;
        while (!closed) {
            try (RedisConnection current = connector.open(stream.name())) {
                connection = current;
                continuity.check(stream, current);
                current.timeout(
                        Math.toIntExact(blockMillis + connector.timeout().toMillis()));
                if (said) {
                    said = false;
                    LOG.info("{} is read again", stream.name());
                }
                while (!closed) {
                    read(current);
                    backoff.reset();
                }
            } catch (JedisException e) {
                if (!closed && !said) {
                    LOG.warn("the connection that reads {} is lost and will be opened again", stream.name(), e);
                    said = true;
                }
            } catch (RuntimeException e) {
                LOG.error("the reader of {} failed and begins again", stream.name(), e);
            }
            if (!closed) {
                connector.forget();
                pause(backoff.next());
            }
        }
    }

    private void read(RedisConnection current) {
        pause.gather();
        if (!dispatcher.take()) {
            return;
        }
        try {
            Position before = dispatcher.ask(current, blockMillis);
            Object reply = current.result();
            pause.begin(); // waiting at the server was no work
            pause.end(dispatcher.hand(current, before, reply));
        } finally {
            dispatcher.giveBack();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // too early does no harm
    private synchronized void pause(long millis) {
        try {
            if (!closed) {
                wait(millis);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Ends at once. */
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        dispatcher.close();
        RedisConnection open = connection;
        if (open != null) {
            open.close();
        }
        Threads.join(thread, 1_000);
    }
}
