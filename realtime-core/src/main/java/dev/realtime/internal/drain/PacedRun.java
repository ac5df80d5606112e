package dev.realtime.internal.drain;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does something to many, one after another over a time, so that clients that are sent elsewhere do not arrive in one wave. The time is divided into as many parts as there are
 * of them, and each has its moment somewhere in its part. Order and moments follow from their ids, which nobody can guess. Thread-safe.
 */
public final class PacedRun<T> {
    /** What is due within this time is done at once: a timer for each of ten thousand costs more than it spreads. */
    private static final long GRAIN = Duration.ofMillis(10).toNanos();

    private static final double ONE = 0x1p-53;

    private record Due<T>(long at, T item) {}

    private record Placed<T>(long place, T item) {}

    private final NodeRuntime runtime;
    private final Consumer<T> action;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Queue<Due<T>> waiting = new ArrayDeque<>(); // in the order of their moments; guarded by this

    private PacedRun(NodeRuntime runtime, Consumer<T> action) {
        this.runtime = runtime;
        this.action = action;
    }

    /**
     * Begins. The first, or the first few where there are many, have their turn at once, in the caller's thread; the others on workers.
     *
     * @param id of each
     * @param span over which all have had their turn
     */
    public static <T> PacedRun<T> over(
            Duration span, NodeRuntime runtime, Collection<T> all, Function<T, String> id, Consumer<T> action) {
        PacedRun<T> run = new PacedRun<>(runtime, action);
        run.plan(span.toNanos(), all, id);
        run.step();
        return run;
    }

    /** The same at a rate. */
    public static <T> PacedRun<T> at(
            int perSecond, NodeRuntime runtime, Collection<T> all, Function<T, String> id, Consumer<T> action) {
        return over(Duration.ofSeconds(all.size()).dividedBy(perSecond), runtime, all, id, action);
    }

    private synchronized void plan(long span, Collection<T> all, Function<T, String> id) {
        List<Placed<T>> placed = all.stream()
                .map(item -> new Placed<>(mix(id.apply(item).hashCode()), item))
                .sorted(Comparator.comparingLong(Placed::place))
                .toList();
        long start = runtime.time().nanoTime();
        double part = (double) span / Math.max(1, placed.size());
        for (int i = 0; i < placed.size(); i++) {
            double jitter = (mix(placed.get(i).place()) >>> 11) * ONE;
            waiting.add(new Due<>(
                    start + (long) (part * (i + jitter)), placed.get(i).item()));
        }
    }

    /** The finalizer of SplitMix64: ids that differ little give places that have nothing to do with each other. */
    private static long mix(long seed) {
        long z = seed + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private void step() {
        long until = runtime.time().nanoTime() + GRAIN;
        try {
            for (T next = dueBy(until); next != null; next = dueBy(until)) {
                action.accept(next);
            }
        } finally {
            goOn(); // also behind one of them that failed
        }
    }

    private synchronized @Nullable T dueBy(long until) {
        Due<T> first = waiting.peek();
        if (first == null || first.at - until > 0) {
            return null;
        }
        waiting.remove();
        return first.item;
    }

    private void goOn() {
        Duration delay;
        synchronized (this) {
            Due<T> first = waiting.peek();
            delay = first == null
                    ? null
                    : Duration.ofNanos(Math.max(0, first.at - runtime.time().nanoTime()));
        }
        if (delay == null) {
            done.complete(null);
        } else {
            Time.Timer unused =
                    runtime.time().schedule(delay, () -> runtime.workers().execute(this::step));
        }
    }

    /** Leaves out whoever has not had a turn yet. */
    public void stop() {
        synchronized (this) {
            waiting.clear();
        }
        done.complete(null);
    }

    /** Completes when all have had their turn, or it has been stopped. */
    public CompletionStage<Void> whenDone() {
        return done;
    }
}
