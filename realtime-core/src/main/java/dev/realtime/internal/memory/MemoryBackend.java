package dev.realtime.internal.memory;

import dev.realtime.spi.Backend;
import dev.realtime.spi.Bus;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Log;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Logs, session records, values and queues in this process. Its epoch never changes: memory does not fail over. */
public final class MemoryBackend implements Backend {
    private final EngineTime time = new EngineTime();
    private @Nullable String epoch;
    private final Map<String, MemoryLog> logs = new ConcurrentHashMap<>();
    private final Map<String, MemoryBus> buses = new ConcurrentHashMap<>();
    private final MemorySessionStore sessions;
    private final MemoryLeases leases;
    private final MemoryValues values;
    private final MemoryQueues queues;

    /** A backend without a clock until an engine lends it one. */
    public MemoryBackend() {
        this.sessions = new MemorySessionStore(time);
        this.leases = new MemoryLeases(time);
        this.values = new MemoryValues(time);
        this.queues = new MemoryQueues(time);
    }

    /** A backend on this clock. */
    public MemoryBackend(Time time) {
        this();
        runOn(time);
    }

    /** Takes the clock of the first engine that uses this backend. Those that come later share the backend, so they share its clock. */
    @Override
    public synchronized void runOn(Time engine) {
        if (epoch == null) {
            time.set(engine);
            epoch = "memory-" + engine.now().toEpochMilli();
        }
    }

    @Override
    public Log log(String namespace, String node, Retention retention) {
        MemoryLog log = logs.compute(namespace, (name, known) -> {
            MemoryLog current = known == null ? new MemoryLog(time, retention) : known;
            current.retain();
            return current;
        });
        return new MemoryLogView(log, () -> release(namespace));
    }

    private void release(String namespace) {
        logs.computeIfPresent(namespace, (name, log) -> log.release() ? null : log);
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public Bus bus(String namespace, String node) {
        Bus[] place = new Bus[1];
        buses.compute(namespace, (name, known) -> {
            MemoryBus bus = known == null ? new MemoryBus() : known;
            place[0] = bus.join(node, () -> leave(namespace));
            return bus;
        });
        return place[0];
    }

    private void leave(String namespace) {
        buses.computeIfPresent(namespace, (name, bus) -> bus.isEmpty() ? null : bus);
    }

    @Override
    public Leases leases() {
        return leases;
    }

    @Override
    public Values values() {
        return values;
    }

    @Override
    public Queues queues() {
        return queues;
    }

    @Override
    public synchronized String epoch() {
        String known = epoch;
        if (known == null) {
            throw EngineTime.none();
        }
        return known;
    }

    @Override
    public boolean isDegraded() {
        return false;
    }

    @Override
    public Registration watch(Runnable changed) {
        return () -> {};
    }

    @Override
    public void close() {
        logs.clear();
        sessions.clear();
        values.clear();
        queues.clear();
    }
}
