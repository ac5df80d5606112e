package dev.realtime.internal.cluster;

import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node alive in the eyes of the others by renewing its lease, three times a lease, and takes over those that did not. A node that
 * was taken for dead while it was only slow gives up what others have taken over.
 */
public final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final NodeRuntime runtime;
    private final Leases leases;
    private final DeadNodeTakeover takeover;
    private final Namespaces namespaces;
    private final Duration lease;
    // guarded by this
    private Time.@Nullable Timer timer;
    private boolean known; // the others have heard of this node
    private boolean ended;

    public LeaseKeeper(NodeRuntime runtime, Backend backend, Duration lease, Namespaces namespaces) {
        this.runtime = runtime;
        this.leases = backend.leases();
        this.takeover = new DeadNodeTakeover(runtime, backend, namespaces);
        this.namespaces = namespaces;
        this.lease = lease;
    }

    public void start() {
        beat();
    }

    private synchronized void next() {
        if (!ended) {
            timer = runtime.time()
                    .schedule(lease.dividedBy(3), () -> runtime.workers().execute(this::beat));
        }
    }

    private void beat() {
        synchronized (this) {
            if (ended) {
                return;
            }
        }
        next();
        leases.renew(runtime.node(), lease).whenComplete((renewed, failure) -> {
            if (failure == null) {
                renewed(renewed);
            } else {
                LOG.warn("the lease of node {} could not be renewed", runtime.node(), failure);
            }
        });
        leases.takeOver(lease).whenComplete((dead, failure) -> {
            if (failure == null) {
                runtime.workers().execute(() -> dead.forEach(takeover::takeOver));
            }
        });
    }

    /** A write shows whose a session is: it is refused if somebody else has it, and puts back what the store has lost. */
    private void renewed(boolean wasRunning) {
        boolean wasTakenForDead;
        synchronized (this) {
            wasTakenForDead = known && !wasRunning;
            known = true;
        }
        if (wasTakenForDead) {
            LOG.warn(
                    "node {} was taken for dead by the others; sessions that they have taken over end here",
                    runtime.node());
            namespaces.all().forEach(namespace -> namespace.live().forEach(LocalSession::changed));
        }
    }

    /**
     * The backend may have lost that this node lives: without that nobody would take its sessions over. Completes, never exceptionally, when it
     * knows, or does not answer.
     */
    public CompletionStage<Void> announce() {
        synchronized (this) {
            if (ended) {
                return CompletableFuture.completedFuture(null);
            }
        }
        return leases.renew(runtime.node(), lease).handle((renewed, failure) -> null);
    }

    /** The node stops: it takes no session over any more. Completes when those are claimed that were being claimed. */
    public CompletionStage<Void> endTakeovers() {
        return takeover.end();
    }

    /** Whether other nodes live that can take this one's sessions over, or the backend does not say. */
    public CompletionStage<Boolean> hasHeirs() {
        return leases.living()
                .thenApply(living -> living.size() > (living.contains(runtime.node()) ? 1 : 0))
                .exceptionally(failure -> true);
    }

    /**
     * The node stops.
     *
     * @param toHeirs whether the others are to take its sessions over at once; otherwise nobody does
     */
    public CompletionStage<Void> end(boolean toHeirs) {
        synchronized (this) {
            if (ended) {
                return CompletableFuture.completedFuture(null);
            }
            ended = true;
            if (timer != null) {
                timer.cancel();
            }
        }
        CompletionStage<?> told = toHeirs ? leases.renew(runtime.node(), Duration.ZERO) : leases.end(runtime.node());
        return told.handle((done, failure) -> null);
    }
}
