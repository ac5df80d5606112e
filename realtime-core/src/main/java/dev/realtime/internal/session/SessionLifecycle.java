package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.HandshakeView;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.spi.Home;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a session: connected, suspended, resuming, closed. Every transition happens once, under the session's lock. What follows
 * from it happens without the lock, and the application is told through {@link SessionListeners}.
 */
public final class SessionLifecycle {

    /** Where a session is in its life. */
    private enum State {
        CONNECTED,
        SUSPENDED,
        /** On a new connection, and the client has been told nothing yet. */
        RESUMING,
        CLOSED
    }

    private final SessionScope scope;
    private final LocalSession session; // also the lock
    private final SessionListeners listeners;
    private final AttachedConnection connection;
    private final PendingAcks acks;
    private final OwnershipCheck ownership;
    private final SessionEnd end;
    private final AfterCatchUp afterCatchUp;
    // guarded by the lock
    private final SessionHome home;
    private final SuspensionWindow window;
    private final CredentialExpiry expiry;
    private boolean untold; // nobody here has been told of its beginning, or has been told of its end since

    private volatile State state = State.SUSPENDED;
    private volatile Principal principal;
    private volatile @Nullable SessionDismissal dismissal;
    private volatile boolean deaf; // once it is closed

    /** @param record null without recovery */
    SessionLifecycle(
            SessionScope scope,
            LocalSession session,
            SessionListeners listeners,
            AttachedConnection connection,
            PendingAcks acks,
            @Nullable OwnedRecord record,
            Principal principal,
            Home home) {
        NodeContext context = scope.context();
        this.scope = scope;
        this.session = session;
        this.listeners = listeners;
        this.connection = connection;
        this.acks = acks;
        this.afterCatchUp = new AfterCatchUp(session, connection);
        this.principal = principal;
        this.home = new SessionHome(home);
        this.window = new SuspensionWindow(
                context.time(),
                context.recovery().window(),
                scope.node().suspended(),
                context.counters(),
                () -> context.workers().execute(this::windowOver));
        this.expiry = new CredentialExpiry(
                context.credentialClock(),
                context.time(),
                () -> context.workers().execute(() -> close(DisconnectReason.CREDENTIALS_EXPIRED)));
        this.ownership = new OwnershipCheck(
                this,
                record,
                context.limits().authenticationTimeout(),
                context.lease().dividedBy(3));
        this.end = new SessionEnd(scope, session, listeners, acks, record);
    }

    // ---- what it is

    Principal principal() {
        return principal;
    }

