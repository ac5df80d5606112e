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

    /** So often in its duration a lease is renewed, */
    private static final int BEATS = 3;
    /** and so often while that is not answered. */
    private static final int SOON = 12;

    private final NodeRuntime runtime;
    private final Leases leases;
    private final DeadNodeTakeover takeover;
    private final Namespaces namespaces;
    private final Duration lease;
    // guarded by this
    private Time.@Nullable Timer timer;
    private boolean known; // the others have heard of this node
    private boolean unsure; // a renewal has failed
    private CompletionStage<?> latest = CompletableFuture.completedFuture(null); // renewal
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

    private synchronized void next(Duration delay, Runnable step) {
        if (!ended) {
            timer = runtime.time().schedule(delay, () -> runtime.workers().execute(step));
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private void beat() {
        if (isEnded()) {
            return;
        }
        renew();
        leases.takeOver(lease).whenComplete((dead, failure) -> {
            if (failure == null) {
                runtime.workers().execute(() -> dead.forEach(takeover::takeOver));
            }
        });
    }

    /**
     * While the backend does not say that it has taken a renewal it is asked again soon: the others may have taken this node over by then and
     * forgotten it, and what it took on before its lease begins again would have no heir if it died.
     */
    private void renew() {
        CompletableFuture<Boolean> answer = leases.renew(runtime.node(), lease).toCompletableFuture();
        var unused = answer.whenComplete((renewed, failure) -> {
            if (failure == null) {
                renewed(renewed);
            } else {
                notRenewed(failure);
            }
        });
        synchronized (this) {
            latest = answer;
        }
        Duration soon = lease.dividedBy(SOON);
        next(soon, () -> {
            if (answer.isDone() && !answer.isCompletedExceptionally()) {
                next(lease.dividedBy(BEATS).minus(soon), this::beat);
            } else if (!isEnded()) {
                renew();
            }
        });
    }

    private void notRenewed(Throwable failure) {
        synchronized (this) {
            if (ended || unsure) {
                return;
            }
            unsure = true; // said once
        }
        LOG.warn("the lease of node {} could not be renewed", runtime.node(), failure);
    }

    /** A write shows whose a session is: it is refused if somebody else has it, and puts back what the store has lost. */
    private void renewed(boolean wasRunning) {
        boolean wasTakenForDead;
        synchronized (this) {
            wasTakenForDead = known && !wasRunning;
            known = true;
            unsure = false;
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
        CompletionStage<?> before;
        synchronized (this) {
            if (ended) {
                return CompletableFuture.completedFuture(null);
            }
            ended = true;
            before = latest;
            if (timer != null) {
                timer.cancel();
            }
        }
        // behind a renewal that is still on its way: it must not come last, and let a node live that is gone
        CompletableFuture<Void> told = new CompletableFuture<>();
        before.whenComplete((renewed, unknown) -> {
            CompletionStage<?> last =
                    toHeirs ? leases.renew(runtime.node(), Duration.ZERO) : leases.end(runtime.node());
            last.whenComplete((done, failure) -> told.complete(null));
        });
        return told;
    }
}
