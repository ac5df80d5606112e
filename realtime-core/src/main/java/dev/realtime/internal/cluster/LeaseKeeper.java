package dev.realtime.internal.cluster;

import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node alive in the eyes of the others by renewing its lease, three times a lease, and buries those that did not. A node that
 * was taken for dead while it was only slow gives up what others have taken over.
 */
public final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final NodeContext context;
    private final Leases leases;
    private final DeadNodeTakeover burial;
    private final Namespaces namespaces;
    private final Duration lease;
    // guarded by this
    private Time.@Nullable Timer timer;
    private boolean known; // the others have heard of this node
    private boolean ended;

    public LeaseKeeper(NodeContext context, Namespaces namespaces) {
        this.context = context;
        this.leases = context.backend().leases();
        this.burial = new DeadNodeTakeover(context, namespaces);
        this.namespaces = namespaces;
        this.lease = context.lease();
    }

    public void start() {
        beat();
    }

    private synchronized void next() {
        if (!ended) {
            timer = context.time()
                    .schedule(lease.dividedBy(3), () -> context.workers().execute(this::beat));
        }
    }

    private void beat() {
        synchronized (this) {
            if (ended) {
                return;
            }
        }
        next();
        leases.renew(context.node(), lease).whenComplete((renewed, failure) -> {
            if (failure == null) {
                renewed(renewed);
            } else {
                LOG.warn("the lease of node {} could not be renewed", context.node(), failure);
            }
        });
        leases.bury(lease).whenComplete((dead, failure) -> {
            if (failure == null) {
                context.workers().execute(() -> dead.forEach(burial::bury));
            }
        });
    }

    /** A write shows whose a session is: it is refused if somebody else has it, and puts back what the store has lost. */
    private void renewed(boolean wasRunning) {
        boolean wasBuried;
        synchronized (this) {
            wasBuried = known && !wasRunning;
            known = true;
        }
        if (wasBuried) {
            LOG.warn(
                    "node {} was taken for dead by the others; sessions that they have taken over end here",
                    context.node());
            namespaces.all().forEach(namespace -> namespace.live().forEach(LocalSession::writeAgain));
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
        return leases.renew(context.node(), lease).handle((renewed, failure) -> null);
    }

    /** The node stops: it takes no session over any more. Completes when those are claimed that were being claimed. */
    public CompletionStage<Void> endBurials() {
        return burial.end();
    }

    /** Whether other nodes live that can take this one's sessions over, or the backend does not say. */
    public CompletionStage<Boolean> hasHeirs() {
        return leases.living()
                .thenApply(living -> living.size() > (living.contains(context.node()) ? 1 : 0))
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
        CompletionStage<?> told = toHeirs ? leases.renew(context.node(), Duration.ZERO) : leases.end(context.node());
        return told.handle((done, failure) -> null);
    }
}