    boolean isConnected() {
        return state == State.CONNECTED;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Whether the application has dismissed it, although its last words may still be on their way. */
    boolean isDismissed() {
        return dismissal != null;
    }

    /**
     * Whether what was received is not handled any more, because this node has ended the session or it goes on elsewhere. If the client or its
     * connection has ended it, what came before is handled all the same.
     */
    boolean isDeaf() {
        return dismissal != null || (state == State.CLOSED && deaf);
    }

    private static boolean isDeafAfter(DisconnectReason reason) {
        return switch (reason) {
            case SERVER_DISCONNECT, CREDENTIALS_EXPIRED, FLOOD, TAKEN_OVER, SERVER_STOPPING -> true;
            default -> false;
        };
    }

    /** Whether it is connected, or about to be, over this connection. */
    public boolean isOn(SessionConnection candidate) {
        return connection.is(candidate);
    }

    /** Whether there is a connection, even if its client is still being caught up with. */
    public boolean hasConnection() {
        return connection.current() != null;
    }

    /** What other nodes are told of its connection; null while there is none. */
    public @Nullable HandshakeView handshake() {
        return connection.handshake();
    }

    /** What waits until its client has been caught up with. */
    public AfterCatchUp afterCatchUp() {
        return afterCatchUp;
    }

    // ---- it begins

    /**
     * Begins a new session on this connection: CONNECT first, then whatever is emitted from here on. In the fan-out's turn.
     *
     * @return false when the connection had ended already; the session is then as if it had never been
     */
    public boolean begin(SessionConnection on, @Nullable FreshReason fresh) {
        synchronized (session) {
            state = State.CONNECTED;
            connection.attach(on);
            letIn(on);
        }
        // before the connection knows the session: what it reports next comes behind this in the mailbox
        List<Runnable> told = new ArrayList<>(2);
        if (!on.attach(session, () -> tellOfBeginning(fresh, told))) {
            discard();
            return false;
        }
        scope.context().counters().count(Counters.Name.SESSIONS_CONNECTED);
        on.send(connectPacket());
        goLive(on);
        session.changed();
        on.flush();
        told.forEach(Runnable::run);
        return true;
    }

    private void tellOfBeginning(@Nullable FreshReason fresh, List<Runnable> told) {
        if (fresh != null) {
            told.add(listeners.fresh(fresh));
        }
        told.add(listeners.connected());
    }

    /** It never began, and nobody has heard of it. */
    private void discard() {
        synchronized (session) {
            state = State.CLOSED;
            connection.detach();
            expiry.cancel();
        }
        end.discard();
    }

    /** The client is there and known. Under the lock. */
    private void letIn(SessionConnection on) {
        connection.letIn(on, scope.context().time().now());
        expiry.watch(principal);
    }

    private OutboundMessage connectPacket() {
        return OutboundMessage.control(scope.encoder().connect(session.id(), session.privateId()));
    }

    // ---- it is suspended

    /** Takes note that a connection has gone. Ignored when the session is on another one by now. */
    public void connectionLost(SessionConnection lost, DisconnectReason reason) {
        boolean suspends;
        Runnable told = () -> {};
        List<PendingAcks.Asker> unanswered;
        List<Runnable> waiting;
        SessionDismissal sentAway;
        synchronized (session) {
            if (!connection.is(lost) || state == State.CLOSED || state == State.SUSPENDED) {
                return;
            }
            sentAway = dismissal;
            if (state == State.RESUMING && reason.recoverable() && sentAway == null) {
                // nobody has heard of this attempt: what is left of the window goes on
                state = State.SUSPENDED;
                connection.detach();
                window.goOn();
                return;
            }
            suspends = reason.recoverable()
                    && sentAway == null
                    && session.privateId() != null
                    && window.open(connection.remoteAddress(), principal);
            if (suspends) {
                state = State.SUSPENDED;
                connection.detach();
                expiry.cancel();
                told = listeners.suspended(reason);
            }
            unanswered = suspends ? acks.takeAll() : List.of();
            waiting = afterCatchUp.takeAll();
        }
        if (sentAway != null) {
            close(DisconnectReason.SERVER_DISCONNECT, sentAway.elsewhere());
        } else if (!suspends) {
            close(reason);
        }
        waiting.forEach(Runnable::run);
        if (suspends) {
            acks.lose(unanswered);
            scope.context().counters().count(Counters.Name.SESSIONS_SUSPENDED);
            told.run();
        }
    }

    /** Waits for the client of a session that came with its record: it has the whole window. */
    public void await() {
        synchronized (session) {
            window.takeOver();
        }
    }

    private void windowOver() {
        synchronized (session) {
            if (state != State.SUSPENDED || !window.isOver()) {
                return;
            }
        }
        ownership.windowOver();
    }

    /** Waits longer: the client is about to be let in here, or nobody knows whether it went elsewhere. */
    void waitAnother(Duration time) {
        synchronized (session) {
            if (state == State.SUSPENDED) {
                window.openFor(time);
            }
        }
    }

    /** Marks a session that was at a server of another kind: the application here is told of its beginning when its client has come. */
    public void comesFromOutside() {
        synchronized (session) {
            untold = true;
        }
    }

    // ---- it is resumed

    /**
     * Takes the session back to a client that has returned on a new connection. Until {@link #catchUp} nothing has been said to the client, and
     * until {@link #goLive} live deliveries pass by: whoever catches up with it finds them in the log. In the fan-out's turn.
     *
     * @param claim the claim that allows this
     * @return false when the session has ended, a later claim was faster, or the connection has ended
     */
    public boolean returned(SessionConnection on, Home claim) {
        SessionConnection old;
        synchronized (session) {
            if (state == State.CLOSED || !home.claimed(claim)) {
                return false;
            }
            old = connection.current();
        }
        if (old != null) {
            connectionLost(old, DisconnectReason.CONNECTION_REPLACED);
            old.close(DisconnectReason.CONNECTION_REPLACED);
        }
        synchronized (session) {
            if (state != State.SUSPENDED) {
                return false;
            }
            state = State.RESUMING;
            connection.attach(on);
            window.stop();
        }
        if (!on.attach(session, () -> {})) {
            connectionLost(on, DisconnectReason.TRANSPORT_CLOSED);
            return false;
        }
        return true;
    }

    /**
     * Tells the client that its session goes on, since it is certain that it can be caught up with: what it missed follows. In the fan-out's turn.
     *
     * @param renewed who the client has shown to be: the same user, perhaps with newer credentials
     * @param since the client has everything up to here
     * @return false when the connection was lost meanwhile
     */
    public boolean catchUp(SessionConnection on, Principal renewed, Position since) {
        Runnable begun;
        Runnable told;
        synchronized (session) {
            if (state != State.RESUMING || !connection.is(on)) {
                return false;
            }
            state = State.CONNECTED;
            principal = renewed;
            letIn(on);
            window.leave();
            begun = untold ? listeners.connected() : () -> {};
            untold = false;
            told = listeners.resumed();
        }
        on.send(connectPacket());
        session.confirm(since);
        scope.context().counters().count(Counters.Name.SESSIONS_RESUMED);
        session.changed();
        begun.run();
        told.run();
        return true;
    }

    /** Delivers everything straight to the client from here on: it is up to date. In the fan-out's turn. */
    public void goLive(SessionConnection on) {
        List<Runnable> waiting = List.of();
        synchronized (session) {
            if (connection.is(on)) {
                connection.goLive(on);
                waiting = afterCatchUp.takeAll();
            }
        }
        waiting.forEach(Runnable::run);
        if (!session.epoch().equals(scope.context().backend().epoch())) {
            interrupt(DisconnectReason.EPOCH_CHANGED); // it changed while the client was on its way
        }
    }

    /** There is a client to hear last words, even if only once it has been caught up with. Under the lock. */
    private boolean isThere() {
        return state == State.CONNECTED || state == State.RESUMING;
    }

    // ---- it ends

    /**
     * Ends the session by order of the application; see {@link SessionDismissal}.
     *
     * @param closeConnection whether the connection is closed behind it, with a goodbye in its other namespaces
     * @return completes when the session has ended
     */
    CompletionStage<Void> dismiss(boolean closeConnection, SessionDismissal.Order order) {
        SessionDismissal asked = new SessionDismissal(session, this, scope.publisher(), order, closeConnection);
        SessionConnection current;
        SessionDismissal mine;
        boolean first;
        boolean there;
        synchronized (session) {
            current = connection.current();
            there = isThere();
            first = dismissal == null && state != State.CLOSED;
            if (first) {
                dismissal = asked;
            }
            mine = dismissal;
        }
        if (mine != null && !there) {
            mine.end(); // there is nobody to hear last words
        } else if (mine != null && order == SessionDismissal.Order.IN_TURN) {
            mine.sayGoodbye(current);
        } else if (mine != null && first) {
            mine.sayGoodbyeBehindOwn(current);
        }
        if (closeConnection && current != null) {
            current.dismiss();
        }
        return mine == null ? CompletableFuture.completedFuture(null) : mine.over();
    }

    /** Ends the session, unless its client has come back meanwhile. */
    void closeSuspended(DisconnectReason reason) {
        synchronized (session) {
            if (state != State.SUSPENDED) {
                return;
            }
        }
        close(reason);
    }

    /** Ends this copy, because another node has claimed the session: only the {@code onMoved} listeners hear of it. */
    public void movedAway(long fence) {
        synchronized (session) {
            if (!home.isBefore(fence)) {
                return; // it came back since
            }
        }
        close(DisconnectReason.TAKEN_OVER);
    }

    /** Ends this copy, because the session has been at a server of another kind since. */
    public void wasForeign() {
        close(DisconnectReason.TAKEN_OVER, () -> {}, OwnedRecord::endForeign);
    }

    /** Ends this copy, because somebody else has the session, or nobody: the store is asked. */
    void closeUnowned() {
        boolean waited = state == State.SUSPENDED;
        close(waited ? DisconnectReason.WINDOW_OVER : DisconnectReason.TAKEN_OVER, () -> {}, OwnedRecord::endUnknown);
    }

    /** Ends the session for good. What is called afterwards is ignored. */
    public void close(DisconnectReason reason) {
        close(reason, () -> {});
    }

    /**
     * Ends the session for good. What is called afterwards is ignored. A claim may have been faster, and then this copy alone ends: the removal
     * of the record decides, so that of all nodes one tells the application of the end.
     *
     * @param elsewhere runs when the session goes on with another copy, or may do so
     */
    void close(DisconnectReason reason, Runnable elsewhere) {
        close(reason, elsewhere, record -> record.end(reason));
    }

    /** @param giveUp gives the record up, and says what that means */
    private void close(
            DisconnectReason reason,
            Runnable elsewhere,
            Function<OwnedRecord, CompletionStage<OwnedRecord.Fate>> giveUp) {
        SessionEnd.Last last;
        synchronized (session) {
            if (state == State.CLOSED) {
                return;
            }
            deaf = isDeafAfter(reason);
            state = State.CLOSED;
            window.stop();
            window.leave();
            expiry.cancel();
            last = new SessionEnd.Last(
                    reason, !untold, connection.detach(), afterCatchUp.takeAll(), acks.takeAll(), dismissal);
        }
        end.run(last, elsewhere, giveUp);
    }

    // ---- what changes without a transition

    /** Closes the connection, not the session. Without recovery the session knows nothing of epochs and stays. */
    public void interrupt(DisconnectReason reason) {
        SessionConnection current = connection.current();
        if (current != null && session.privateId() != null) {
            current.close(reason);
        }
    }

    /** Takes newer credentials of the same user. */
    void renew(Principal renewed) {
        synchronized (session) {
            principal = renewed;
            if (state == State.CONNECTED) {
                expiry.watch(renewed);
            }
        }
        session.changed();
    }

    /** Remembers a question before it is sent. Returns false when the client is not there, or too many are open. */
    boolean expect(long ackId, PendingAcks.Asker asker) {
        synchronized (session) {
            return connection.live() != null && state == State.CONNECTED && acks.expect(ackId, asker);
        }
    }

    /** Whether the session has been elsewhere since this copy was made. */
    public boolean isOutdated(Home claim) {
        synchronized (session) {
            return home.isOutdated(claim);
        }
    }

    /** Takes note that this node has claimed the session once more, for the copy that it has. */
    public void claimed(Home claim) {
        synchronized (session) {
            home.claimed(claim);
        }
    }

    /** The latest claim that this copy knows of. Under the lock. */
    Home home() {
        return home.get();
    }

    /** What a refused write of the record means; see {@link OwnershipCheck#writeRefused}. */
    CompletionStage<Boolean> writeRefused() {
        return ownership.writeRefused();
    }
}
