package dev.realtime.internal.memory;

import dev.realtime.spi.Leases;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Leases of the engines of one process. */
final class MemoryLeases implements Leases {
    private final Time time;
    // guarded by this
    private final Map<String, Long> ends = new HashMap<>();
    private final Map<String, Long> takeovers = new HashMap<>();

    MemoryLeases(Time time) {
        this.time = time;
    }

    @Override
    public synchronized CompletionStage<Boolean> renew(String node, Duration lease) {
        takeovers.remove(node);
        Long before = ends.put(node, time.nanoTime() + lease.toNanos());
        return CompletableFuture.completedFuture(before != null);
    }

    @Override
    public synchronized CompletionStage<Set<String>> living() {
        Set<String> living = new LinkedHashSet<>();
        ends.forEach((node, end) -> {
            if (end - time.nanoTime() >= 0) {
                living.add(node);
            }
        });
        return CompletableFuture.completedFuture(living);
    }

    @Override
    public synchronized CompletionStage<Set<String>> takeOver(Duration patience) {
        long now = time.nanoTime();
        Set<String> dead = new LinkedHashSet<>();
        collect(ends, now, dead);
        collect(takeovers, now, dead);
        for (String node : dead) {
            ends.remove(node);
            takeovers.put(node, now + patience.toNanos());
        }
        return CompletableFuture.completedFuture(dead);
    }

    private static void collect(Map<String, Long> deadlines, long now, Set<String> over) {
        deadlines.forEach((node, end) -> {
            if (end - now < 0) {
                over.add(node);
            }
        });
    }

    @Override
    public synchronized CompletionStage<Void> endTakeover(String node) {
        takeovers.remove(node);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Void> end(String node) {
        ends.remove(node);
        takeovers.remove(node);
        return CompletableFuture.completedFuture(null);
    }
}
