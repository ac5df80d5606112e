package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place of a namespace where events meet their recipients. Log entries, volatile events and tasks take turns in one order, so
 * the position that a volatile event is stamped with is exactly how far its recipients have come.
 *
 * <p>A turn works off all that waits, then flushes each connection once: while the flushes of one batch keep the machine busy, the log
 * grows, and the next batch is larger. That is what keeps the number of system calls per event low under load, and adds nothing when
 * there is none.
 *
 * @param <M> the recipients
 */
public final class Fanout<M extends Recipient> {
    private static final Logger LOG = LoggerFactory.getLogger(Fanout.class);
    /** Volatile events that may wait for their turn; more are dropped and counted. */
    private static final int VOLATILE_BACKLOG = 16_384;
    /** After so many items the turn is given back, so that namespaces share the workers. */
    private static final int ITEMS_PER_TURN = 1024;
    /** After so many entries of the log connections are flushed, although more entries wait. */
    private static final int ENTRIES_PER_FLUSH = 64;
    /** So long after the last flush what has been delivered leaves, although more waits. */
    private static final long LONGEST_HOLD_NANOS = 5_000_000;
    /** After so many entries of a batch the clock is asked. */
    private static final int ENTRIES_PER_LOOK = 16;
    /** From so many connections on it pays to have them all written to once rather than twice. */
    private static final int CROWD = 64;

    /** What a thread that was lent may do: so many entries, and so many connections to flush. */
    private static final int FEW = 16;

    private static final long LONGEST_PAUSE_NANOS = 2_000_000;

    private final NodeContext context;
    private final PacketEncoder encoder;
    private final RoomIndex<M> index;
    private final ReplayWindow window;
    private final OperationWindow operations;
    private final boolean offsets;
    private final @Nullable Duration tick;
    private final Consumer<VolatileEmit> abroad;

    private final Object lock = new Object();
    // guarded by lock
    private ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int volatiles;
    private boolean scheduled;
    private final Map<TickKey, VolatileEmit> ticking = new LinkedHashMap<>();

    // used in turn only
    private final ArrayList<M> dirty = new ArrayList<>();
    private final PriorityQueue<Parked> parked = new PriorityQueue<>();
    private long parkedSoFar;
    private @Nullable String stamp;
    private long delivered;
    private int unflushed; // entries since the last flush
    private long flushedAt;

    private volatile Position position;

    /** A task that waits until the fan-out has come so far. */
    private record Parked(Position until, long number, Runnable task) implements Comparable<Parked> {
        @Override
        public int compareTo(Parked other) {
            int byPosition = until.compareTo(other.until);
            return byPosition != 0 ? byPosition : Long.compare(number, other.number);
        }
    }

    private record TickKey(Target target, String key) {}

    /**
     * @param tick the pace of coalesced volatile events; null: at once
     * @param abroad told of each volatile event of this node when it is delivered here, for the other nodes
     */
    public Fanout(
            NodeContext context,
            PacketEncoder encoder,
            RoomIndex<M> index,
            Position from,
            Duration retention,
            @Nullable Duration tick,
            Consumer<VolatileEmit> abroad) {
        this.context = context;
        this.encoder = encoder;
        this.index = index;
        this.offsets = context.recovery().isOn();
        this.window = new ReplayWindow(context.recovery(), retention.toNanos(), from);
        this.operations = new OperationWindow(retention.toNanos(), from);
        this.tick = tick;
        this.abroad = abroad;
        this.position = from;
    }

    /** Everything up to here has met its recipients. */
    public Position position() {
        return position;
    }

    /** A batch of the log; see {@link Log.Reader}. */
    public void entries(List<PlacedEntry> batch, Position through, Runnable done) {
        if (enqueue(() -> take(batch, through, done))) {
            begin();
        }
    }

    /** A batch of a log that {@link Log#lendsThread() lends} the thread that calls. */
    public void entriesHere(List<PlacedEntry> batch, Position through, Runnable done) {
        if (enqueue(() -> take(batch, through, done))) {
            if (batch.size() <= FEW) {
                shortTurn();
            } else {
                begin();
            }
        }
    }

    private void take(List<PlacedEntry> batch, Position through, Runnable done) {
        int handled = 0;
        for (PlacedEntry placed : batch) {
            handle(placed);
            if (++handled % ENTRIES_PER_LOOK == 0) {
                flushIfDue();
            }
        }
        if (through.isAfter(position)) {
            passed(through);
        }
        unflushed += batch.size();
        if (unflushed >= ENTRIES_PER_FLUSH) {
            flush();
        }
        done.run(); // what the log holds by now joins this turn, and leaves in the same writes
    }

    /** Runs a task in turn with everything else. */
    public void execute(Runnable task) {
        if (enqueue(task)) {
            begin();
        }
    }

