package dev.realtime.testkit;

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

/** A backend whose logs keep the {@link EmitPace} of a test. */
record PacedBackend(Backend backend, EmitPace pace) implements Backend {
    @Override
    public Log log(String namespace, String node, Retention retention) {
        return new PacedLog(backend.log(namespace, node, retention), pace);
    }

    @Override
    public Bus bus(String namespace, String node) {
        return backend.bus(namespace, node);
    }

    @Override
    public SessionStore sessions() {
        return backend.sessions();
    }

    @Override
    public Leases leases() {
        return backend.leases();
    }

    @Override
    public Values values() {
        return backend.values();
    }

    @Override
    public Queues queues() {
        return backend.queues();
    }

    @Override
    public String epoch() {
        return backend.epoch();
    }

    @Override
    public long gaps() {
        return backend.gaps();
    }

    @Override
    public Map<String, Long> counters() {
        return backend.counters();
    }

    @Override
    public void runOn(Time engine) {
        backend.runOn(engine);
    }

    @Override
    public boolean isDegraded() {
        return backend.isDegraded();
    }

    @Override
    public Registration watch(Runnable changed) {
        return backend.watch(changed);
    }

    @Override
    public void close() {
        backend.close();
    }
}
