package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.HandshakeView;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.limits.SuspendedSessions;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.Publisher.Published;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.spi.Home;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The life of a session: connected, suspended, resuming, closed. Every transition happens once, under the session's lock, and is told
 * to the application through {@link SessionListeners}; what the session asked its client is lost with the connection that carried it.
 */
public final class SessionLifecycle {

    /** Where a session is in its life. */
    private enum State {
        CONNECTED,
        SUSPENDED,
        /** On a new connection, and not yet brought up to date. */
        RESUMING,
        CLOSED
    }

    private final SessionScope scope;
    private final LocalSession session; // also the lock
    private final SessionListeners listeners;

    private volatile Principal principal;
    private volatile State state = State.SUSPENDED;
    private volatile @Nullable SessionConnection link; // the connection, while there is one
    private volatile @Nullable SessionConnection
            live; // where the fan-out delivers: the link, once it has been brought up to date
    private volatile String remoteAddress = "";
    private volatile long connectedAt; // on this link, by the clock; in milliseconds
    private volatile HandlerShares.@Nullable Share share; // null before its first connection to this node
    private volatile boolean deaf; // once it is closed
    private volatile @Nullable ServerDisconnect dismissal;
    // guarded by the lock
    private @Nullable PendingAcks acks;
    private @Nullable AfterCatchUp behindCatchUp; // null while nothing waits until the client is up to date
    private Time.@Nullable Timer suspension;
    private Time.@Nullable Timer expiry;
    private SuspendedSessions.@Nullable Place place; // while it waits for its client
    private Home home;
    private long windowEnd;
    private boolean isNew; // to this node and all of its kind

    SessionLifecycle(
            SessionScope scope, LocalSession session, SessionListeners listeners, Principal principal, Home home) {
        this.scope = scope;
        this.session = session;
        this.listeners = listeners;
        this.principal = principal;
        this.home = home;
    }

    Principal principal() {
        return principal;
    }

