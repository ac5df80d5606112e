package dev.realtime.internal.health;

import dev.realtime.health.EngineCheck;
import dev.realtime.health.HealthCheck;
import dev.realtime.health.HealthOptions;
import dev.realtime.health.HealthReport;
import dev.realtime.health.HealthStatus;
import dev.realtime.health.MemoryAccount;
import dev.realtime.health.NodeLoad;
import dev.realtime.internal.node.NodeRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes reports: the checks of the engine and of the application, once for all who ask within a moment. Thread-safe. */
public final class NodeHealth {
    private final NodeRuntime runtime;
    private final HealthOptions options;
    private final BooleanSupplier degraded;
    private final Supplier<NodeLoad> load;
    private final Supplier<MemoryAccount> memory;
    private final List<RunningCheck> checks = new ArrayList<>();
    private final Duration
            abandoned; // when nobody waits any longer for a report that is being made: who made it may have died of it
    // guarded by this
    private @Nullable CompletableFuture<HealthReport> report;
    private long madeAt;

    /**
     * @param degraded whether the backend cannot be reached
     * @param memory what is held for what
     */
    public NodeHealth(
            NodeRuntime runtime,
            HealthOptions options,
            BooleanSupplier degraded,
            Supplier<NodeLoad> load,
            Supplier<MemoryAccount> memory) {
        this.runtime = runtime;
        this.options = options;
        this.degraded = degraded;
        this.load = load;
        this.abandoned = options.timeout().multipliedBy(2).plus(options.keptFor());
        this.memory = memory;
        options.checks()
                .forEach((name, check) -> checks.add(new RunningCheck(runtime, name, check, options.timeout())));
    }

    /** The report of this moment, or of one that is not long ago. Fails with whatever the engine fails with. */
    public CompletionStage<HealthReport> report() {
        CompletableFuture<HealthReport> mine;
        synchronized (this) {
            long now = runtime.time().nanoTime();
            CompletableFuture<HealthReport> last = report;
            if (last != null && now - madeAt < (last.isDone() ? options.keptFor() : abandoned).toNanos()) {
                return last.copy();
            }
            mine = new CompletableFuture<>();
            report = mine;
            madeAt = now;
        }
        make(mine);
        return mine.copy();
    }

    /** What is thrown here, such as that the heap is full, fails this report and none that comes later. */
    private void make(CompletableFuture<HealthReport> mine) {
        try {
            begin(mine);
        } catch (Throwable e) {
            mine.completeExceptionally(e);
        }
    }

    private void begin(CompletableFuture<HealthReport> mine) {
        Map<String, HealthCheck.Result> found = Collections.synchronizedMap(new TreeMap<>());
        CompletableFuture<?>[] all = checks.stream()
                .map(check -> check.run().thenAccept(result -> found.put(check.name(), result)))
                .toArray(CompletableFuture[]::new);
        var unused = CompletableFuture.allOf(all).whenComplete((done, impossible) -> {
            try {
                mine.complete(report(found));
            } catch (Throwable e) {
                mine.completeExceptionally(e);
            }
        });
    }

    private HealthReport report(Map<String, HealthCheck.Result> found) {
        NodeLoad now = load.get();
        Map<String, HealthCheck.Result> results = new TreeMap<>(found);
        put(results, EngineCheck.BACKEND, !degraded.getAsBoolean(), "the backend cannot be reached");
        put(
                results,
                EngineCheck.CONNECTIONS,
                now.connections() <= options.maxConnections() * now.maxConnections(),
                now.connections() + " of " + now.maxConnections() + " connections");
        put(
                results,
                EngineCheck.EVENT_RATE,
                now.eventsPerMinute() <= options.maxEventsPerMinute(),
                now.eventsPerMinute() + " events in a minute, of " + options.maxEventsPerMinute());
        String full = full(now);
        put(results, EngineCheck.MEMORY, full.isEmpty(), full);
        int failed = (int)
                results.values().stream().filter(result -> !result.isPassed()).count();
        return new HealthReport(
                HealthStatus.ofFailures(failed), runtime.time().now(), Collections.unmodifiableMap(results), now);
    }

    /** What there is too little memory of; empty if there is enough. */
    private String full(NodeLoad now) {
        StringJoiner full = new StringJoiner(", ");
        if (now.memoryUsed() > options.maxMemory() * now.memoryMax()) {
            full.add(now.memoryUsed() + " of " + now.memoryMax() + " bytes");
        }
        for (MemoryAccount.Part part : memory.get().parts()) {
            if (part.isRefused() && part.saturation() > options.maxMemory()) {
                full.add(part.name() + ": " + part.used() + " of " + part.limit() + " bytes");
            }
        }
        return full.toString();
    }

    private static void put(
            Map<String, HealthCheck.Result> results, EngineCheck check, boolean passed, String otherwise) {
        results.put(check.checkName(), passed ? HealthCheck.passed() : HealthCheck.failed(otherwise));
    }
}
