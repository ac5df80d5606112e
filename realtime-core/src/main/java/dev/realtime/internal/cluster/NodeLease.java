package dev.realtime.internal.cluster;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Leases;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The lease of this node, as it knows it. Whoever holds none is taken over by the others and then forgotten: what it takes on after that has no
 * heir until its lease begins again. Thread-safe.
 */
final class NodeLease {
    private final NodeRuntime runtime;
    private final Leases leases;
    private final Duration duration;
    private final Consumer<Boolean> renewed;
    // guarded by this
    private long begun; // when the latest renewal was asked for that has been answered
    private boolean held;
    private int unanswered;
    private CompletableFuture<Void> answered = CompletableFuture.completedFuture(null); // all that have been asked for
    private boolean ended;

    /** @param renewed told of each renewal, and whether there was a lease to renew */
    NodeLease(NodeRuntime runtime, Leases leases, Duration duration, Consumer<Boolean> renewed) {
        this.runtime = runtime;
        this.leases = leases;
        this.duration = duration;
        this.renewed = renewed;
    }

    Duration duration() {
        return duration;
    }

    /** Begins or renews the lease. Completes with whether there was one; exceptionally when the backend does not answer, or the node has stopped. */
    CompletionStage<Boolean> renew() {
        return ask().thenApply(was -> {
            renewed.accept(was);
            return was;
        });
    }

    /** The same, for a backend that may have lost the lease. */
    CompletionStage<Boolean> restore() {
        return ask();
    }

    /** Completes when the lease still runs for a while, after a renewal if need be; exceptionally if that cannot be had. */
    CompletionStage<?> whenHeld() {
        return isFresh() ? CompletableFuture.completedFuture(null) : renew();
    }

    private synchronized boolean isFresh() {
        return held && !ended && sinceBegun() < duration.toNanos() / 2;
    }

    private long sinceBegun() {
        return runtime.time().nanoTime() - begun;
    }

    private CompletableFuture<Boolean> ask() {
        long now = runtime.time().nanoTime();
        synchronized (this) {
            if (ended) {
                return CompletableFuture.failedFuture(new IllegalStateException("the node has stopped"));
            }
            if (unanswered++ == 0) {
                answered = new CompletableFuture<>();
            }
        }
        CompletableFuture<Boolean> renewal;
        try {
            renewal = leases.renew(runtime.node(), duration).toCompletableFuture();
        } catch (RuntimeException | Error e) {
            renewal = CompletableFuture.failedFuture(e);
        }
        return renewal.whenComplete((was, failure) -> answered(now, failure == null));
    }

    private void answered(long askedAt, boolean granted) {
        CompletableFuture<Void> all = null;
        synchronized (this) {
            if (granted && (!held || askedAt - begun > 0)) {
                held = true;
                begun = askedAt;
            }
            if (--unanswered == 0) {
                all = answered;
            }
        }
        if (all != null) {
            all.complete(null);
        }
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /**
     * Ends the lease, behind renewals that are still on their way: none must come last, and let a node live that is gone.
     *
     * @param toHeirs whether the others are to take the node over at once; otherwise nobody does
     * @return completes, never exceptionally, when the backend knows, or does not answer
     */
    CompletionStage<Void> end(boolean toHeirs) {
        CompletableFuture<Void> before;
        synchronized (this) {
            if (ended) {
                return CompletableFuture.completedFuture(null);
            }
            ended = true;
            before = answered;
        }
        return before.thenCompose(done -> told(toHeirs)).handle((done, failure) -> null);
    }

    private CompletionStage<?> told(boolean toHeirs) {
        return toHeirs ? leases.renew(runtime.node(), Duration.ZERO) : leases.end(runtime.node());
    }
}
