package dev.realtime.testkit.backend;

import dev.realtime.spi.Time;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Queues by name. Not thread-safe: guarded by its {@link Store}. */
final class StoredQueues {
    private final Time time;
    private final Undo undo;
    private final Instant start;
    private final long startedAt;
    private final Map<String, StoredQueue> queues = new TreeMap<>();

    StoredQueues(Time time, Undo undo) {
        this.time = time;
        this.undo = undo;
        this.start = time.now();
        this.startedAt = time.nanoTime();
    }

    /** Uses a queue at the store's clock; nothing in it is over. */
    <T> T use(String name, BiFunction<StoredQueue, Instant, T> use) {
        Instant now = start.plusNanos(time.nanoTime() - startedAt).truncatedTo(ChronoUnit.MICROS);
        StoredQueue queue = queues.computeIfAbsent(name, missing -> new StoredQueue(undo));
        queue.forget(now);
        return use.apply(queue, now);
    }

    /** How many items are in all queues together. */
    int size() {
        Map<String, StoredQueue> all = new TreeMap<>(queues);
        return all.keySet().stream()
                .mapToInt(name -> use(name, (queue, now) -> queue.size()))
                .sum();
    }

    /** All that was written is lost. */
    void lose() {
        queues.clear();
    }
}
