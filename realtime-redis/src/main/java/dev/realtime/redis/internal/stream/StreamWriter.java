package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.DeliveredLocallyException;
import dev.realtime.redis.internal.connection.Backoff;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.ErrorReplies;
import dev.realtime.redis.internal.connection.Outage;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Threads;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.redis.internal.wire.StreamFields;
import dev.realtime.spi.LogEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.args.RawableFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Appends to a stream, in order, as many at a time as are waiting. Every entry carries a number of its own, so that after a lost
 * connection the stream itself says which of those without an answer it has: only the others are sent again.
 */
public final class StreamWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWriter.class);
    private static final int BATCH = 512;
    private static final int BATCH_BYTES = 1 << 20;
    private static final int PAGE = 1_000;
    private static final long IDLE_MILLIS = 1_000;
    private static final long PROBING_MILLIS = 20;

    // encoded once: this is the command of every event
    private static final Rawable MAXLEN = RawableFactory.from("MAXLEN");
    private static final Rawable ABOUT = RawableFactory.from("~");
    private static final Rawable NEXT_ID = RawableFactory.from("*");
    private static final Rawable UID = RawableFactory.from("uid");
    private static final Rawable NSP = RawableFactory.from("nsp");
    private static final Rawable TYPE = RawableFactory.from("type");
    private static final Rawable DATA = RawableFactory.from("data");
    private static final Rawable NUMBER = RawableFactory.from(RawEntry.NUMBER);

    private final RedisStream stream;
    private final Rawable name;
    private final String prefix;
    private final Connector connector;
    private final Continuity continuity;
    private final Outage outage;
    private final Executor callbacks;
    private final long deadlineNanos;
    private final AppendQueue queue;
    private final StreamEntryCodec codec;
    private final Thread thread;

    // of the writing thread
    private final ArrayDeque<Append> unanswered = new ArrayDeque<>();
    private final Backoff backoff = new Backoff();
    private final GatherPause pace = new GatherPause();
    private final PiggybackReader aside;
    private Position sentBehind = Position.START;
    private boolean sent; // some of the unanswered may be in the stream
    private boolean doubtful; // some that were given up may still come into it
    private RedisConnection.@Nullable Identity former;
    private volatile @Nullable RedisConnection link;

    /**
     * @param deadline after which an append no longer waits for Redis
     */
    StreamWriter(
            RedisStream stream,
            EntryDispatcher intake,
            Connector connector,
            Continuity continuity,
            Outage outage,
            Executor callbacks,
            Duration deadline,
            int mostEntries,
            long mostBytes) {
        this.stream = stream;
        this.aside = new PiggybackReader(intake);
        this.name = RawableFactory.from(stream.name());
        this.prefix = OwnEntries.prefix(stream.writer());
        this.connector = connector;
        this.continuity = continuity;
        this.outage = outage;
        this.callbacks = callbacks;
        this.deadlineNanos = deadline.toNanos();
        this.queue = new AppendQueue(mostEntries, mostBytes);
        this.codec = stream.codec();
        outage.listen(queue::poke);
        this.thread = Threads.start("writer-" + stream.name(), this::run);
    }

    CompletionStage<Position> append(NamespaceFeed feed, String node, LogEntry entry) {
        StreamFields fields = codec.encode(node, feed.namespace(), entry);
        return queue.add(feed, entry, fields);
    }

    private void run() {
        while (!queue.isClosed() || !unanswered.isEmpty() || !queue.isEmpty()) {
            if (unanswered.isEmpty()) {
                queue.await(aside.isOn() ? 1 : IDLE_MILLIS);
            }
            if (outage.isOn()) {
                aside.end();
                if (outage.isProbing()) {
                    queue.pause(PROBING_MILLIS); // it may be over in a moment, and then this is stored after all
                } else {
                    goOnAlone();
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
                drop(e);
            }
        }
        disconnect();
    }

    private void write() {
        RedisConnection current = link;
        if (current == null) {
            if (unanswered.isEmpty() && queue.isEmpty()) {
                return;
            }
            current = connector.open(stream.name());
            link = current;
            silence(current);
            doubtful = false;
            continuity.check(stream, current);
            resolve(current);
            former = current.identity();
        }
        if (unanswered.isEmpty()) {
            if (queue.isEmpty() && !aside.isOn()) {
                return;
            }
            boolean busy = aside.isOn() || pace.gather();
            unanswered.addAll(queue.take(BATCH, BATCH_BYTES));
            aside.begin(busy, unanswered.size());
            if (unanswered.isEmpty() && !aside.isOn()) {
                return;
            }
            for (Append append : unanswered) {
                stream.own().writes(append.number(), append.entry());
            }
        }
        sentBehind = stream.progress().stored();
        sent = true;
        for (Append append : unanswered) {
            current.send(Protocol.Command.XADD, arguments(append));
        }
        aside.ask(current, pace);
        int appends = unanswered.size();
        receive(current);
        sent = false;
        aside.receive(current, appends);
    }

    private Object[] arguments(Append append) {
        StreamFields fields = append.fields();
        return new Object[] {
            name,
            MAXLEN,
            ABOUT,
            stream.keep(),
            NEXT_ID,
            UID,
            fields.uid(),
            NSP,
            fields.namespace(),
            TYPE,
            StreamEntryCodec.formatType(fields.type()),
            DATA,
            fields.data(),
            NUMBER,
            number(append)
        };
    }

    private String number(Append append) {
        return prefix + append.number();
    }

    /** Refusals that pass are tried again if nothing came behind them; else the order of the entries would change. */
    private void receive(RedisConnection current) {
        List<Runnable> results = new ArrayList<>();
        ArrayDeque<Append> refused = new ArrayDeque<>();
        JedisDataException why = null;
        try {
            for (int left = unanswered.size(); left > 0; left--) {
                Object reply = current.receive();
                Append append = unanswered.removeFirst();
                if (!(reply instanceof JedisDataException refusal)) {
                    for (Append gone : refused) {
                        results.add(failed(gone, why));
                    }
                    refused.clear();
                    stored(append, RawEntry.position(reply), results);
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
        if (!unanswered.isEmpty()) {
            sent = false;
            throw new JedisConnectionException("Redis takes no entries now", why);
        }
    }

    /** Where nobody waits to be told, a change of threads is spared. */
    private void stored(Append append, Position position, List<Runnable> results) {
        stream.progress().wasStored(position);
        append.feed().reached(position);
        queue.finished(append);
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

    /** What the former connection still holds would be appended after we have looked: it has to end first. */
    private void silence(RedisConnection current) {
        RedisConnection.Identity before = former;
        if (!(sent || doubtful) || before == null || !before.sameRun(current.identity())) {
            return;
        }
        current.send(Protocol.Command.CLIENT, "KILL", "ID", before.clientId());
        if (current.receive() instanceof JedisDataException refusal && ErrorReplies.isDenied(refusal)) {
            LOG.warn("the Redis user may not run CLIENT KILL: an entry may be appended twice after a lost connection");
        }
    }

    /** Finds those of the unanswered that are in the stream. */
    private void resolve(RedisConnection current) {
        if (!sent || unanswered.isEmpty()) {
            sent = false;
            return;
        }
        Map<String, Position> found = new HashMap<>();
        Position behind = sentBehind;
        for (List<RawEntry> page = List.of(); ; ) {
            Object reply = current.call(Protocol.Command.XRANGE, stream.name(), "(" + behind, "+", "COUNT", PAGE);
            page = RawEntry.list(reply);
            for (RawEntry raw : page) {
                if (raw.number() != null && raw.number().startsWith(prefix)) {
                    found.put(raw.number(), raw.position());
                }
                behind = raw.position();
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        List<Runnable> results = new ArrayList<>();
        unanswered.removeIf(append -> {
            Position position = found.get(number(append));
            if (position == null) {
                return false;
            }
            stored(append, position, results);
            return true;
        });
        sent = false;
        tell(results);
    }

    /** Redis did not take it: wait, or give up waiting. */
    private void judge(JedisException cause) {
        Append first = unanswered.peekFirst();
        long waited = System.nanoTime() - (first == null ? queue.oldest() : first.since());
        if (queue.isClosed()) {
            if (waited >= deadlineNanos) {
                drop(new BackendUnavailableException("the Redis backend was closed before Redis took this", cause));
            }
        } else if (waited >= deadlineNanos) {
            outage.begin(
                    "an event waited longer than "
                            + Duration.ofNanos(deadlineNanos).toMillis() + " ms",
                    cause);
            return;
        } else if (queue.overflowed()) {
            outage.begin("the append queue is full", cause);
            return;
        }
        queue.pause(backoff.next());
    }

    private void drop(RuntimeException why) {
        List<Runnable> results = new ArrayList<>();
        unanswered.addAll(queue.take(Integer.MAX_VALUE, Integer.MAX_VALUE));
        for (Append append; (append = unanswered.pollFirst()) != null; ) {
            results.add(failed(append, why));
        }
        sent = false;
        tell(results);
    }

    private void goOnAlone() {
        disconnect();
        List<Runnable> results = new ArrayList<>();
        for (Append append; (append = unanswered.pollFirst()) != null; ) {
            results.add(locally(append, sent));
            doubtful |= sent;
        }
        sent = false;
        for (Append append : queue.take(BATCH, BATCH_BYTES)) {
            results.add(locally(append, false));
        }
        tell(results);
    }

    private Runnable locally(Append append, boolean maybeStored) {
        stream.handLocally(
                append.feed(), append.entry(), maybeStored ? append.number() : OwnEntries.NOT_OURS, append.size());
        return failed(append, new DeliveredLocallyException());
    }

    private void disconnect() {
        aside.end();
        RedisConnection open = link;
        link = null;
        if (open != null) {
            open.close();
        }
    }

    boolean isConnected() {
        return link != null;
    }

    /** Takes nothing more, and waits until what waits has been stored or its deadline has passed. */
    public void close() {
        queue.close();
        Threads.join(
                thread,
                Duration.ofNanos(deadlineNanos).toMillis() + connector.timeout().toMillis());
        RedisConnection open = link;
        if (open != null) {
            open.close();
        }
    }
}
