package dev.realtime.internal.fanout;

import dev.realtime.internal.node.Counters;
import dev.realtime.spi.Target;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The volatile events that wait for the next tick: of each target and coalescing key the latest. Thread-safe. */
final class TickBuffer {
    private final Time time;
    private final Duration tick;
    private final int most;
    private final Counters counters;
    private final Consumer<List<VolatileEmit>> due;
    private final Map<TickKey, VolatileEmit> waiting = new LinkedHashMap<>(); // guarded by this

    private record TickKey(Target target, String key) {}

    /**
     * @param most keys that may wait; events of further ones are dropped and counted
     * @param due takes the events of a tick, on the timer's thread
     */
    TickBuffer(Time time, Duration tick, int most, Counters counters, Consumer<List<VolatileEmit>> due) {
        this.time = time;
        this.tick = tick;
        this.most = most;
        this.counters = counters;
        this.due = due;
    }

    /** Takes the place of the event of the same target and key that waits, if there is one. */
    void put(String coalesceKey, VolatileEmit emit) {
        TickKey key = new TickKey(emit.target(), coalesceKey);
        boolean first;
        synchronized (this) {
            if (waiting.size() >= most && !waiting.containsKey(key)) {
                counters.count(Counters.Name.VOLATILE_DROPPED);
                return;
            }
            first = waiting.isEmpty();
            waiting.put(key, emit);
        }
        if (first) {
            time.schedule(tick, this::ring);
        }
    }

    private void ring() {
        List<VolatileEmit> latest;
        synchronized (this) {
            latest = new ArrayList<>(waiting.values());
            waiting.clear();
        }
        due.accept(latest);
    }
}
