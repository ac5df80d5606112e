package dev.realtime.internal.engine;

import dev.realtime.health.HealthOptions;
import dev.realtime.health.HealthReport;
import dev.realtime.health.MemoryAccount;
import dev.realtime.health.NodeLoad;
import dev.realtime.internal.health.EventRate;
import dev.realtime.internal.health.HealthPages;
import dev.realtime.internal.health.NodeHealth;
import dev.realtime.internal.health.Readiness;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.namespace.LocalNamespace;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.system.Heap;
import dev.realtime.spi.Backend;
import dev.realtime.spi.OperatorPages;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How an engine is, and what it is doing. */
final class EngineHealth {
    private static final long SECOND = 1_000_000_000L;

    private final NodeRuntime runtime;
    private final Lifetime lifetime;
    private final int maxConnections;
    private final Namespaces namespaces;
    private final ConnectionGate gate;
    private final BooleanSupplier open;
    private final NodeHealth health;
    private final HealthPages pages;
    private final EventRate events;
    private final Heap heap;
    private final long startedAt;

    /**
     * @param maxConnections how many there may be
     * @param open whether new clients are accepted
     * @param memory what is held for what
     */
    EngineHealth(
            NodeRuntime runtime,
            Lifetime lifetime,
            Backend backend,
            int maxConnections,
            HealthOptions options,
            Namespaces namespaces,
            ConnectionGate gate,
            BooleanSupplier open,
            Heap heap,
            Supplier<MemoryAccount> memory) {
        this.runtime = runtime;
        this.lifetime = lifetime;
        this.maxConnections = maxConnections;
        this.namespaces = namespaces;
        this.gate = gate;
        this.open = open;
        this.heap = heap;
        this.startedAt = runtime.time().nanoTime();
        this.events = new EventRate(startedAt, received());
        this.health = new NodeHealth(runtime, options, backend::isDegraded, this::load, memory);
        this.pages = new HealthPages(
                runtime,
                health,
                () -> lifetime.end() != null,
                this::readiness,
                this::load,
                memory,
                () -> backend.leases().living().thenApply(Set::size));
    }

    CompletionStage<HealthReport> report() {
        IllegalStateException end = lifetime.end();
        return end == null ? lifetime.within(health.report()) : CompletableFuture.failedFuture(end);
    }

    OperatorPages pages() {
        return pages;
    }

    private Readiness readiness() {
        if (!open.getAsBoolean()) {
            return Readiness.STOPPING;
        } else if (!namespaces.filled().toCompletableFuture().isDone()) {
            return Readiness.STARTING;
        }
        return gate.connections() >= maxConnections ? Readiness.FULL : Readiness.READY;
    }

    private NodeLoad load() {
        int sessions = 0;
        int rooms = 0;
        for (LocalNamespace namespace : namespaces.all()) {
            int here = namespace.live().size();
            sessions += here;
            rooms += Math.max(0, namespace.rooms().size() - here); // each session has one of its own
        }
        long now = runtime.time().nanoTime();
        return new NodeLoad(
                gate.connections(),
                maxConnections,
                sessions,
                rooms,
                events.perMinute(now, received()),
                heap.used(),
                heap.max(),
                (now - startedAt) / SECOND);
    }

    private long received() {
        return runtime.counters().value(Counters.Name.EVENTS_RECEIVED);
    }
}
