package dev.realtime.redis.internal.intake;

import dev.realtime.redis.internal.bus.PubSubReader;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.Threads;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Hears the channels over one connection, and subscribes again when that breaks: what is published meanwhile is lost. So is what has come while the node
 * stood still, since others have handled it and its ids may be forgotten. Channels are never sharded, since those who publish know nothing of shards.
 * Thread-safe.
 */
public final class IntakeReader implements AutoCloseable {
    private static final long PING_MILLIS = 1_000;

    /** Of what is heard: beside what messages wait afterwards it is well within what is remembered of their ids. */
    static final Duration MOST_AGE = Duration.ofSeconds(30);

    private final Map<String, IntakeChannel> channels;
    private final PubSubReader reader;
    private final Thread pings;
    // guarded by this
    private final Set<String> heard = new HashSet<>();
    private boolean closed;

    /**
     * @param channels by their names, at least one
     * @param nanoTime a monotonic clock that goes on while the machine is suspended
     */
    public IntakeReader(Connector connector, Map<String, IntakeChannel> channels, LongSupplier nanoTime) {
        this.channels = Map.copyOf(channels);
        this.reader = new PubSubReader(
                "intake-reader",
                "the intake",
                connector,
                channels.keySet().iterator().next(),
                false,
                new Ears(),
                nanoTime,
                MOST_AGE.toNanos());
        this.channels.keySet().forEach(reader::add);
        this.pings = Threads.start("intake-pings", this::ping);
    }

    private final class Ears implements PubSubReader.Ears {
        @Override
        public void message(String channel, byte[] payload) {
            IntakeChannel known = channels.get(channel);
            if (known != null) {
                known.heard(payload);
            }
        }

        @Override
        public void subscribed(String channel) {
            synchronized (IntakeReader.this) {
                heard.add(channel);
                IntakeReader.this.notifyAll();
            }
        }

        @Override
        public void deaf() {
            synchronized (IntakeReader.this) {
                heard.clear();
            }
        }
    }

    /** Returns whether Redis has confirmed all channels, and the connection has not broken since. */
    public synchronized boolean isHearing() {
        return heard.size() == channels.size();
    }

    /** Waits until all channels are heard. Returns whether they are. */
    public synchronized boolean awaitHearing(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!isHearing() && !closed && System.nanoTime() < end) {
                wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return isHearing();
    }

    private void ping() {
        while (pause()) {
            reader.ping();
        }
    }

    private synchronized boolean pause() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PING_MILLIS);
        try {
            for (long left = PING_MILLIS; left > 0 && !closed; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        return !closed;
    }

    /** Hears nothing more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        reader.close();
        Threads.join(pings, 1_000);
    }
}
