package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.DeliveredLocallyException;
import dev.realtime.redis.internal.connection.ErrorReplies;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.spi.Log.Once;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The appends that have left the queue and have no answer yet. After a lost connection the stream itself says which of them it has; only
 * the others are sent again. Used by the writing thread alone.
 */
final class InFlightAppends {
    private static final Logger LOG = LoggerFactory.getLogger(InFlightAppends.class);
    private static final int PAGE = 1_000;

    private final RedisStream stream;
    private final AppendQueue queue;
    private final AppendCommand command;
    private final Executor callbacks;
    private final ArrayDeque<Append> unanswered = new ArrayDeque<>();
    private Position sentBehind = Position.START;
    private boolean sent; // some of the unanswered may be in the stream
    private boolean doubtful; // some that were given up may still come into it
    private RedisConnection.@Nullable Identity former;

    InFlightAppends(RedisStream stream, AppendQueue queue, Executor callbacks) {
        this.stream = stream;
        this.queue = queue;
        this.command = new AppendCommand(stream);
        this.callbacks = callbacks;
    }

    boolean isEmpty() {
        return unanswered.isEmpty();
    }

    int size() {
        return unanswered.size();
    }

    /** Returns since when the oldest of all appends has waited, by {@link System#nanoTime()}. */
    long oldest() {
        Append first = unanswered.peekFirst();
        return first == null ? queue.oldest() : first.since();
    }

    /** Takes appends over from the queue. */
    void take(int most, int bytes) {
        unanswered.addAll(queue.take(most, bytes));
    }

    /** The entries are about to be written, and will be read back. */
    void announce() {
        for (Append append : unanswered) {
            stream.own().writes(append.number(), append.entry());
        }
    }

    void send(RedisConnection connection) {
        sentBehind = stream.progress().stored();
        sent = true;
        for (Append append : unanswered) {
            command.send(connection, append);
        }
    }

    /** Takes the answers. Refusals that pass are tried again if nothing came behind them; else the order of the entries would change. */
    void receive(RedisConnection connection) {
        List<Runnable> results = new ArrayList<>();
        ArrayDeque<Append> refused = new ArrayDeque<>();
        JedisDataException why = null;
        try {
            for (int left = unanswered.size(); left > 0; left--) {
                Object reply = connection.receive();
                Append append = unanswered.removeFirst();
                if (!(reply instanceof JedisDataException refusal)) {
                    for (Append gone : refused) {
                        results.add(failed(gone, why));
                    }
                    refused.clear();
                    answered(append, reply, results);
                } else if (ErrorReplies.isPassing(refusal)) {
                    refused.add(append);
                    why = refusal;
                } else {
                    results.add(failed(append, refusal));
                }
            }
        } finally {
            while (!refused.isEmpty()) {
                unanswered.addFirst(refused.pollLast());
            }
            tell(results);
        }
        sent = false;
        if (!unanswered.isEmpty()) {
            throw new JedisConnectionException("Redis takes no entries now", why);
        }
    }

    private void answered(Append append, @Nullable Object reply, List<Runnable> results) {
        OnceAppend once = append.once();
        if (once == null) {
            stored(append, RawEntry.position(reply), results);
            return;
        }
        Once known = OnceAppend.read(reply);
        Position position = known.position();
        if (known.isNew() && position != null) {
            stored(append, position, results);
            return;
        }
        once.became(known);
        queue.finished(append);
        results.add(() -> append.stage().complete(position == null ? Position.START : position));
    }

    /** Where nobody waits to be told, a change of threads is spared. */
    private void stored(Append append, Position position, List<Runnable> results) {
        stream.progress().wasStored(position);
        append.feed().reached(position);
        queue.finished(append);
        if (append.once() != null) {
            append.once().wasAppended(position);
        }
        if (append.stage().getNumberOfDependents() == 0) {
            append.stage().complete(position);
        } else {
            results.add(() -> append.stage().complete(position));
        }
    }

    private Runnable failed(Append append, @Nullable Throwable why) {
        queue.finished(append);
        return () -> append.stage()
                .completeExceptionally(why == null ? new BackendUnavailableException("not stored", null) : why);
    }

    private void tell(List<Runnable> results) {
        if (!results.isEmpty()) {
            callbacks.execute(() -> results.forEach(Runnable::run));
        }
    }

    /** Ends the former connection: what it still holds would be appended after the stream has been looked at. */
    void killFormer(RedisConnection current) {
        RedisConnection.Identity before = former;
        if ((sent || doubtful) && before != null && before.sameRun(current.identity())) {
            current.send(Protocol.Command.CLIENT, "KILL", "ID", before.clientId());
            if (current.receive() instanceof JedisDataException refusal && ErrorReplies.isDenied(refusal)) {
                LOG.warn("the Redis user may not run CLIENT KILL:"
                        + " an entry may be appended twice after a lost connection");
            }
        }
        doubtful = false;
    }

    /** Finds those that are in the stream. */
    void resolve(RedisConnection current) {
        if (sent && !unanswered.isEmpty()) {
            Map<String, Position> found = written(current);
            List<Runnable> results = new ArrayList<>();
            unanswered.removeIf(append -> {
                Position position = found.get(command.number(append));
                if (position == null) {
                    return false;
                }
                stored(append, position, results);
                return true;
            });
            tell(results);
        }
        sent = false;
        former = current.identity();
    }

    /** What this writer has in the stream, behind what was there before the unanswered were sent. */
    private Map<String, Position> written(RedisConnection current) {
        Map<String, Position> found = new HashMap<>();
        Position behind = sentBehind;
        List<RawEntry> page;
        do {
            Object reply = current.call(Protocol.Command.XRANGE, stream.name(), "(" + behind, "+", "COUNT", PAGE);
            page = RawEntry.list(reply);
            for (RawEntry raw : page) {
                if (command.wrote(raw)) {
                    found.put(raw.number(), raw.position());
                }
                behind = raw.position();
            }
        } while (page.size() == PAGE);
        return found;
    }

    /** Fails all of them, and all that waits. */
    void fail(RuntimeException why) {
        List<Runnable> results = new ArrayList<>();
        take(Integer.MAX_VALUE, Integer.MAX_VALUE);
        for (Append append; (append = unanswered.pollFirst()) != null; ) {
            results.add(failed(append, why));
        }
        sent = false;
        tell(results);
    }

    /** Delivers all of them, and a batch of what waits, on this node alone; what has an id fails. */
    void deliverLocally(int most, int bytes) {
        List<Runnable> results = new ArrayList<>();
        for (Append append; (append = unanswered.pollFirst()) != null; ) {
            results.add(locally(append, sent));
            doubtful |= sent;
        }
        sent = false;
        for (Append append : queue.take(most, bytes)) {
            results.add(locally(append, false));
        }
        tell(results);
    }

    private Runnable locally(Append append, boolean maybeStored) {
        if (append.once() != null) {
            return failed(
                    append,
                    new BackendUnavailableException("Redis did not take an entry that all nodes are to have", null));
        }
        stream.handLocally(
                append.feed(), append.entry(), maybeStored ? append.number() : OwnEntries.NOT_OURS, append.size());
        return failed(append, new DeliveredLocallyException());
    }
}
