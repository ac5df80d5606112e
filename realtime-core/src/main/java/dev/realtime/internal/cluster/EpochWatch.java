package dev.realtime.internal.cluster;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.drain.PacedRun;
import dev.realtime.internal.namespace.LocalNamespace;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.presence.NamespacePresence;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the backend's epoch has changed, events may have been lost between any two nodes. No session of the old epoch goes on as if nothing
 * had happened: its connection is closed, its client comes back by itself and gets a fresh session, the application a reason. That goes at
 * a pace which spreads the return of many clients.
 */
public final class EpochWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EpochWatch.class);
    /** So many connections are closed in a second: their clients come back to this node and all others at once. */
    private static final int PER_SECOND = 1_000;

    private final NodeRuntime runtime;
    private final Backend backend;
    private final Namespaces namespaces;
    private final LeaseKeeper leaseKeeper;
    private final Registration watch;
    // guarded by this
    private String epoch;
    private boolean degraded;
    private long gaps;

    public EpochWatch(NodeRuntime runtime, Backend backend, Namespaces namespaces, LeaseKeeper leaseKeeper) {
        this.leaseKeeper = leaseKeeper;
        this.runtime = runtime;
        this.backend = backend;
        this.namespaces = namespaces;
        this.epoch = backend.epoch();
        this.gaps = backend.gaps();
        this.watch = backend.watch(this::changed);
    }

    /** At once what must be before anything else is delivered, the rest on a thread of the engine's own. */
    private void changed() {
        String now = backend.epoch();
        boolean degradedNow = backend.isDegraded();
        long gapsNow = backend.gaps();
        boolean newEpoch;
        boolean newGap;
        boolean back;
        synchronized (this) {
            newEpoch = !now.equals(epoch);
            back = degraded && !degradedNow;
            newGap = gapsNow != gaps;
            epoch = now;
            gaps = gapsNow;
            degraded = degradedNow;
        }
        if (newEpoch) {
            old(now).forEach(session -> session.history().breakOff());
        } else if (newGap) {
            forEach(session -> session.history().breakOff());
        }
        if (newEpoch) {
            runtime.counters().count(Counters.Name.EPOCH_CHANGES);
        } else if (newGap) {
            runtime.counters().count(Counters.Name.EPOCH_GAPS);
        }
        runtime.workers().execute(() -> told(now, newEpoch, newGap ? gapsNow : null, back, degradedNow));
    }

    /** @param newGap null when there is none */
    private void told(String now, boolean newEpoch, @Nullable Long newGap, boolean back, boolean degradedNow) {
        if (degradedNow) {
            LOG.warn("the backend cannot be reached: node {} goes on by itself", runtime.node());
        }
        if (newEpoch) {
            LOG.warn("the backend's history is broken (epoch {}): clients get fresh sessions", now);
            endOld(now);
        } else if (newGap != null) {
            LOG.warn(
                    "node {} was alone for a while, or too slow: its clients get fresh sessions, those of other nodes"
                            + " go on",
                    runtime.node());
            String gap = runtime.node() + "-" + newGap;
            forEach(session -> session.history().hadGap(gap));
            endOld(now);
            namespaces.all().forEach(namespace -> namespace.forget(gap, this::end));
        } else if (back) {
            LOG.info("the backend is back");
        }
        if (newEpoch || newGap != null || back) {
            for (LocalNamespace namespace : namespaces.all()) {
                NamespacePresence presence = namespace.presenceHere();
                if (presence != null) {
                    presence.lost();
                }
            }
        }
        if (back || newEpoch) {
            // what the backend may have missed, or lost: an end before its client comes back elsewhere, and that this
            // node lives before its sessions, so that others find them when it dies
            namespaces.ended().removeAgain();
            leaseKeeper.announce().thenRun(() -> runtime.workers().execute(() -> forEach(LocalSession::changed)));
        }
    }

    private void forEach(Consumer<LocalSession> action) {
        namespaces.all().forEach(namespace -> namespace.live().forEach(action));
    }

    private void endOld(String now) {
        end(old(now));
    }

    private List<LocalSession> old(String now) {
        List<LocalSession> old = new ArrayList<>();
        for (LocalNamespace namespace : namespaces.all()) {
            for (LocalSession session : namespace.live()) {
                if (!session.history().epoch().equals(now)) {
                    old.add(session);
                }
            }
        }
        return old;
    }

    private void end(List<LocalSession> old) {
        PacedRun.at(
                PER_SECOND,
                runtime,
                old,
                LocalSession::id,
                session -> session.lifecycle().interrupt(DisconnectReason.EPOCH_CHANGED));
    }

    public void close() {
        watch.close();
    }
}