    /** Returns whether it is the first, and somebody has to see to it. */
    private boolean enqueue(Runnable item) {
        synchronized (lock) {
            waiting.addLast(item);
            boolean first = !scheduled;
            scheduled = true;
            return first;
        }
    }

    private void begin() {
        context.workers().execute(this::turn);
    }

    /** The turn of a thread that has other work: what it has brought, when that is little, and nothing else. */
    private void shortTurn() {
        if (parked.isEmpty()) {
            Runnable brought;
            synchronized (lock) {
                brought = waiting.removeFirst();
            }
            run(brought);
            if (dirty.size() <= FEW) {
                flush();
            }
        }
        synchronized (lock) {
            scheduled = !waiting.isEmpty() || !dirty.isEmpty();
            if (!scheduled) {
                return;
            }
        }
        begin();
    }

    /** Runs a task in turn, but not before everything up to a position has met its recipients. */
    public void executeBehind(Position until, Runnable task) {
        execute(() -> {
            if (until.isAfter(position)) {
                parked.add(new Parked(until, parkedSoFar++, task));
            } else {
                task.run();
            }
        });
    }

    private void unpark() {
        Parked next;
        while ((next = parked.peek()) != null && !next.until.isAfter(position)) {
            parked.remove();
            next.task.run();
        }
    }

    /**
     * Emits an event that may be lost, not before everything up to a position; with a key and a tick, the latest of its key at the next
     * tick.
     */
    public void emit(VolatileEmit emit, Position behind) {
        if (tick != null && emit.coalesceKey() != null) {
            hold(tick, emit, new TickKey(emit.target(), emit.coalesceKey()));
            return;
        }
        synchronized (lock) {
            if (volatiles >= VOLATILE_BACKLOG) {
                context.counters().count(Counters.Name.VOLATILE_DROPPED);
                return;
            }
            volatiles++;
        }
        executeBehind(behind, () -> {
            synchronized (lock) {
                volatiles--;
            }
            handle(emit);
        });
    }

    private void hold(Duration pace, VolatileEmit emit, TickKey key) {
        boolean first;
        synchronized (lock) {
            if (ticking.size() >= VOLATILE_BACKLOG && !ticking.containsKey(key)) {
                context.counters().count(Counters.Name.VOLATILE_DROPPED);
                return;
            }
            first = ticking.isEmpty();
            ticking.put(key, emit);
        }
        if (first) {
            context.time().schedule(pace, this::ring);
        }
    }

