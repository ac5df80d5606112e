package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.Recovery;
import dev.realtime.internal.batches.Batching;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Log;
import dev.realtime.spi.PlacedEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
    /** After so many entries of a batch the clock is asked. */
    private static final int ENTRIES_PER_LOOK = 16;
    /** What a thread that was lent may do: so many entries, and so many connections to flush. */
    private static final int FEW = 16;
    /** Before a turn that could not begin is tried again. */
    private static final Duration AGAIN = Duration.ofMillis(10);

    private final NodeRuntime runtime;
    private final EventMessages messages;
    private final RecentLog recent;
    private final LongSupplier logClock;
    private final @Nullable TickBuffer ticks; // null: coalesced events leave at once
    private final TurnQueue queue = new TurnQueue();
    private final AtomicInteger volatiles = new AtomicInteger(); // in the queue, or parked
    private final AtomicLong begun = new AtomicLong(); // turns; odd while one that has been asked for has not begun

    // used in turn only
    private final UnflushedRecipients<M> unflushed;
    private final ParkedTasks parked = new ParkedTasks();
    private final Distributor<M> distributor;

    /**
     * @param messages how events look to clients
     * @param from where the log is followed from
     * @param retention how long is remembered what those who come back may have missed
     * @param tick the pace of coalesced volatile events; null: at once
     * @param throttling null: no event is throttled
     * @param logClock see {@link Log#now}
     * @param abroad told of each volatile event of this node when it is delivered here, for the other nodes
     */
    public Fanout(
            NodeRuntime runtime,
            Recovery recovery,
            EventMessages messages,
            RoomIndex<M> index,
            Position from,
            Duration retention,
            @Nullable Duration tick,
            @Nullable Throttling<M> throttling,
            LongSupplier logClock,
            Consumer<VolatileEmit> abroad) {
        this.runtime = runtime;
        this.messages = messages;
        this.logClock = logClock;
        this.unflushed = new UnflushedRecipients<>(runtime);
        Batching batching = messages.batching();
        HeldRecipients<M> held =
                batching == null ? null : new HeldRecipients<>(batching, runtime.time(), this::execute, unflushed);
        this.distributor = new Distributor<>(
                runtime, messages, index, from, logClock, abroad, unflushed, held, throttling, this::execute);
        this.recent = new RecentLog(runtime, recovery, retention, from, distributor::position, logClock);
        this.ticks = tick == null
                ? null
                : new TickBuffer(
                        runtime.time(),
                        tick,
                        VOLATILE_BACKLOG,
                        runtime.counters(),
                        latest -> execute(() -> latest.forEach(distributor::distribute)));
    }

    /** Everything up to here has met its recipients. */
    public Position position() {
        return distributor.position();
    }

    /** What is remembered for those who come back. */
    public RecentLog recent() {
        return recent;
    }

    /** How events look to the clients of this namespace. */
    public EventMessages messages() {
        return messages;
    }

    /** Who reads what nodes write to each other; to be said before the log is followed. */
    public void notesTo(NoteReader reader) {
        distributor.notesTo(reader);
    }

    /** Who says what a recipient is told of an event in parts; to be said before the log is followed. */
    public void partsBy(PartChooser<? super M> chooser) {
        distributor.partsBy(chooser);
    }

    /** Who reads the headers of events; to be said before the log is followed. */
    public void headersTo(HeaderReader reader) {
        distributor.headersTo(reader);
    }

    /** What waits for its turn: batches of the log, volatile events, tasks. */
    public int waiting() {
        return queue.size();
    }

    // ---- what takes a turn

    /** Takes a batch of the log; see {@link Log.Reader}. */
    public void entries(List<PlacedEntry> batch, Position through, Runnable done) {
        execute(() -> take(batch, through, done));
    }

    /** Takes a batch of a log that {@link Log#lendsThread() lends} the thread that calls. */
    public void entriesHere(List<PlacedEntry> batch, Position through, Runnable done) {
        if (queue.add(() -> take(batch, through, done))) {
            if (batch.size() <= FEW) {
                shortTurn();
            } else {
                begin();
            }
        }
    }

    /** Runs a task in turn with everything else. */
    public void execute(Runnable task) {
        if (queue.add(task)) {
            begin();
        }
    }

    /** As {@link #execute}, but in the thread that calls when nobody has the turn: it holds no lock, and is about to have nothing else to do. */
    public void executeHere(Runnable task) {
        if (queue.add(task)) {
            shortTurn();
        }
    }

    /** Runs a task in turn, but not before everything up to a position has met its recipients. */
    public void executeBehind(Position until, Runnable task) {
        execute(() -> {
            if (until.isAfter(position())) {
                parked.add(until, task);
            } else {
                task.run();
            }
        });
    }

    /**
     * Emits an event that may be lost, not before everything up to a position; with a key and a tick, the latest of its key at the next
     * tick.
     */
    public void emit(VolatileEmit emit, Position behind) {
        String key = emit.coalesceKey();
        if (ticks != null && key != null) {
            ticks.put(key, emit);
            return;
        }
        if (volatiles.incrementAndGet() > VOLATILE_BACKLOG) {
            volatiles.decrementAndGet();
            runtime.counters().count(Counters.Name.VOLATILE_DROPPED);
            return;
        }
        executeBehind(behind, () -> {
            volatiles.decrementAndGet();
            distributor.distribute(emit);
        });
    }

    /** Completes when everything up to a position, and all that waits now, has had its turn. */
    public CompletionStage<Void> settled(Position until) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        executeBehind(until, () -> {
            distributor.release();
            unflushed.flush();
            settled.complete(null);
        });
        return settled;
    }

    // ---- the turn

    /** For whoever has the turn: it goes on elsewhere. */
    private void begin() {
        long mine = begun.incrementAndGet();
        try {
            runtime.workers().execute(() -> {
                if (begun.compareAndSet(mine, mine + 1)) {
                    turn();
                }
            });
        } catch (RuntimeException | Error e) { // nobody else would; an executor may have taken it all the same
            if (begun.compareAndSet(mine, mine + 1)) {
                runtime.lines().error(LOG, runtime.node(), "a turn of a fan-out could not begin; it is tried again", e);
                runtime.time().schedule(AGAIN, this::begin);
            }
        }
    }

    private void turn() {
        try {
            workOff();
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, runtime.node(), "a turn of a fan-out failed; the next goes on", e);
            begin();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint: without it the writes are more and everything else is the same
    private void workOff() {
        boolean yielded = false;
        unflushed.begin();
        for (int left = ITEMS_PER_TURN; left > 0; ) {
            Runnable item = queue.next(unflushed.isEmpty());
            if (item != null) {
                run(item);
                left--;
                unflushed.flushIfDue();
            } else if (unflushed.isEmpty()) {
                return;
            } else if (!yielded && unflushed.isCrowd()) {
                // whoever emits goes first if he wants the same core: what he adds leaves in the same writes
                yielded = true;
                Thread.yield();
            } else {
                long pause = unflushed.flush();
                if (pause > 0 && !queue.isEmpty()) {
                    runtime.time().schedule(Duration.ofNanos(pause), this::begin);
                    return;
                }
                yielded = false;
            }
        }
        unflushed.flush();
        begin();
    }

    /** The turn of a thread that has other work: what it has brought, when that is little, and nothing else. */
    private void shortTurn() {
        boolean more = true;
        try {
            more = shortWork();
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, runtime.node(), "a turn of a fan-out failed; the next goes on", e);
        }
        if (more) {
            begin();
        }
    }

    /** Returns whether the turn is still taken. */
    private boolean shortWork() {
        if (parked.isEmpty()) {
            Runnable brought = queue.next(false);
            if (brought != null) {
                run(brought);
            }
            if (unflushed.size() <= FEW) {
                unflushed.flush();
            }
        }
        return !unflushed.isEmpty() || !queue.giveBack();
    }

    private void run(Runnable item) {
        try {
            item.run();
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, runtime.node(), "an item of a fan-out failed; the fan-out goes on", e);
        }
    }

    private void take(List<PlacedEntry> batch, Position through, Runnable done) {
        try {
            take(batch, through);
        } finally {
            done.run(); // what the log holds by now joins this turn, and leaves in the same writes
        }
    }

    private void take(List<PlacedEntry> batch, Position through) {
        EngineObserver observer = runtime.counters().observer();
        if (observer != null && !batch.isEmpty()) {
            observer.followed(
                    batch.size(),
                    Math.max(0, logClock.getAsLong() - batch.get(0).at()));
        }
        int handled = 0;
        for (PlacedEntry placed : batch) {
            distributor.distribute(placed, recent);
            parked.run(position(), this::run);
            if (++handled % ENTRIES_PER_LOOK == 0) {
                run(unflushed::flushIfDue);
            }
        }
        if (through.isAfter(position())) {
            distributor.passed(through);
            parked.run(through, this::run);
        }
        unflushed.tookEntries(batch.size());
    }

    // ---- for those who are in the turn

    /** Gives a message to a recipient, to be flushed at the end of the turn. Returns whether its client is there. In turn only. */
    public boolean deliver(M member, OutboundMessage message) {
        return distributor.deliver(member, message);
    }

    /** The offset of what is not in the log itself: how far this fan-out has come. In turn only. */
    public @Nullable String stamp() {
        return distributor.stamp();
    }
}
