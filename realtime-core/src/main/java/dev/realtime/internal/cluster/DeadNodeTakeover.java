package dev.realtime.internal.cluster;

import dev.realtime.internal.namespace.LocalNamespace;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.presence.NamespacePresence;
import dev.realtime.spi.Backend;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the sessions of a dead node a new home, here: each is claimed, waits for its client like any other suspended session, and is
 * closed once when the window is over. A client that was faster, on whatever node, has its session there, and the takeover leaves it alone; one
 * that comes later claims it from here.
 */
final class DeadNodeTakeover {
    private static final Logger LOG = LoggerFactory.getLogger(DeadNodeTakeover.class);
    private static final int PAGE = 100;

    private final NodeRuntime runtime;
    private final Backend backend;
    private final Namespaces namespaces;
    private final NodeLease lease;
    private final SessionStore store;
    private final Set<CompletableFuture<Void>> underWay = new HashSet<>(); // guarded by this
    private boolean over; // guarded by this

    /** @param lease of this node: what it claims needs an heir from then on */
    DeadNodeTakeover(NodeRuntime runtime, Backend backend, Namespaces namespaces, NodeLease lease) {
        this.runtime = runtime;
        this.backend = backend;
        this.namespaces = namespaces;
        this.lease = lease;
        this.store = backend.sessions();
    }

    void takeOver(String dead) {
        if (!dead.equals(runtime.node())) {
            // both look alike from here: whoever leaves in order lets its lease run out at once
            LOG.info("node {} has left or is dead; node {} takes over its sessions", dead, runtime.node());
            presences(presence -> presence.takesOver(dead));
            page(dead);
        }
    }

    private void page(String dead) {
        store.homedAt(dead, PAGE)
                .whenComplete((page, failure) -> runtime.workers().execute(() -> {
                    if (failure != null) {
                        waits(dead, "its sessions could not be read", failure);
                    } else if (page.isEmpty()) {
                        backend.leases().endTakeover(dead);
                        namespaces.all().forEach(namespace -> taken(namespace, dead));
                    } else {
                        takeWithLease(dead, page);
                    }
                }));
    }

    /** What has been claimed comes home first: what is then not here, nobody has any more. */
    private static void taken(LocalNamespace namespace, String dead) {
        NamespacePresence presence = namespace.presenceHere();
        if (presence != null) {
            namespace.recovery().whenArrived().thenRun(() -> presence.hasTakenOver(dead));
        }
    }

    private void presences(Consumer<NamespacePresence> action) {
        for (LocalNamespace namespace : namespaces.all()) {
            NamespacePresence presence = namespace.presenceHere();
            if (presence != null) {
                action.accept(presence);
            }
        }
    }

    private void waits(String dead, String why, Throwable cause) {
        runtime.lines().warn(LOG, dead, "the takeover of node {} waits: {}", dead, why, cause);
    }

    /** The page may be old, since nothing goes on while the process is frozen. */
    private void takeWithLease(String dead, List<SessionRecord> page) {
        lease.whenHeld()
                .whenComplete((held, failure) -> runtime.workers().execute(() -> {
                    if (failure != null) {
                        waits(dead, "this node has no lease", failure);
                    } else {
                        take(dead, page);
                    }
                }));
    }

    /** The node stops: it takes no session over any more. Completes when those are claimed that were being claimed. */
    synchronized CompletionStage<Void> end() {
        over = true;
        return CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new));
    }

    /** False when it is over. */
    private synchronized boolean begin(CompletableFuture<Void> claims) {
        if (!over) {
            underWay.add(claims);
        }
        return !over;
    }

    @SuppressWarnings("CollectionUndefinedEquality") // a stage is itself and no other
    private synchronized void ended(CompletableFuture<Void> claims) {
        underWay.remove(claims);
        claims.complete(null);
    }

    private void take(String dead, List<SessionRecord> page) {
        CompletableFuture<Void> claims = new CompletableFuture<>();
        if (!begin(claims)) {
            return; // whoever is left takes them
        }
        List<CompletableFuture<Boolean>> taken = new ArrayList<>();
        for (SessionRecord session : page) {
            taken.add(take(dead, session).toCompletableFuture().exceptionally(failure -> {
                runtime.lines().warn(LOG, dead, "a session of node {} could not be taken over", dead, failure);
                return false;
            }));
        }
        CompletionStage<Void> all = CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new));
        all.whenComplete((done, failure) -> {
            ended(claims);
            if (taken.stream().anyMatch(one -> one.join())) {
                page(dead);
            } // else somebody tries again when the takeover's time is over
        });
    }

    /** Completes with whether the record's home is another one now, or it is gone. */
    private CompletionStage<Boolean> take(String dead, SessionRecord session) {
        LocalNamespace namespace;
        try {
            namespace = namespaces.open(session.namespace(), null);
        } catch (RuntimeException | Error e) { // of the application, which says what its namespaces are
            return CompletableFuture.failedFuture(e);
        }
        if (namespace == null) {
            return store.remove(session.privateId(), session.home()).thenApply(removed -> true);
        }
        return store.claimFrom(dead, session.privateId(), runtime.node())
                .thenApply(claimed -> {
                    claimed.ifPresent(mine -> namespace.recovery().adopt(mine, dead));
                    return true;
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        namespace.recovery().orphans().mayBe(session.privateId());
                    }
                    namespaces.admitted(session.namespace());
                });
    }
}
