package dev.realtime.redis.internal.bus;

import dev.realtime.redis.internal.connection.Backoff;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Threads;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hears channels over one connection, and subscribes to all of them again on the next when that breaks. A connection that brings nothing for
 * {@value #SILENCE_MILLIS} ms, not even the answer to a ping, is taken for broken: no error would ever say so. Thread-safe.
 */
public final class PubSubReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PubSubReader.class);
    static final int SILENCE_MILLIS = 5_000; // pings go once a second
    private static final long ANY_AGE = Long.MAX_VALUE;

    private final String who;
    private final Connector connector;
    private final String key;
    private final boolean sharded;
    private final Ears ears;
    private final LongSupplier nanoTime;
    private final long mostAge; // in nanoseconds
    private final Thread thread;
    private final Backoff backoff = new Backoff();
    // guarded by this; writes to the connection too
    private final Set<String> channels = new LinkedHashSet<>();
    private @Nullable RedisConnection link;
    private boolean closed;
    // of the thread alone
    private boolean broken;

    /** What comes of it. Called by one thread, to be quick. */
    public interface Ears {
        void message(String channel, byte[] payload);

        void subscribed(String channel);

        /** None of the channels is heard at the moment. */
        void deaf();
    }

    /**
     * Takes what is old, too.
     *
     * @param name of its thread
     * @param who hears, as the log calls it
     * @param key decides which server is asked
     */
    PubSubReader(String name, String who, Connector connector, String key, boolean sharded, Ears ears) {
        this(name, who, connector, key, sharded, ears, System::nanoTime, ANY_AGE);
    }

    /**
     * @param name of its thread
     * @param who hears, as the log calls it
     * @param key decides which server is asked
     * @param nanoTime a monotonic clock
     * @param mostAge of what is heard, in nanoseconds. It is no older than the latest {@linkplain #ping ping} that was answered before it: if that is
     *     older, the node stood still or the connection lags, and it is given up with all that it holds
     */
    public PubSubReader(
            String name,
            String who,
            Connector connector,
            String key,
            boolean sharded,
            Ears ears,
            LongSupplier nanoTime,
            long mostAge) {
        this.who = who;
        this.connector = connector;
        this.key = key;
        this.sharded = sharded;
        this.ears = ears;
        this.nanoTime = nanoTime;
        this.mostAge = mostAge;
        this.thread = Threads.start(name, this::run);
    }

    /** Redis confirms a channel again that is heard already: whoever adds it waits for that. */
    public synchronized void add(String channel) {
        channels.add(channel);
        send(sharded ? Protocol.Command.SSUBSCRIBE : Protocol.Command.SUBSCRIBE, channel);
        notifyAll();
    }

    synchronized void remove(String channel) {
        if (channels.remove(channel)) {
            send(sharded ? Protocol.Command.SUNSUBSCRIBE : Protocol.Command.UNSUBSCRIBE, channel);
        }
    }

    /** Asks for an answer, which tells how old is what comes behind it. */
    public synchronized void ping() {
        if (!channels.isEmpty()) {
            send(Protocol.Command.PING, Long.toString(nanoTime.getAsLong()));
        }
    }

    private synchronized void send(Protocol.Command command, Object... arguments) {
        RedisConnection current = link;
        if (current == null) {
            return; // the next connection begins with all channels
        }
        try {
            current.send(command, arguments);
            current.flush();
        } catch (JedisException e) {
            current.close(); // the reader notices
        }
    }

    private void run() {
        while (awaitChannels()) {
            try {
                hear();
            } catch (JedisException e) {
                lost(e);
            } catch (RuntimeException e) {
                LOG.error("{} failed and goes on", who, e);
                lost(new JedisException(e));
            }
        }
    }

    private synchronized boolean awaitChannels() {
        try {
            while (channels.isEmpty() && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        return !closed;
    }

    private void hear() {
        long asked = nanoTime.getAsLong(); // all that comes was said after this
        try (RedisConnection fresh = connector.open(key)) {
            fresh.timeout(SILENCE_MILLIS);
            synchronized (this) {
                if (closed) {
                    return;
                }
                link = fresh;
                channels.forEach(
                        channel -> send(sharded ? Protocol.Command.SSUBSCRIBE : Protocol.Command.SUBSCRIBE, channel));
            }
            while (true) {
                Object reply = fresh.connection().getUnflushedObject();
                long age = nanoTime.getAsLong() - asked;
                if (age > mostAge) {
                    throw new JedisException(
                            "what comes now may have been said " + TimeUnit.NANOSECONDS.toSeconds(age) + " s ago");
                }
                // an array for whatever was subscribed to; a plain pong where nothing is
                if (reply instanceof List<?> pong && pong.size() == 2) {
                    asked = Long.parseLong(RedisConnection.text(pong.get(1)));
                } else if (reply instanceof List<?> push && push.size() == 3) {
                    heard(RedisConnection.text(push.get(0)), RedisConnection.text(push.get(1)), push.get(2));
                }
            }
        }
    }

    private void heard(String kind, String channel, @Nullable Object content) {
        switch (kind) {
            case "message", "smessage" -> {
                if (content instanceof byte[] payload) {
                    ears.message(channel, payload);
                }
            }
            case "subscribe", "ssubscribe" -> {
                backoff.reset();
                if (broken) {
                    broken = false;
                    LOG.info("{} hears Redis again", who);
                }
                ears.subscribed(channel);
            }
            case "sunsubscribe" -> {
                synchronized (this) {
                    if (channels.contains(channel)) {
                        throw new JedisException("the channel is served elsewhere now");
                    }
                }
            }
            default -> {
                // a pong, or a channel that is heard no longer
            }
        }
    }

    private void lost(JedisException cause) {
        connector.forget();
        long pause = backoff.next();
        synchronized (this) {
            link = null;
            if (closed) {
                return;
            }
        }
        if (!broken) {
            broken = true;
            LOG.warn("{} does not hear Redis: {}", who, String.valueOf(cause.getMessage()));
        }
        ears.deaf();
        pause(pause);
    }

    private synchronized void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis; left > 0 && !closed; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public void close() {
        end();
        Threads.join(thread, 1_000);
    }

    /** Does not wait for the thread. */
    void end() {
        RedisConnection open;
        synchronized (this) {
            closed = true;
            open = link;
            notifyAll();
        }
        if (open != null) {
            open.close();
        }
    }
}
