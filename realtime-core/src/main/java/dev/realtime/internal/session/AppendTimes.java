package dev.realtime.internal.session;

import dev.realtime.Position;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Time;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** How long a log takes to give an entry its place: of one append at a time, so that the others cost nothing. Thread-safe. */
final class AppendTimes {
    private final Time time;
    private final Counters counters;
    private final AtomicBoolean underWay = new AtomicBoolean();

    AppendTimes(Time time, Counters counters) {
        this.time = time;
        this.counters = counters;
    }

    CompletionStage<Position> append(Log log, LogEntry entry) {
        if (underWay.get() || !underWay.compareAndSet(false, true)) {
            return log.append(entry);
        }
        long began = time.nanoTime();
        CompletionStage<Position> place;
        try {
            place = log.append(entry);
        } catch (RuntimeException | Error e) {
            underWay.set(false);
            throw e;
        }
        if (place.toCompletableFuture().isDone()) {
            ended(began, place.toCompletableFuture().isCompletedExceptionally());
        } else {
            var unused = place.whenComplete((position, failure) -> ended(began, failure != null));
        }
        return place;
    }

    private void ended(long began, boolean failed) {
        long nanos = time.nanoTime() - began;
        underWay.set(false);
        EngineObserver observer = counters.observer();
        if (observer != null && !failed) {
            observer.appended(nanos);
        }
    }
}