    private void ring() {
        List<VolatileEmit> latest;
        synchronized (lock) {
            latest = new ArrayList<>(ticking.values());
            ticking.clear();
        }
        execute(() -> latest.forEach(this::handle));
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint: without it the writes are more and everything else is the same
    private void turn() {
        boolean offered = false;
        flushedAt = context.time().nanoTime();
        for (int left = ITEMS_PER_TURN; left > 0; ) {
            Runnable item;
            synchronized (lock) {
                item = waiting.pollFirst();
                if (item == null && dirty.isEmpty()) {
                    scheduled = false;
                    return;
                }
            }
            if (item != null) {
                run(item);
                left--;
                flushIfDue();
            } else if (!offered && dirty.size() >= CROWD) {
                // whoever emits goes first if he wants the same core: what he adds leaves in the same writes
                offered = true;
                Thread.yield();
            } else {
                long pause = flush();
                if (pause > 0 && hasMore()) {
                    context.time().schedule(Duration.ofNanos(pause), this::begin);
                    return;
                }
                offered = false;
            }
        }
        flush();
        begin();
    }

    private boolean hasMore() {
        synchronized (lock) {
            return !waiting.isEmpty();
        }
    }

    private void run(Runnable item) {
        try {
            item.run();
        } catch (RuntimeException | Error e) {
            context.lines().error(LOG, context.node(), "an item of a fan-out failed; the fan-out goes on", e);
        }
    }

    private void handle(PlacedEntry placed) {
        Position at = placed.position();
        try {
            LogEntry entry = placed.entry();
            if (isHere(entry.target())) {
                handle(at, entry);
            }
            if (offsets && !(entry instanceof LogEntry.Emit)) {
                operations.add(placed, context.time().nanoTime());
            }
        } catch (RuntimeException | Error e) {
            context.lines().error(LOG, context.node(), "the entry at {} failed; the fan-out goes on", at, e);
        }
        passed(at);
    }

    private void passed(Position at) {
        position = at;
        stamp = null;
        index.passed(at);
        if (!parked.isEmpty()) {
            unpark();
        }
    }

    private boolean isHere(Target target) {
        String node = target.node();
        return node == null || node.equals(context.node());
    }

    private void handle(Position at, LogEntry entry) {
        if (entry instanceof LogEntry.Emit emit) {
            Delivery delivery = new Delivery(at, emit.target(), emit.event());
            if (offsets) {
                window.add(delivery, context.time().nanoTime());
            }
            index.forEach(emit.target(), at, member -> deliver(member, delivery));
        } else if (entry instanceof LogEntry.Join join) {
            index.forEach(join.target(), at, member -> member.joinAt(join.rooms(), at));
        } else if (entry instanceof LogEntry.Leave leave) {
            index.forEach(leave.target(), at, member -> member.leaveAt(leave.rooms(), at));
        } else if (entry instanceof LogEntry.Disconnect disconnect) {
            index.forEach(disconnect.target(), at, member -> member.disconnectAt(disconnect.closeConnection()));
        }
    }

    private void handle(VolatileEmit emit) {
        if (emit.own()) {
            abroad.accept(emit);
        }
        if (!isHere(emit.target())) {
            return;
        }
        OutboundMessage[] message = new OutboundMessage[1];
        index.forEach(emit.target(), null, member -> {
            if (message[0] == null) {
                message[0] = OutboundMessage.volatileMessage(
                        encoder.event(emit.event().json(), emit.event().attachments(), -1, stamp()),
                        emit.coalesceKey());
            }
            deliver(member, message[0]);
        });
    }

    /** The offset of what is not in the log itself: how far this fan-out has come. In turn only. */
    public @Nullable String stamp() {
        if (!offsets) {
            return null;
        }
        String text = stamp;
        if (text == null) {
            text = position.toString();
            stamp = text;
        }
        return text;
    }

    private void deliver(M member, Delivery delivery) {
        deliver(member, delivery.message(encoder, offsets));
    }

    /** Gives a message to a recipient, to be flushed at the end of the turn. In turn only. */
    public boolean deliver(M member, OutboundMessage message) {
        if (!member.deliver(message)) {
            return false;
        }
        delivered++;
        if (member.markForFlush()) {
            dirty.add(member);
        }
        return true;
    }

    /** Returns how long to wait before the next one, if something waits for it: an eighth of what this one took, for a crowd. */
    private long flush() {
        unflushed = 0;
        int crowd = dirty.size();
        if (crowd == 0) {
            return 0;
        }
        long start = context.time().nanoTime();
        for (M member : dirty) {
            flush(member);
        }
        dirty.clear();
        context.counters().count(Counters.Name.DELIVERIES, delivered);
        delivered = 0;
        flushedAt = context.time().nanoTime();
        return crowd < CROWD ? 0 : Math.min(LONGEST_PAUSE_NANOS, (flushedAt - start) / 8);
    }

    private void flushIfDue() {
        if (!dirty.isEmpty() && context.time().nanoTime() - flushedAt >= LONGEST_HOLD_NANOS) {
            flush();
        }
    }

    private void flush(Recipient member) {
        try {
            member.flush();
        } catch (RuntimeException | Error e) {
            context.lines().error(LOG, context.node(), "a recipient could not be flushed; the fan-out goes on", e);
        }
    }

    /**
     * A portion of what a session missed behind a position, as far as its rooms may tell; null when the window does not reach back so far. From
     * any thread: the fan-out goes on meanwhile.
     *
     * @param most events of the portion
     * @param mostBytes of the portion, which holds one event at least
     */
    public @Nullable ReplayBatch missed(Position after, Collection<String> rooms, int most, int mostBytes) {
        Position through = position;
        window.trim(context.time().nanoTime());
        return window.behind(after, through, rooms, most, mostBytes);
    }

    /** Begins to collect what the log held behind a position before this node followed it. */
    public Backfill past(Position after) {
        long now = context.time().nanoTime();
        long age = context.retention().toNanos();
        return new Backfill(
                context.node(), now, new ReplayWindow(context.recovery(), age, after), new OperationWindow(age, after));
    }

    /**
     * From now on what was collected can be replayed. In turn only.
     *
     * @param joint it is whole up to here, where this node began to follow the log
     */
    public void attach(Backfill past, Position joint) {
        window.attach(past.events(), joint, context.time().nanoTime());
        operations.attach(past.operations(), joint);
    }

    /** There is something that this node has not been told, or has been told alone: nobody is brought up to date from memory of it. In turn only. */
    public void forget() {
        window.forget(position);
        operations.forget(position);
    }

    /**
     * What audiences were told to do behind a position, as far as the fan-out has come; null when that has been forgotten in part. In turn
     * only.
     */
    public @Nullable List<PlacedEntry> operations(Position after) {
        return operations.behind(after);
    }

    /** Completes when everything up to a position, and all that waits now, has had its turn. */
    public CompletionStage<Void> settled(Position until) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        executeBehind(until, () -> {
            flush();
            settled.complete(null);
        });
        return settled;
    }

    /** The encoder of this namespace. */
    public PacketEncoder encoder() {
        return encoder;
    }
}
