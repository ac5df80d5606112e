package dev.realtime.internal.memory;

import dev.realtime.spi.Queues;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Queues of the engines of one process, on a clock that never jumps. What has come to its end is forgotten as other queues are written to. */
final class MemoryQueues implements Queues {
    /** Others that a write looks at: two, so that they become fewer even if all have come to their end while others come. */
    private static final int LOOKED_AT = 2;

    private final Time time;
    private final AtomicLong puts = new AtomicLong();
    // guarded by this
    private final Map<String, MemoryQueue> queues =
            new LinkedHashMap<>(); // at which nobody has looked for longest first
    private @Nullable Instant start;
    private long startedAt;

    MemoryQueues(Time time) {
        this.time = time;
    }

    /** Uses a queue that holds nothing which is over, and forgets it if nothing is left in it. */
    private synchronized <T> CompletionStage<T> with(String name, BiFunction<MemoryQueue, Instant, T> use) {
        Instant now = now();
        MemoryQueue known = queues.get(name);
        MemoryQueue queue = known == null ? new MemoryQueue(puts) : known;
        queue.forget(now);
        T result = use.apply(queue, now);
        if (queue.size() == 0) {
            queues.remove(name);
        } else {
            queues.put(name, queue);
        }
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public synchronized CompletionStage<Added> put(String queue, Item item, Bounds bounds) {
        CompletionStage<Added> added = with(queue, (items, now) -> items.put(item, bounds, now));
        for (int i = 0; i < LOOKED_AT && !queues.isEmpty(); i++) {
            lookAtNext();
        }
        return added;
    }

    /** No write looks at all of them, however many there are. */
    private void lookAtNext() {
        Iterator<Map.Entry<String, MemoryQueue>> oldest = queues.entrySet().iterator();
        Map.Entry<String, MemoryQueue> entry = oldest.next();
        oldest.remove();
        entry.getValue().forget(now());
        if (entry.getValue().size() > 0) {
            queues.put(entry.getKey(), entry.getValue());
        }
    }

    @Override
    public CompletionStage<Page> find(String queue, Collection<String> ids) {
        return with(queue, (items, now) -> new Page(items.find(ids), now));
    }

    @Override
    public CompletionStage<Page> list(String queue, @Nullable String after, int limit) {
        return with(queue, (items, now) -> new Page(items.list(after, limit), now));
    }

    @Override
    public CompletionStage<Size> size(String queue) {
        return with(queue, (items, now) -> new Size(items.size(), items.bytes(), now));
    }

    @Override
    public CompletionStage<Taken> take(String queue, int limit, Duration lease, String owner) {
        return with(queue, (items, now) -> items.take(limit, lease, owner, now));
    }

    @Override
    public CompletionStage<Void> release(String queue, Collection<String> ids, String owner) {
        var unused = with(queue, (items, now) -> {
            items.release(ids, owner);
            return now;
        });
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Removed> remove(String queue, Collection<String> ids) {
        return with(queue, (items, now) -> {
            Set<String> removed = new LinkedHashSet<>(ids);
            removed.removeIf(id -> !items.remove(id));
            return new Removed(removed, now);
        });
    }

    @Override
    public CompletionStage<Removed> removeAt(String queue, Collection<String> places) {
        return with(queue, (items, now) -> {
            Set<String> removed = new LinkedHashSet<>();
            for (String place : places) {
                String id = items.removeAt(place);
                if (id != null) {
                    removed.add(id);
                }
            }
            return new Removed(removed, now);
        });
    }

    @Override
    public synchronized CompletionStage<Size> clear(String queue) {
        CompletionStage<Size> size = size(queue);
        queues.remove(queue);
        return size;
    }

    /** The wall clock of the first use, and what has gone by since: in microseconds, as places tell them. */
    private Instant now() {
        if (start == null) {
            start = time.now();
            startedAt = time.nanoTime();
        }
        return start.plusNanos(time.nanoTime() - startedAt).truncatedTo(ChronoUnit.MICROS);
    }

    synchronized int count() {
        return queues.size();
    }

    synchronized void clear() {
        queues.clear();
    }
}
