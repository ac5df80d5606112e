package dev.realtime.internal.memory;

import dev.realtime.Position;
import dev.realtime.spi.Log.Once;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ids under which a log has appended something, or is not to append anything. Guarded by the log's lock. */
final class KnownIds {
    private final Time time;
    private final Map<String, Known> known = new HashMap<>();
    private final PriorityQueue<Known> ends = new PriorityQueue<>((a, b) -> Long.signum(a.end - b.end));

    private record Known(String id, @Nullable Position position, long end) {}

    KnownIds(Time time) {
        this.time = time;
    }

    /** @param append what to do under an id that is not known; it gives the position, or null if there is none */
    Once once(String id, Duration remembered, Supplier<@Nullable Position> append) {
        long now = time.nanoTime();
        for (Known oldest; (oldest = ends.peek()) != null && oldest.end - now < 0; ) {
            ends.remove();
            known.remove(oldest.id);
        }
        Known before = known.get(id);
        if (before != null) {
            return new Once(false, before.position);
        }
        Known first = new Known(id, append.get(), now + remembered.toNanos());
        known.put(id, first);
        ends.add(first);
        return new Once(true, first.position);
    }

    int size() {
        return known.size();
    }
}
