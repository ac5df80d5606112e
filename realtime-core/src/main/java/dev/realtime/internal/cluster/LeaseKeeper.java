package dev.realtime.internal.cluster;

import dev.realtime.internal.drain.PacedRun;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    /** So many sessions are looked up in a second, when the others have taken this node for dead. */
    private static final int PER_SECOND = 1_000;

    private final NodeRuntime runtime;
    private final Leases leases;
    private final NodeLease lease;
    private final DeadNodeTakeover takeover;
    private final Namespaces namespaces;
    private final Runnable living;
    // guarded by this
    private Time.@Nullable Timer timer;
    private boolean known; // the others have heard of this node
    private boolean unsure; // a renewal has failed
    private boolean ended;

    /** @param living told whenever the lease has been renewed */
    public LeaseKeeper(NodeRuntime runtime, Backend backend, Duration lease, Namespaces namespaces, Runnable living) {
        this.living = living;
        this.runtime = runtime;
        this.leases = backend.leases();
        this.lease = new NodeLease(runtime, leases, lease, this::renewed);
        this.takeover = new DeadNodeTakeover(runtime, backend, namespaces, this.lease);
        this.namespaces = namespaces;
    }

    public void start() {
        beat();
    }

    private synchronized void next(Duration delay, Runnable step) {
        if (!ended) {
            timer = runtime.time().schedule(delay, () -> runtime.workers().execute(step));
        }
    }

    /**
     * Renews the lease, and looks for the dead once it has been: a node without a lease takes nobody over. While the backend does not say that it has
     * taken a renewal it is asked again soon: the others may have taken this node over by then and forgotten it.
     */
    private void beat() {
        if (!lease.hasEnded()) {
            guarded(this::renew);
        }
    }

    /** A step that throws is followed by another beat: a node whose lease ends is taken for dead. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("the lease of node {} could not be looked after", runtime.node(), e);
            next(lease.duration().dividedBy(SOON), this::beat);
        }
    }

    private void renew() {
        long from = runtime.time().nanoTime();
        CompletableFuture<Boolean> answer = lease.renew().toCompletableFuture();
        var unused = answer.whenComplete((was, failure) -> {
            if (failure == null) {
                living.run();
                lookForTheDead();
            } else {
                notRenewed(failure);
            }
        });
        next(
                lease.duration().dividedBy(SOON),
                () -> guarded(() -> {
                    if (answer.isDone() && !answer.isCompletedExceptionally()) {
                        // this may be late, since nothing goes on while the process is frozen
                        long left = lease.duration().dividedBy(BEATS).toNanos()
                                - (runtime.time().nanoTime() - from);
                        next(Duration.ofNanos(Math.max(0, left)), this::beat);
                    } else {
                        beat();
                    }
                }));
    }

    private void lookForTheDead() {
        leases.takeOver(lease.duration()).whenComplete((dead, failure) -> {
            if (failure == null) {
                runtime.workers().execute(() -> dead.forEach(takeover::takeOver));
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
            lookUpSessions();
        }
    }

    /** Those that others have end here, at a pace: their clients come back. */
    private void lookUpSessions() {
        List<LocalSession> all = new ArrayList<>();
        namespaces.all().forEach(namespace -> all.addAll(namespace.live()));
        PacedRun.at(PER_SECOND, runtime, all, LocalSession::id, LocalSession::changed);
    }

    /**
     * The backend may have lost that this node lives: without that nobody would take its sessions over. Completes, never exceptionally, when it
     * knows, or does not answer.
     */
    public CompletionStage<Void> announce() {
        return lease.restore().handle((renewed, failure) -> null);
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
            ended = true;
            if (timer != null) {
                timer.cancel();
            }
        }
        return lease.end(toHeirs);
    }
}
