package dev.realtime.internal.memory;

import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Values of the engines of one process, on a clock that never jumps. What has run out is forgotten as others are written. */
final class MemoryValues implements Values {
    /** Others that a write looks at: two, so that they become fewer even if all have run out while others come. */
    private static final int LOOKED_AT = 2;

    private final Time time;
    // guarded by this
    private final Map<String, Kept> values = new LinkedHashMap<>(); // whom nobody has looked at for longest first
    private @Nullable Instant start;
    private long startedAt;

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
        for (int i = 0; i < LOOKED_AT; i++) {
            lookAtNext();
        }
        return CompletableFuture.completedFuture(new Written(true, new Value(version, text, now)));
    }

    /** No write looks at all of them, however many there are. */
    private void lookAtNext() {
        Iterator<Map.Entry<String, Kept>> oldest = values.entrySet().iterator();
        Map.Entry<String, Kept> entry = oldest.next();
        oldest.remove();
        if (!isOver(entry.getValue())) {
            values.put(entry.getKey(), entry.getValue());
        }
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

    synchronized int size() {
        return values.size();
    }

    synchronized void clear() {
        values.clear();
    }
}
