package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.store.Epoch;
import dev.realtime.redis.internal.store.EpochKeeper;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The epoch of the streams. When one of them has lost what somebody has seen ({@link LossCheck}), a new epoch begins: it is stored, and an
 * entry behind everything that this node knows says so in each stream, so that positions go on growing and the other nodes hear of it.
 * Blocks; for the backend's own threads.
 */
public final class Continuity {
    private static final Logger LOG = LoggerFactory.getLogger(Continuity.class);
    private static final long PATIENCE_SECONDS = 30; // beyond what a command may wait

    private final EpochKeeper epochs;
    private final Commands commands;
    private final LossCheck losses;
    private final List<RedisStream> streams = new CopyOnWriteArrayList<>();

    public Continuity(EpochKeeper epochs, Commands commands, Gaps gaps) {
        this.epochs = epochs;
        this.commands = commands;
        this.losses = new LossCheck(commands, gaps);
    }

    /** Goes by the stored epoch, or stores the first. */
    public void begin() {
        Epoch stored = get(epochs.stored());
        epochs.adopt(stored.number() > 0 ? stored : get(epochs.change(stored, stored.next(stored))));
    }

    public void watch(RedisStream stream) {
        streams.add(stream);
    }

    /** An entry says that another epoch begins. */
    void begins(String epoch) {
        epochs.adopt(Epoch.parse(epoch));
    }

    /** Looks through a new connection whether the stream is still the one this node knows. */
    void check(RedisStream stream, RedisConnection connection) {
        if (losses.hasLost(stream, connection)) {
            synchronized (this) {
                if (losses.hasLost(stream, connection)) {
                    commands.reconnect(); // they may still speak with the former master
                    beginEpoch("the stream " + stream.name() + " has lost its end");
                }
            }
        }
    }

    /** Looks whether all is as it was: the epoch, and the ends of all streams. */
    public void check() {
        CompletionStage<Epoch> stored = epochs.stored();
        for (RedisStream stream : streams) {
            if (get(losses.hasLost(stream))) {
                synchronized (this) {
                    if (get(losses.hasLost(stream))) {
                        beginEpoch("the stream " + stream.name() + " has lost its end");
                        return;
                    }
                }
            }
        }
        streams.forEach(this::trim);
        Epoch epoch = get(stored);
        Epoch current = epochs.current();
        if (epoch.isLaterThan(current)) {
            follow(epoch);
        } else if (!epoch.text().equals(current.text())) {
            synchronized (this) {
                if (current.equals(epochs.current()) && !get(epochs.stored()).equals(current)) {
                    beginEpoch("the epoch is no longer stored");
                }
            }
        }
    }

    private void trim(RedisStream stream) {
        Position spent = stream.spent();
        if (!spent.equals(Position.START)) {
            get(commands.send(
                    stream.name(), Protocol.Command.XTRIM, stream.name(), "MINID", "~", Progress.after(spent)));
        }
    }

    /**
     * After a time in which this node went on by itself. If nothing was lost meanwhile, the other nodes have done nothing wrong and their
     * sessions go on: the epoch stays, and an entry behind everything that this node has used keeps its positions growing.
     *
     * @return whether the epoch has stayed
     */
    public synchronized boolean rejoin() {
        Epoch before = epochs.current();
        check();
        if (!epochs.current().equals(before)) {
            return false;
        }
        for (RedisStream stream : streams) {
            mark(stream, before);
        }
        return true;
    }

    /** Another node has begun an epoch. */
    private synchronized void follow(Epoch epoch) {
        for (RedisStream stream : streams) {
            Position known = stream.progress().known();
            if (get(StreamInfo.ask(commands, stream.name(), known)).last().isBefore(known)) {
                beginEpoch("another node began " + epoch + " without knowing how far this one was");
                return;
            }
        }
        epochs.adopt(epoch);
    }

    /** Events were lost, or reached some nodes only. */
    public synchronized void beginEpoch(String why) {
        LOG.warn("{}: a new epoch begins", why);
        Epoch next;
        Epoch now;
        do {
            Epoch stored = get(epochs.stored());
            next = epochs.current().next(stored);
            now = get(epochs.change(stored, next));
        } while (!now.equals(next));
        for (RedisStream stream : streams) {
            mark(stream, next);
        }
        epochs.adopt(next);
    }

    private void mark(RedisStream stream, Epoch epoch) {
        Position wanted = Progress.after(stream.progress().known());
        Object reply;
        try {
            reply = add(stream, wanted.toString(), epoch);
        } catch (JedisDataException beyond) {
            reply = add(stream, "*", epoch); // the stream is further than this node knows
        }
        stream.progress().wasStored(RawEntry.position(reply));
    }

    private @Nullable Object add(RedisStream stream, String id, Epoch epoch) {
        return get(commands.send(
                stream.name(),
                Protocol.Command.XADD,
                stream.name(),
                "MAXLEN",
                "~",
                stream.keep(),
                id,
                RawEntry.EPOCH,
                epoch.text()));
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException inner ? inner.getCause() : e.getCause();
            if (cause instanceof JedisDataException refused) {
                throw refused;
            }
            throw new JedisConnectionException("Redis did not answer", cause);
        } catch (TimeoutException e) {
            throw new JedisConnectionException("Redis did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendUnavailableException("interrupted", e);
        }
    }
}