    boolean isConnected() {
        return state == State.CONNECTED;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /**
     * Whether what was received is not handled any more: because this node has ended the session, or it goes on elsewhere. If the client or its
     * connection has ended it, what came before is handled all the same.
     */
    boolean isDeaf() {
        return dismissal != null || (state == State.CLOSED && deaf);
    }

    /** Whether the application has sent it away, although its last words may still be on their way. */
    boolean isDismissed() {
        return dismissal != null;
    }

    /** Whether it is connected, or about to be, over this link. */
    public boolean isOn(SessionConnection candidate) {
        return link == candidate;
    }

    /** Whether there is a connection, if only one that is being brought up to date. */
    public boolean hasConnection() {
        return link != null;
    }

    @Nullable
    SessionConnection link() {
        return link;
    }

    /** Where the fan-out delivers; null while there is no client or it is not up to date. */
    @Nullable
    SessionConnection live() {
        return live;
    }

    String remoteAddress() {
        return remoteAddress;
    }

    /** What other nodes are told of its connection; null while there is none. */
    public @Nullable HandshakeView handshake() {
        SessionConnection on = link;
        return on == null ? null : HandshakeView.of(Instant.ofEpochMilli(connectedAt), on.request());
    }

    /** Runs handlers and listeners. */
    Executor handlers() {
        HandlerShares.Share of = share;
        return of == null ? scope.context().workers().handlers() : of;
    }

    /** Runs what depends on answers of the client. */
    Executor answers() {
        HandlerShares.Share of = share;
        return of == null ? scope.context().workers().handlers() : of.answers();
    }

    /** It comes from a server of another kind: nobody here has been told of its beginning, or has been told of its end since. */
    public void comesFromOutside() {
        synchronized (session) {
            isNew = true;
        }
    }

    /** Whether the session has been elsewhere since this copy was made. */
    public boolean isOutdated(Home claimed) {
        synchronized (session) {
            return !claimed.isThatOf(home);
        }
    }

    /** This node has claimed the session once more, for the copy that it has. */
    public void claimed(Home claimed) {
        synchronized (session) {
            if (claimed.fence() > home.fence()) {
                home = claimed;
            }
        }
    }

    /** As this copy knows it. Under the lock. */
    Home home() {
        return home;
    }

    /**
     * A new session begins on this link: CONNECT first, then whatever is emitted from here on. In the fan-out's turn.
     *
     * @return false when the connection had ended already; the session is then as if it had never been
     */
    public boolean begin(SessionConnection newLink, @Nullable FreshReason fresh) {
        synchronized (session) {
            state = State.CONNECTED;
            link = newLink;
            remoteAddress = newLink.request().remoteAddress();
            connectedAt = scope.context().time().now().toEpochMilli();
            share = newLink.share();
            watchExpiry();
        }
        // before the connection knows the session: what it reports next comes behind this in the mailbox
        List<Runnable> told = new ArrayList<>(2);
        if (!newLink.attach(session, () -> tellOfBeginning(fresh, told))) {
            discard();
            return false;
        }
        scope.context().counters().count(Counters.Name.SESSIONS_CONNECTED);
        newLink.send(connectPacket());
        goLive(newLink);
        session.changed();
        newLink.flush();
        told.forEach(Runnable::run);
        return true;
    }

    private void tellOfBeginning(@Nullable FreshReason fresh, List<Runnable> told) {
        if (fresh != null) {
            told.add(listeners.fresh(fresh));
        }
        told.add(listeners.connected());
    }

    /** It never began: nobody has heard of it. */
    private void discard() {
        synchronized (session) {
            state = State.CLOSED;
            link = null;
            cancelExpiry();
        }
        OwnedRecord record = session.record();
        if (record != null) {
            var unused = record.end(DisconnectReason.TRANSPORT_CLOSED); // its rooms may have been written down already
        }
        session.stays().leaveAll();
        scope.closed().accept(session);
    }

    /**
     * The client is back on a new connection. Until {@link #catchUp} nothing has been said to it, and until {@link #goLive} live
     * deliveries pass by: whoever brings it up to date finds them in the log. In the fan-out's turn.
     *
     * @param claimed what the claim that allows this has made of its home
     * @return false when the session has ended, a later claim was faster, or the connection has ended
     */
    public boolean returned(SessionConnection newLink, Home claimed) {
        SessionConnection old;
        synchronized (session) {
            if (state == State.CLOSED || claimed.fence() < home.fence()) {
                return false;
            }
            home = claimed;
            old = link;
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
            link = newLink;
            cancelSuspension();
        }
        if (!newLink.attach(session, () -> {})) {
            connectionLost(newLink, DisconnectReason.TRANSPORT_CLOSED);
            return false;
        }
        return true;
    }

    /**
     * It is certain that the client can be brought up to date: it is told so, and what it missed follows. In the fan-out's turn.
     *
     * @param renewed who the client has shown to be: the same user, perhaps with newer credentials
     * @param since the client has everything up to here
     * @return false when the connection was lost meanwhile
     */
    public boolean catchUp(SessionConnection newLink, Principal renewed, Position since) {
        Runnable begun;
        Runnable told;
        synchronized (session) {
            if (state != State.RESUMING || link != newLink) {
                return false;
            }
            state = State.CONNECTED;
            principal = renewed;
            remoteAddress = newLink.request().remoteAddress();
            connectedAt = scope.context().time().now().toEpochMilli();
            share = newLink.share();
            leavePlace();
            watchExpiry();
            begun = isNew ? listeners.connected() : () -> {};
            isNew = false;
            told = listeners.resumed();
        }
        newLink.send(connectPacket());
        session.confirm(since);
        scope.context().counters().count(Counters.Name.SESSIONS_RESUMED);
        session.changed();
        begun.run();
        told.run();
        return true;
    }

    /** The client is up to date: from here on everything goes straight to it. In the fan-out's turn. */
    public void goLive(SessionConnection newLink) {
        AfterCatchUp waiting = null;
        synchronized (session) {
            if (link == newLink) {
                live = newLink;
                waiting = takeWaiting();
            }
        }
        run(waiting);
        if (!session.epoch().equals(scope.context().backend().epoch())) {
            interrupt(DisconnectReason.EPOCH_CHANGED); // it changed while the client was on its way
        }
    }

    private @Nullable AfterCatchUp takeWaiting() {
        AfterCatchUp waiting = behindCatchUp;
        behindCatchUp = null;
        return waiting;
    }

    private static void run(@Nullable AfterCatchUp waiting) {
        if (waiting != null) {
            waiting.runAll();
        }
    }

    /**
     * Runs a task when the client is up to date on this link, or has lost it: at once, unless it is just being caught up with.
     *
     * @param size bytes that the task sends
     */
    void whenUpToDate(@Nullable SessionConnection on, long size, Runnable task) {
        synchronized (session) {
            if (on != null && link == on && live == null && isThere()) {
                if (behindCatchUp == null) {
                    behindCatchUp = new AfterCatchUp();
                }
                behindCatchUp.add(size, task);
                return;
            }
        }
        task.run();
    }

    /** How much waits until the client is up to date; 0 if that can leave at once. */
    public int waiting(int most, long mostBytes) {
        synchronized (session) {
            return behindCatchUp == null || behindCatchUp.fits(most, mostBytes) ? 0 : behindCatchUp.count();
        }
    }

    /**
     * What the client has by now allows some of what waits until it is up to date to leave.
     *
     * @return how many have left: one at least, unless nothing waits any more
     */
    public int leaveEarly(SessionConnection on, int most, long mostBytes) {
        List<Runnable> tasks;
        synchronized (session) {
            if (link != on || behindCatchUp == null) {
                return 0;
            }
            tasks = behindCatchUp.take(most, mostBytes);
            if (behindCatchUp.count() == 0) {
                behindCatchUp = null;
            }
        }
        tasks.forEach(Runnable::run);
        return tasks.size();
    }

    /** The node stops, and its client has had time enough to be brought up to date: it goes on with that elsewhere, so that nobody waits for it. */
    public void endCatchUp() {
        SessionConnection current;
        synchronized (session) {
            current = behindCatchUp == null ? null : link;
        }
        if (current != null) {
            current.close(DisconnectReason.SLOW_CONSUMER);
        }
    }

    /** There is a client to hear last words, if only once it has been brought up to date. Under the lock. */
    private boolean isThere() {
        return state == State.CONNECTED || state == State.RESUMING;
    }

    private OutboundMessage connectPacket() {
        return OutboundMessage.control(scope.encoder().connect(session.id(), session.privateId()));
    }

    /** The connection has gone. Ignored when the session lives on another one by now. */
    public void connectionLost(SessionConnection lost, DisconnectReason reason) {
        boolean suspends;
        Runnable told = () -> {};
        List<PendingAcks.Asker> unanswered;
        AfterCatchUp waiting;
        ServerDisconnect sentAway;
        synchronized (session) {
            if (link != lost || state == State.CLOSED || state == State.SUSPENDED) {
                return;
            }
            sentAway = dismissal;
            if (state == State.RESUMING && reason.recoverable() && sentAway == null) {
                // nobody has heard of this attempt; what is left of the window goes on
                state = State.SUSPENDED;
                link = null;
                waitForClient();
                return;
            }
            suspends = reason.recoverable() && sentAway == null && session.privateId() != null && takePlace();
            if (suspends) {
                state = State.SUSPENDED;
                link = null;
                live = null;
                cancelExpiry();
                windowEnd = scope.context().time().nanoTime()
                        + scope.context().recovery().window().toNanos();
                waitForClient();
                told = listeners.suspended(reason);
            }
            unanswered = suspends && acks != null ? acks.takeAll() : List.of();
            waiting = takeWaiting();
        }
        if (sentAway != null) {
            close(DisconnectReason.SERVER_DISCONNECT, sentAway.elsewhere);
        } else if (!suspends) {
            close(reason);
        }
        run(waiting);
        if (!suspends) {
            return;
        }
        lose(unanswered);
        scope.context().counters().count(Counters.Name.SESSIONS_SUSPENDED);
        told.run();
    }

    /** Whether it may wait for its client. Under the lock. */
    private boolean takePlace() {
        place = scope.suspended().enter(remoteAddress, principal);
        if (place == null) {
            scope.context().counters().count(Counters.Name.SUSPENSIONS_REFUSED);
        }
        return place != null;
    }

    /** It no longer waits for its client. Under the lock. */
    private void leavePlace() {
        if (place != null) {
            place.leave();
            place = null;
        }
    }

    /** A session that came with a record has the whole window before it. */
    public void await() {
        synchronized (session) {
            place = scope.suspended().takeOver();
            windowEnd = scope.context().time().nanoTime()
                    + scope.context().recovery().window().toNanos();
            waitForClient();
        }
    }

    private void waitForClient() {
        Duration left =
                Duration.ofNanos(Math.max(0, windowEnd - scope.context().time().nanoTime()));
        suspension = scope.context().time().schedule(left, this::windowOver);
    }

    private void windowOver() {
        scope.context().workers().execute(() -> {
            synchronized (session) {
                if (state != State.SUSPENDED
                        || windowEnd - scope.context().time().nanoTime() > 0) {
                    return;
                }
            }
            OwnedRecord record = session.record();
            if (record == null) {
                closeUnlessBack(DisconnectReason.WINDOW_OVER);
                return;
            }
            record.release().whenComplete((fate, failure) -> {
                switch (failure == null ? fate : OwnedRecord.Fate.UNKNOWN) {
                    case OURS -> closeUnlessBack(DisconnectReason.WINDOW_OVER);
                    case ELSEWHERE -> closeUnlessBack(DisconnectReason.TAKEN_OVER);
                    case FOREIGN -> closeUnknown();
                    case RETURNING -> waitAnother(scope.context().limits().authenticationTimeout());
                    case UNKNOWN -> // it may be alive elsewhere: the store is asked again
                        waitAnother(scope.context().lease().dividedBy(3));
                }
            });
        });
    }

    /** The client may have come back while the record was asked for. */
    private void closeUnlessBack(DisconnectReason reason) {
        synchronized (session) {
            if (state != State.SUSPENDED) {
                return;
            }
        }
        close(reason);
    }

    /** At the last moment the client came back to this very node and is about to be let in, or nobody knows whether it went elsewhere. */
    private void waitAnother(Duration time) {
        synchronized (session) {
            if (state == State.SUSPENDED) {
                windowEnd = scope.context().time().nanoTime() + time.toNanos();
                waitForClient();
            }
        }
    }

    /**
     * The session has been claimed: perhaps by this node, for a client that is just coming back or whose claim got no answer; then this copy goes
     * on as the one that was claimed. Otherwise it goes on elsewhere, or has ended there.
     */
    CompletionStage<Boolean> confirmHome() {
        OwnedRecord record = session.record();
        if (record == null) {
            return CompletableFuture.completedFuture(true);
        }
        return record.whose().thenApply(fate -> {
            switch (fate) {
                case RETURNING -> {}
                case ELSEWHERE -> close(DisconnectReason.TAKEN_OVER);
                default -> closeUnknown();
            }
            return fate == OwnedRecord.Fate.RETURNING;
        });
    }

    /** Closes the connection, not the session. Without recovery the session knows nothing of epochs and stays. */
    public void interrupt(DisconnectReason reason) {
        SessionConnection current = link;
        if (current != null && session.privateId() != null) {
            current.close(reason);
        }
    }

    /** Another node has claimed the session: this copy ends, and only the {@code onMoved} listeners hear of it. */
    public void movedAway(long claimed) {
        synchronized (session) {
            if (claimed <= home.fence()) {
                return; // it came back since
            }
        }
        close(DisconnectReason.TAKEN_OVER);
    }

    /** A server of another kind has had the session, and it is back: for this copy that was the end. */
    public void wasForeign() {
        close(DisconnectReason.TAKEN_OVER, () -> {}, OwnedRecord::endForeign);
    }

    /** Somebody else has the session, or nobody: the store is asked. */
    private void closeUnknown() {
        boolean waited = state == State.SUSPENDED;
        close(waited ? DisconnectReason.WINDOW_OVER : DisconnectReason.TAKEN_OVER, () -> {}, OwnedRecord::endUnknown);
    }

    /**
     * The application sends the session away. What was emitted before arrives before the goodbye; nothing that was received is handled any
     * more. Nobody waits longer than {@link dev.realtime.limits.Limits#emitTimeout()}.
     *
     * @param closeConnection whether the connection is closed behind it, with a goodbye in its other namespaces
     * @return completes when the session has ended
     */
    CompletionStage<Void> dismiss(boolean closeConnection, ServerDisconnect.InOrder order) {
        Publisher publisher = scope.publisher();
        Published before = order == ServerDisconnect.InOrder.HERE
                ? null
                : Publisher.later(publisher.underWay(), session.publishedUnderWay());
        // its place is not known yet: then the goodbye gets one of its own behind it
        boolean logged = before != null && !Publisher.isPlaced(before);
        SessionConnection current;
        ServerDisconnect mine;
        boolean first;
        boolean there;
        synchronized (session) {
            current = link;
            there = isThere();
            first = dismissal == null && state != State.CLOSED;
            if (first) {
                dismissal = new ServerDisconnect(
                        order == ServerDisconnect.InOrder.HERE || logged
                                ? () -> {}
                                : () -> disconnectElsewhere(closeConnection));
            }
            mine = dismissal;
        }
        if (mine != null && !there) {
            dismissed(mine); // there is nobody to hear last words
        } else if (mine != null && order == ServerDisconnect.InOrder.HERE) {
            sayGoodbye(mine, current);
        } else if (mine != null && first) {
            TimeoutQueue.Deadline deadline = publisher.deadline(() -> dismissed(mine));
            var unused = mine.over.thenRun(deadline::meet);
            if (logged) {
                publisher
                        .append(new LogEntry.Disconnect(
                                new Target(Set.of(session.id()), Set.of(), null), closeConnection))
                        .place()
                        .whenComplete((place, failure) -> {
                            if (failure != null) {
                                publisher.behind(null, () -> sayGoodbye(mine, current));
                            }
                        });
            } else if (before != null) {
                publisher.behind(before, () -> sayGoodbye(mine, current));
            } else {
                publisher.behindTail(() -> sayGoodbye(mine, current));
            }
        }
        if (closeConnection && current != null) {
            current.dismiss();
        }
        return mine == null ? CompletableFuture.completedFuture(null) : mine.over;
    }

    private void disconnectElsewhere(boolean closeConnection) {
        var unused = scope.namespace().session(session.id()).disconnect(closeConnection);
    }

    /** Everything emitted before has left the fan-out: answers that wait for their record, and a client that is being caught up with, come first. */
    private void sayGoodbye(ServerDisconnect mine, @Nullable SessionConnection current) {
        session.whenAnswered().thenRun(() -> whenUpToDate(current, 0, () -> dismissed(mine)));
    }

    private void dismissed(ServerDisconnect mine) {
        close(DisconnectReason.SERVER_DISCONNECT, mine.elsewhere);
        mine.over.complete(null);
    }

    /** Ends the session for good; whatever is called afterwards is ignored. */
    public void close(DisconnectReason reason) {
        close(reason, () -> {});
    }

    /**
     * Ends the session for good; whatever is called afterwards is ignored. A claim may have been faster, and then this copy alone ends:
     * the removal of the record decides, so that of all nodes one tells the application of the end.
     *
     * @param elsewhere runs when the session goes on with another copy, or may do so
     */
    void close(DisconnectReason reason, Runnable elsewhere) {
        close(reason, elsewhere, record -> record.end(reason));
    }

    /** @param end gives the record up, and says what that means */
    private void close(
            DisconnectReason reason, Runnable elsewhere, Function<OwnedRecord, CompletionStage<OwnedRecord.Fate>> end) {
        boolean begun;
        SessionConnection last;
        List<PendingAcks.Asker> unanswered;
        AfterCatchUp waiting;
        ServerDisconnect sentAway;
        synchronized (session) {
            if (state == State.CLOSED) {
                return;
            }
            leavePlace();
            begun = !isNew;
            deaf = isDeafAfter(reason);
            state = State.CLOSED;
            last = link;
            link = null;
            live = null;
            cancelSuspension();
            cancelExpiry();
            unanswered = acks == null ? List.of() : acks.takeAll();
            waiting = takeWaiting();
            sentAway = dismissal;
        }
        if (last != null) {
            leave(last, reason); // before acknowledgements that waited for a write are let go
        }
        OwnedRecord record = session.record();
        CompletionStage<OwnedRecord.Fate> over =
                record == null ? CompletableFuture.completedFuture(OwnedRecord.Fate.OURS) : end.apply(record);
        session.stays().leaveAll(); // after the last write
        run(waiting);
        lose(unanswered);
        String privateId = session.privateId();
        if (privateId != null) {
            scope.ended()
                    .add(
                            privateId,
                            over.thenApply(
                                    fate -> fate != OwnedRecord.Fate.ELSEWHERE && fate != OwnedRecord.Fate.FOREIGN),
                            record == null ? () -> null : record::removedAt);
        }
        scope.context().counters().count(Counters.Name.SESSIONS_CLOSED);
        scope.closed().accept(session);
        CompletionStage<Void> told = over.thenCompose(fate -> {
            if (fate == OwnedRecord.Fate.ELSEWHERE) {
                listeners.moved().run();
            } else if (begun) {
                boolean foreign = fate == OwnedRecord.Fate.FOREIGN && reason == DisconnectReason.WINDOW_OVER;
                listeners
                        .disconnected(foreign ? DisconnectReason.TAKEN_OVER : reason)
                        .run();
            }
            if (fate != OwnedRecord.Fate.OURS) {
                elsewhere.run();
            }
            return session.whenIdle();
        });
        scope.ended().telling(told);
        if (sentAway != null) {
            sentAway.over.complete(null);
        }
    }

    private static boolean isDeafAfter(DisconnectReason reason) {
        return switch (reason) {
            case SERVER_DISCONNECT, CREDENTIALS_EXPIRED, FLOOD, TAKEN_OVER, SERVER_STOPPING -> true;
            default -> false;
        };
    }

    private void leave(SessionConnection last, DisconnectReason reason) {
        switch (reason) {
            case SERVER_DISCONNECT, CREDENTIALS_EXPIRED -> {
                last.send(OutboundMessage.control(scope.encoder().disconnect()));
                last.detach(session);
                last.flush();
            }
            case CLIENT_DISCONNECT, NOT_RECOVERED -> last.detach(session);
            default -> {
                last.detach(session);
                last.close(reason);
            }
        }
    }

    private void lose(List<PendingAcks.Asker> unanswered) {
        if (!unanswered.isEmpty()) {
            answers().execute(() -> unanswered.forEach(asker -> asker.lost(session)));
        }
    }

    private void cancelSuspension() {
        if (suspension != null) {
            suspension.cancel();
            suspension = null;
        }
    }

    private void cancelExpiry() {
        if (expiry != null) {
            expiry.cancel();
            expiry = null;
        }
    }

    private void watchExpiry() {
        cancelExpiry();
        principal
                .expiresAt()
                .ifPresent(end -> expiry = scope.context()
                        .time()
                        .schedule(scope.context().credentialClock().until(end), this::expired));
    }

    private void expired() {
        scope.context().workers().execute(() -> close(DisconnectReason.CREDENTIALS_EXPIRED));
    }

    /** New credentials of the same user. */
    void renew(Principal renewed) {
        synchronized (session) {
            principal = renewed;
            if (state == State.CONNECTED) {
                watchExpiry();
            }
        }
        session.changed();
    }

    // ---- questions to the client

    /** Remembers a question before it is sent. False when the client is not there, or too many are open. */
    boolean expect(long ackId, PendingAcks.Asker asker) {
        synchronized (session) {
            if (live == null || state != State.CONNECTED) {
                return false;
            }
            if (acks == null) {
                acks = new PendingAcks(scope.context().inboxLimit());
            }
            return acks.expect(ackId, asker);
        }
    }

    /** Nobody waits for this answer any more. */
    void forget(long ackId) {
        synchronized (session) {
            if (acks != null) {
                acks.take(ackId);
            }
        }
    }

    /** An answer of the client. One that nobody waits for is counted and ignored. */
    public void answered(SessionConnection from, Packet packet) {
        PendingAcks.Asker asker;
        synchronized (session) {
            asker = acks == null ? null : acks.take(packet.ackId());
        }
        if (asker == null) {
            scope.context().counters().count(Counters.Name.ACKS_UNEXPECTED);
            return;
        }
        PendingAcks.Asker waiting = asker;
        long cost = Backlog.cost(packet);
        if (session.arrives(from, cost)) {
            answers().execute(() -> {
                try {
                    waiting.answered(session, packet);
                } finally {
                    session.handled(cost);
                }
            });
        }
    }
}
