package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.Recovery;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.PlacedEntry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node remembers of a namespace's log for those who come back: the recent events, and the recent joins, leaves and disconnects of
 * audiences. Written in the fan-out's turn; only {@link #missed} and {@link #backfill} may be called from any thread.
 */
public final class RecentLog {
    private final NodeRuntime runtime;
    private final Recovery recovery;
    private final Duration retention;
    private final Supplier<Position> passed;
    private final LongSupplier logClock;
    private final ReplayWindow events;
    private final OperationWindow operations;

    /**
     * @param from where the fan-out begins
     * @param passed how far the fan-out has come
     * @param logClock see {@link dev.realtime.spi.Log#now}
     */
    RecentLog(
            NodeRuntime runtime,
            Recovery recovery,
            Duration retention,
            Position from,
            Supplier<Position> passed,
            LongSupplier logClock) {
        this.runtime = runtime;
        this.recovery = recovery;
        this.retention = retention;
        this.passed = passed;
        this.logClock = logClock;
        this.events = new ReplayWindow(recovery, retention.toNanos(), from);
        this.operations = new OperationWindow(retention.toNanos(), from);
    }

    /** If it cannot, it forgets what there is: whoever missed something then begins afresh, rather than without this. */
    void add(Delivery delivery) {
        try {
            events.add(delivery, runtime.time().nanoTime());
        } catch (RuntimeException | Error e) {
            events.forget(delivery.position());
            throw e;
        }
    }

    /** As {@link #add(Delivery)}. */
    void add(PlacedEntry operation) {
        try {
            operations.add(operation, runtime.time().nanoTime());
        } catch (RuntimeException | Error e) {
            operations.forget(operation.position());
            throw e;
        }
    }

    /**
     * Returns a portion of what a session missed behind a position and has not expired, as far as its rooms may tell; null when that is not remembered any more. From
     * any thread: the fan-out goes on meanwhile.
     *
     * @param most events of the portion
     * @param mostBytes of the portion, which holds one event at least
     */
    public @Nullable ReplayBatch missed(Position after, Collection<String> rooms, int most, int mostBytes) {
        Position through = passed.get();
        events.trim(runtime.time().nanoTime());
        return events.behind(after, through, logClock.getAsLong(), rooms, most, mostBytes);
    }

    /** Returns what audiences were told to do behind a position, as far as the fan-out has come; null when that has been forgotten in part. */
    public @Nullable List<PlacedEntry> operations(Position after) {
        return operations.behind(after);
    }

    /** Begins to collect what the log held behind a position before this node followed it. From any thread. */
    public Backfill backfill(Position after) {
        return new Backfill(
                runtime.node(),
                runtime.time().nanoTime(),
                new ReplayWindow(recovery, retention.toNanos(), after),
                new OperationWindow(retention.toNanos(), after));
    }

    /**
     * Puts what was collected in front of what is remembered.
     *
     * @param joint it is whole up to here, where this node began to follow the log
     */
    public void attach(Backfill past, Position joint) {
        events.attach(past.events(), joint, runtime.time().nanoTime());
        operations.attach(past.operations(), joint);
    }

    /** What the events take that are remembered, about. From any thread. */
    public long bytes() {
        return events.bytes();
    }

    /** Forgets everything, since this node has not been told something, or has been told something alone. */
    public void forget() {
        events.forget(passed.get());
        operations.forget(passed.get());
    }
}
