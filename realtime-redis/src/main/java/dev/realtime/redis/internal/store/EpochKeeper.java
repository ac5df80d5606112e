package dev.realtime.redis.internal.store;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol;

/** The epoch: the one that this node goes by, and the one that is stored. Thread-safe. */
public final class EpochKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(EpochKeeper.class);
    private static final Script CHANGE = Script.load(EpochKeeper.class, "epoch.lua");

    /** The key of the epoch in force. */
    public static final String KEY = "realtime:epoch";

    /** Longer than any session's recovery window; renewed with every look. */
    private static final long LIFE_MILLIS = Duration.ofDays(30).toMillis();

    private final Commands commands;
    private final Runnable changed;
    private volatile Epoch current = Epoch.NONE;

    /** @param changed called after this node has gone over to another epoch */
    public EpochKeeper(Commands commands, Runnable changed) {
        this.commands = commands;
        this.changed = changed;
    }

    public Epoch current() {
        return current;
    }

    /** What is stored. */
    public CompletionStage<Epoch> stored() {
        CompletionStage<Epoch> stored = commands.send(KEY, Protocol.Command.GET, KEY)
                .thenApply(reply -> reply == null ? Epoch.NONE : Epoch.parse(RedisConnection.text(reply)));
        return stored.thenCombine(
                commands.send(KEY, Protocol.Command.PEXPIRE, KEY, LIFE_MILLIS), (epoch, renewed) -> epoch);
    }

    /** Stores another epoch in place of a known one. Completes with what is stored then, be it this one or somebody else's. */
    public CompletionStage<Epoch> change(Epoch known, Epoch next) {
        return commands.run(CHANGE, List.of(KEY), known.text(), next.text(), LIFE_MILLIS)
                .thenApply(reply -> Epoch.parse(RedisConnection.text(reply)));
    }

    /** This node goes over to an epoch, unless it is there or further already. */
    public void adopt(Epoch epoch) {
        synchronized (this) {
            if (!epoch.isLaterThan(current)) {
                return;
            }
            if (!current.equals(Epoch.NONE)) {
                LOG.warn("the epoch changes from {} to {}: sessions from before cannot be resumed", current, epoch);
            }
            current = epoch;
        }
        changed.run();
    }
}
