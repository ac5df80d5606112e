package dev.realtime.testkit.backend;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Leases, and takeovers of dead nodes. Not thread-safe: guarded by its {@link Store}. */
final class StoredLeases {
    private final Time time;
    private final Map<String, Long> ends = new TreeMap<>();
    private final Map<String, Long> takeovers = new TreeMap<>();

    StoredLeases(Time time) {
        this.time = time;
    }

    boolean renew(String node, Duration lease) {
        takeovers.remove(node);
        return ends.put(node, time.nanoTime() + lease.toNanos()) != null;
    }

    Set<String> living() {
        return reached(ends, false);
    }

    Set<String> takeOver(Duration patience) {
        Set<String> dead = reached(ends, true);
        dead.addAll(reached(takeovers, true));
        for (String node : dead) {
            ends.remove(node);
            takeovers.put(node, time.nanoTime() + patience.toNanos());
        }
        return dead;
    }

    /** All that was written is lost. */
    void lose() {
        ends.clear();
        takeovers.clear();
    }

    void endTakeover(String node) {
        takeovers.remove(node);
    }

    void end(String node) {
        ends.remove(node);
        takeovers.remove(node);
    }

    /** Nodes that are dead and not yet taken over, or about to be found dead. */
    Set<String> untaken() {
        Set<String> names = reached(ends, true);
        names.addAll(takeovers.keySet());
        return names;
    }

    private Set<String> reached(Map<String, Long> deadlines, boolean over) {
        long now = time.nanoTime();
        Set<String> names = new TreeSet<>();
        deadlines.forEach((node, end) -> {
            if (end - now < 0 == over) {
                names.add(node);
            }
        });
        return names;
    }
}
