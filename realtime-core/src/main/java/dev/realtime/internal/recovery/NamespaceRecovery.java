package dev.realtime.internal.recovery;

import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.internal.session.UserConnections;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.SessionRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into one namespace of this node: for clients, who get a session of their own or their old one back, and for sessions of dead nodes, which wait
 * here for their clients.
 */
public final class NamespaceRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceRecovery.class);

    private final RecoveryScope scope;
    private final SessionRegistry sessions;
    private final Bus bus;
    private final RecoveryServices services;
    private final ConnectAuthentication authentication;
    private final FreshSessions fresh;
    private final WindowBackfill backfill;
    private final OrphanedClaims orphans;
    private final ArrivingSessions arriving;
    private final UserConnections connections;
    private volatile boolean ended;
    private volatile boolean closedToClients;

    /**
     * @param from where the fan-out has begun to follow the log
     * @param arrived runs when a session that was claimed is registered, or will never be
     */
    public NamespaceRecovery(
            RecoveryScope scope,
            SessionRegistry sessions,
            Bus bus,
            Position from,
            RecoveryServices services,
            ConnectAuthentication authentication,
            FreshSessions fresh,
            Runnable arrived) {
        this.scope = scope;
        this.sessions = sessions;
        this.bus = bus;
        this.services = services;
        this.authentication = authentication;
        this.fresh = fresh;
        this.backfill = new WindowBackfill(
                scope.runtime(), services.isOn(), scope.log(), scope.fanout(), from, services.replayQueue());
        this.orphans = new OrphanedClaims(
                this, scope.ended(), scope.backend().sessions(), scope.runtime().node());
        this.arriving = new ArrivingSessions(arrived);
        this.connections = new UserConnections(scope.rooms(), scope.limits().maxConnectionsPerUser());
    }

    RecoveryScope scope() {
        return scope;
    }

    SessionRegistry sessions() {
        return sessions;
    }

    RecoveryServices services() {
        return services;
    }

    FreshSessions fresh() {
        return fresh;
    }

    ConnectAuthentication authentication() {
        return authentication;
    }

    WindowBackfill backfill() {
        return backfill;
    }

    ArrivingSessions arriving() {
        return arriving;
    }

    /** Sessions that this node may have claimed without knowing. */
    public OrphanedClaims orphans() {
        return orphans;
    }

    /** Completes when what the log held before this node came can be replayed here. */
    public CompletionStage<Void> filled() {
        CompletableFuture<Void> filled = new CompletableFuture<>();
        fill(filled);
        return filled;
    }

    private void fill(CompletableFuture<Void> filled) {
        backfill.await(() -> filled.complete(null), () -> fill(filled));
    }

    /**
     * Takes in a session of a dead node that this node has claimed: it waits here for its client.
     *
     * @param formerHome is told, in case it lives after all
     */
    public void adopt(SessionRecord session, String formerHome) {
        Principal principal = session.principal();
        if (principal == null || ended) {
            return; // it was never at home at one of our nodes, or whoever takes over this node takes it
        }
        Runnable arrived = arriving.expect();
        Restore restore = new Restore(
                this,
                session,
                Restore.Origin.NODE,
                principal,
                (adopted, inexact, isRecorded) -> {
                    if (closedToClients) {
                        adopted.inbox().close();
                    }
                    adopted.ownership().claimed(session.home());
                    adopted.changed();
                    arrived.run();
                },
                arrived,
                () -> {});
        try {
            Runnable begin = () -> scope.fanout().execute(restore::proceed);
            backfill.await(begin, begin);
        } catch (RuntimeException | Error e) { // it has been claimed, and nobody else looks after it
            arrived.run();
            orphans.mayBe(session.privateId());
            scope.runtime().lines().error(LOG, formerHome, "a session of another node could not be taken over yet", e);
        }
        if (!formerHome.equals(scope.runtime().node())) {
            tellTakenOver(formerHome, session);
        }
    }

    /** Tells the node that has had a session until now. */
    void tellTakenOver(String formerHome, SessionRecord claimed) {
        bus.send(
                formerHome,
                new BusMessage.TakenOver(claimed.sessionId(), claimed.home().fence()));
    }

    /** Whether a user has as many connections as are allowed, not counting one session. */
    boolean hasTooManyConnections(Principal principal, @Nullable LocalSession but) {
        return connections.areTooMany(principal, but);
    }

    /** Completes when all sessions that this node has claimed are registered, or will never be. */
    public CompletionStage<Void> whenArrived() {
        return arriving.whenArrived();
    }

    /** Whether a session has been claimed, or is being claimed, and is not registered yet. */
    public boolean isExpecting() {
        return !arriving.isEmpty();
    }

    /** Whether this node may have claimed sessions that are not registered here. */
    public boolean awaitsSessions() {
        return isExpecting() || orphans.any();
    }

    /** Lets no client in from now on, since the node stops. Called in the fan-out's turn. */
    public void closeToClients() {
        closedToClients = true;
    }

    /** Whether no client is let in any more, since the node stops. In the fan-out's turn. */
    boolean isClosedToClients() {
        return closedToClients;
    }

    /** Adopts nothing from now on: whoever takes over this node takes it. */
    public void end() {
        ended = true;
    }

    public boolean hasEnded() {
        return ended;
    }
}
