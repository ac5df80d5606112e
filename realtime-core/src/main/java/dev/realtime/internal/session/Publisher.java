package dev.realtime.internal.session;

import dev.realtime.Position;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.fanout.VolatileEmit;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.node.UnseenFailures;
import dev.realtime.internal.system.UserStage;
import dev.realtime.internal.traces.Traces;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The appends to a namespace's log, and program order. A thread goes on before what it has emitted has a place in the log. So an acknowledgement, a
 * question or a goodbye that follows waits until the fan-out has come to that place, and only if there is something to wait for. Thread-safe.
 */
public final class Publisher {
    private final Log log;
    private final Fanout<LocalSession> fanout;
    private final Lifetime lifetime;
    private final Executor handlers;
    private final LogContext logs;
    private final Traces traces;
    private final String namespace;
    private final Counters counters;
    private final TimeoutQueue deadlines;
    private final UnseenFailures unseen;
    private final AppendTimes appends;
    private final AtomicLong numbers = new AtomicLong();

    @SuppressWarnings("ThreadLocalUsage") // one for each namespace, which ends with it
    private final ThreadLocal<@Nullable Published> latest = new ThreadLocal<>();

    /**
     * What has been emitted.
     *
     * @param number counts all that this node emits in the namespace
     * @param place where it is in the log, or behind which it waits for its turn
     * @param logged false: an event that may be lost, whose turn nobody knows of
     */
    public record Published(long number, CompletionStage<Position> place, boolean logged) {}

    /** @param patience for an append to get its place, before what comes behind it goes on without */
    public Publisher(
            String namespace,
            NodeRuntime runtime,
            Lifetime lifetime,
            Duration patience,
            Log log,
            Fanout<LocalSession> fanout) {
        this.log = log;
        this.fanout = fanout;
        this.lifetime = lifetime;
        this.handlers = runtime.workers().handlers();
        this.logs = runtime.logs();
        this.traces = runtime.traces();
        this.namespace = namespace;
        this.counters = runtime.counters();
        this.deadlines = new TimeoutQueue(runtime.time(), runtime.workers(), patience);
        this.appends = new AppendTimes(runtime.time(), counters);
        this.unseen =
                new UnseenFailures(namespace, runtime.time(), runtime.workers(), runtime.counters(), runtime.lines());
    }

    /**
     * Appends for the application.
     *
     * @param what names it in the log, should it fail and nobody look
     * @param by the session that emits it; null: nobody
     * @return completes with its place, or fails; at once if the node is closed
     */
    public CompletionStage<Position> append(String what, LogEntry entry, @Nullable LocalSession by) {
        IllegalStateException end = lifetime.end();
        if (end != null) {
            return CompletableFuture.failedFuture(end);
        }
        Published published = append(entry);
        if (by != null) {
            by.emits().add(published);
        }
        return UserStage.of(
                lifetime.within(published.place()),
                logs.here(by == null ? handlers : by.connection().answers()),
                unseen,
                what);
    }

    Published append(LogEntry entry) {
        counters.count(Counters.Name.LOG_APPENDED);
        return note(counters.observer() == null ? log.append(entry) : appends.append(log, entry), true);
    }

    /**
     * Gives the fan-out a volatile event of the application.
     *
     * @param by the session that emits it; null: nobody
     */
    public void emit(VolatileEmit emit, @Nullable LocalSession by) {
        Position behind = log.tail();
        fanout.emit(emit, behind);
        Published published = passedOn(behind);
        if (by != null) {
            by.emits().add(published);
        }
    }

    /** What goes along with an event that this thread emits: what the application says, and what the event follows from. */
    public Map<String, String> carried(String contract, Map<String, String> headers) {
        Map<String, String> all = logs.carried(headers);
        return traces.isOn() ? traces.emitting(namespace, contract, all) : all;
    }

    /** Tells whoever observes it of an event of the application. */
    public void emitted(String contract, boolean mayBeLost) {
        EngineObserver observer = counters.observer();
        if (observer != null) {
            observer.emitted(contract, mayBeLost);
        }
    }

    /** @throws IllegalStateException when the node is closed */
    public void requireOpen() {
        lifetime.require();
    }

    private Published passedOn(Position behind) {
        Published before = latest.get();
        return note(
                before == null || isPassed(before) ? CompletableFuture.completedFuture(behind) : before.place(), false);
    }

    private Published note(CompletionStage<Position> place, boolean logged) {
        Published published = new Published(numbers.incrementAndGet(), place, logged);
        latest.set(published);
        return published;
    }

    /** Everything emitted from now on has a higher number. */
    long mark() {
        return numbers.get();
    }

    /** The last that this thread has emitted behind a mark. */
    @Nullable
    Published since(long mark) {
        if (numbers.get() == mark) {
            return null;
        }
        Published last = latest.get();
        return last != null && last.number() > mark ? last : null;
    }

    /** The last that this thread has emitted, unless it has met its recipients. */
    @Nullable
    Published underWay() {
        Published last = latest.get();
        return last == null || isPassed(last) ? null : last;
    }

    /** Whether it has met its recipients, or never will. */
    boolean isPassed(Published published) {
        CompletableFuture<Position> place = published.place().toCompletableFuture();
        if (!published.logged() || !place.isDone()) {
            return false;
        }
        return place.isCompletedExceptionally() || !place.join().isAfter(fanout.position());
    }

    /** Whether it has a place in the log, or will not have one. */
    static boolean isPlaced(Published published) {
        return published.place().toCompletableFuture().isDone();
    }

    static @Nullable Published later(@Nullable Published one, @Nullable Published other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.number() > other.number() ? one : other;
    }

    TimeoutQueue.Deadline deadline(Runnable missed) {
        return deadlines.add(() -> {
            counters.count(Counters.Name.ORDER_GIVEN_UP);
            missed.run();
        });
    }

    /** Runs a task in the fan-out's turn behind everything that this thread has emitted. */
    public void behindOwn(Runnable task) {
        behindOwn(null, task);
    }

    /** Runs a task in the fan-out's turn behind everything that this thread has emitted, and something else. */
    void behindOwn(@Nullable Published other, Runnable task) {
        Published own = later(underWay(), other);
        behind(own == null || isPlaced(own) ? null : own, task);
    }

    /** Runs a task in the fan-out's turn behind what has been emitted, or when that has taken too long. */
    void behind(@Nullable Published published, Runnable task) {
        if (published == null || isPlaced(published)) {
            behindPlaced(published, task);
            return;
        }
        TimeoutQueue.Deadline deadline = deadline(() -> fanout.execute(task));
        var unused = published.place().whenComplete((place, failure) -> {
            Position until = place == null
                    ? fanout.position()
                    : place; // degraded: it is in front of us in the fan-out's queue, or nowhere
            fanout.executeBehind(until, () -> {
                if (deadline.meet()) {
                    task.run();
                }
            });
        });
    }

    private void behindPlaced(@Nullable Published published, Runnable task) {
        CompletableFuture<Position> place =
                published == null ? null : published.place().toCompletableFuture();
        fanout.executeBehind(place == null || place.isCompletedExceptionally() ? log.tail() : place.join(), task);
    }

    /** Runs a task behind everything that has a place by now: at once if the fan-out is there. */
    void behindTail(Runnable task) {
        Position tail = log.tail();
        if (tail.isAfter(fanout.position())) {
            fanout.executeBehind(tail, task);
        } else {
            task.run();
        }
    }
}
