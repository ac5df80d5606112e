package dev.realtime.internal.memory;

import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Values of the engines of one process, on a clock that never jumps. What has run out is forgotten as others are written. */
final class MemoryValues implements Values {
    private static final int SWEEP_EVERY = 256; // writes

    private final Time time;
    // guarded by this
    private final Map<String, Kept> values = new HashMap<>();
    private @Nullable Instant start;
    private long startedAt;
    private int writes;

    private record Kept(long version, @Nullable String text, long deadline) {}

    MemoryValues(Time time) {
        this.time = time;
    }

    @Override
    public synchronized CompletionStage<Value> find(String name) {
        return CompletableFuture.completedFuture(value(name));
    }

    @Override
    public synchronized CompletionStage<Written> put(
            String name, long expectedVersion, @Nullable String text, Duration timeToLive) {
        Value known = value(name);
        if (known.version() != expectedVersion) {
            return CompletableFuture.completedFuture(new Written(false, known));
        }
        Instant now = known.at();
        long version = Math.max(known.version() + 1, ChronoUnit.MICROS.between(Instant.EPOCH, now));
        values.put(name, new Kept(version, text, time.nanoTime() + timeToLive.toNanos()));
        if (++writes % SWEEP_EVERY == 0) {
            values.values().removeIf(this::isOver);
        }
        return CompletableFuture.completedFuture(new Written(true, new Value(version, text, now)));
    }

    private Value value(String name) {
        Kept kept = values.get(name);
        return kept == null || isOver(kept) ? new Value(0, null, now()) : new Value(kept.version, kept.text, now());
    }

    private boolean isOver(Kept kept) {
        return kept.deadline - time.nanoTime() < 0;
    }

    /** The wall clock of the first use, and what has gone by since. */
    private Instant now() {
        if (start == null) {
            start = time.now();
            startedAt = time.nanoTime();
        }
        return start.plusNanos(time.nanoTime() - startedAt);
    }

    synchronized void clear() {
        values.clear();
    }
}
