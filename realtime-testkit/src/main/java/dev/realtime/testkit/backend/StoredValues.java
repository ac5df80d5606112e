package dev.realtime.testkit.backend;

import dev.realtime.spi.Time;
import dev.realtime.spi.Values.Value;
import dev.realtime.spi.Values.Written;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values with versions. Not thread-safe: guarded by its {@link Store}. */
final class StoredValues {
    private final Time time;
    private final Undo undo;
    private final Instant start;
    private final long startedAt;
    private final Map<String, Kept> values = new TreeMap<>();

    private record Kept(long version, @Nullable String text, long deadline) {}

    StoredValues(Time time, Undo undo) {
        this.time = time;
        this.undo = undo;
        this.start = time.now();
        this.startedAt = time.nanoTime();
    }

    Value find(String name) {
        long now = time.nanoTime();
        values.values().removeIf(kept -> kept.deadline - now < 0);
        Kept kept = values.get(name);
        Instant at = start.plusNanos(now - startedAt);
        return kept == null ? new Value(0, null, at) : new Value(kept.version, kept.text, at);
    }

    Written put(String name, long expectedVersion, @Nullable String text, Duration timeToLive) {
        Value known = find(name);
        if (known.version() != expectedVersion) {
            return new Written(false, known);
        }
        long version = Math.max(known.version() + 1, ChronoUnit.MICROS.between(Instant.EPOCH, known.at()));
        Kept before = values.put(name, new Kept(version, text, time.nanoTime() + timeToLive.toNanos()));
        undo.changed(() -> {
            if (before == null) {
                values.remove(name);
            } else {
                values.put(name, before);
            }
        });
        return new Written(true, new Value(version, text, known.at()));
    }

    /** All that was written is lost. */
    void lose() {
        values.clear();
    }
}
