package dev.realtime.redis.internal.intake;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often what has happened. Thread-safe. */
public final class IntakeCounters {
    private final Map<IntakeCount, LongAdder> counts = new EnumMap<>(IntakeCount.class);

    public IntakeCounters() {
        for (IntakeCount each : IntakeCount.values()) {
            counts.put(each, new LongAdder());
        }
    }

    public void count(IntakeCount what) {
        adder(what).increment();
    }

    public long get(IntakeCount what) {
        return adder(what).sum();
    }

    private LongAdder adder(IntakeCount what) {
        LongAdder adder = counts.get(what);
        if (adder == null) {
            throw new IllegalStateException("nobody counts " + what);
        }
        return adder;
    }

    /** Returns all of them by their names. */
    public Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((what, count) -> all.put(what.counter(), count.sum()));
        return all;
    }
}
