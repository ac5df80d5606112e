package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.Backend;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Home;
import dev.realtime.spi.Time;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the client of a session comes and goes: the session begins, is suspended, is resumed. Every transition happens once, under the session's
 * lock. What follows from it happens without the lock, and the application is told through {@link SessionListeners}. The end is the matter of
 * {@link SessionClosing}.
 */
public final class SessionLifecycle {

    private final LocalSession session; // also the lock
    private final SessionState state;
    private final SessionListeners listeners;
    private final AttachedConnection connection;
    private final AfterCatchUp afterCatchUp;
    private final PendingAcks acks;
    private final SuspensionWindow window;
    private final CredentialExpiry expiry;
    private final SessionHome home;
    private final SessionClosing closing;
    private final @Nullable AbsenceNotice absence;
    private final LifecycleMessages messages;
    private final PacketEncoder encoder;
    private final Backend backend;
    private final Time time;
    private final Counters counters;

    /** @param absence null: nobody is told that its client is away */
    SessionLifecycle(
            LocalSession session,
            SessionState state,
            SessionListeners listeners,
            AttachedConnection connection,
            AfterCatchUp afterCatchUp,
            PendingAcks acks,
            SuspensionWindow window,
            CredentialExpiry expiry,
            SessionHome home,
            SessionClosing closing,
            @Nullable AbsenceNotice absence,
            LifecycleMessages messages,
            PacketEncoder encoder,
            Backend backend,
            Time time,
            Counters counters) {
        this.session = session;
        this.state = state;
        this.listeners = listeners;
        this.connection = connection;
        this.afterCatchUp = afterCatchUp;
        this.acks = acks;
        this.window = window;
        this.expiry = expiry;
        this.home = home;
        this.closing = closing;
        this.absence = absence;
        this.messages = messages;
        this.encoder = encoder;
        this.backend = backend;
        this.time = time;
        this.counters = counters;
    }

    public boolean isClosed() {
        return state.isClosed();
    }

    /** Whether the application has dismissed it, although its last words may still be on their way. */
    boolean isDismissed() {
        return state.dismissal() != null;
    }

    // ---- it begins

    /**
     * Begins a new session on this connection: CONNECT first, then what its client is told of it, then whatever is emitted from here on. In the fan-out's turn.
     *
     * @param features what the application says that the client may do; null: nothing
     * @return false when the connection had ended already, or the session has been sent away: it is then as if it had never been
     */
    public boolean begin(SessionConnection on, @Nullable FreshReason fresh, @Nullable EventData features) {
        boolean sentAway;
        synchronized (session) {
            sentAway = state.isClosed() || state.dismissal() != null;
            if (!sentAway) {
                state.untold(false);
                state.connected();
                connection.attach(on);
                letIn(on);
            }
        }
        if (sentAway) {
            on.close(
                    DisconnectReason
                            .CONNECT_POSTPONED); // its client comes again, and hears then why it has to stay outside
            return false;
        }
        // before the connection knows the session: what it reports next comes behind this in the mailbox
        List<Runnable> told = new ArrayList<>(2);
        if (!on.attach(session, () -> tellOfBeginning(fresh, told))) {
            closing.discard();
            return false;
        }
        counters.count(Counters.Name.SESSIONS_CONNECTED);
        on.send(connectPacket());
        messages.confirmed(session, features).forEach(on::send);
        goLive(on);
        session.notifier().begun();
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

    /** The client is there and known. Under the lock. */
    private void letIn(SessionConnection on) {
        connection.letIn(on, time.now());
        expiry.watch(state.principal());
    }

    private OutboundMessage connectPacket() {
        return OutboundMessage.control(encoder.connect(session.id(), session.privateId()));
    }

    // ---- it is suspended

    /** Nothing further is taken over this connection, since its client is to go on elsewhere. */
    public void endIntake(SessionConnection leaving) {
        synchronized (session) {
            if (connection.is(leaving)) {
                session.inbox().close();
            }
        }
    }

    /** Takes note that a connection has gone. Ignored when the session is on another one by now. */
    public void connectionLost(SessionConnection lost, DisconnectReason reason) {
        boolean suspends;
        List<Runnable> told = new ArrayList<>(2);
        List<PendingAcks.Asker> unanswered;
        List<Runnable> waiting;
        SessionDismissal sentAway;
        synchronized (session) {
            if (!connection.is(lost) || !state.isThere()) {
                return;
            }
            sentAway = state.dismissal();
            if (state.isResuming() && reason.recoverable() && sentAway == null) {
                // nobody has heard of this attempt: what is left of the window goes on
                state.suspended();
                connection.detach();
                window.goOn();
                if (absence != null) {
                    absence.await();
                }
                return;
            }
            suspends = reason.recoverable()
                    && sentAway == null
                    && session.privateId() != null
                    && window.open(connection.remoteAddress(), state.principal());
            if (suspends) {
                state.suspended();
                connection.detach();
                expiry.cancel();
                told.add(listeners.suspended(reason));
                if (absence != null) {
                    told.add(absence.suspended(reason));
                }
            }
            unanswered = suspends ? acks.takeAll() : List.of();
            waiting = afterCatchUp.takeAll();
        }
        if (sentAway != null) {
            closing.close(sentAway.reason(), sentAway.elsewhere());
        } else if (!suspends) {
            closing.close(reason);
        }
        try {
            waiting.forEach(Runnable::run);
        } finally {
            if (suspends) {
                suspended(unanswered, told);
            }
        }
    }

    private void suspended(List<PendingAcks.Asker> unanswered, List<Runnable> told) {
        counters.count(Counters.Name.SESSIONS_SUSPENDED);
        try {
            session.rates().leaves();
            acks.lose(unanswered);
        } finally {
            session.notifier().suspended();
            told.forEach(Runnable::run);
        }
    }

    /** Waits for the client of a session that came with its record: it has the whole window. */
    public void await() {
        synchronized (session) {
            window.takeOver();
            if (absence != null) {
                absence.await();
            }
        }
    }

    /** Marks a session that was at a server of another kind: the application here is told of its beginning when its client has come. */
    public void comesFromOutside() {
        synchronized (session) {
            state.untold(true);
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
            if (state.isClosed() || !home.claimed(claim)) {
                return false;
            }
            old = connection.current();
        }
        if (old != null) {
            connectionLost(old, DisconnectReason.CONNECTION_REPLACED);
            old.close(DisconnectReason.CONNECTION_REPLACED);
        }
        synchronized (session) {
            if (!state.isSuspended()) {
                return false;
            }
            state.resuming();
            connection.attach(on);
            session.inbox().open();
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
        boolean same;
        synchronized (session) {
            if (!state.isResuming() || !connection.is(on)) {
                return false;
            }
            state.connected();
            same = state.principal().equals(renewed);
            state.renewed(renewed);
            letIn(on);
            window.leave();
            if (absence != null) {
                same &= !absence.resumed();
            }
            begun = state.isUntold() ? listeners.connected() : () -> {};
            state.untold(false);
            told = listeners.resumed();
        }
        session.user().identified();
        on.send(connectPacket());
        messages.restored(session, since).forEach(on::send);
        session.history().confirm(since);
        counters.count(Counters.Name.SESSIONS_RESUMED);
        if (same) {
            session.notifier().resumed();
        } else {
            session.changed();
        }
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
        if (!session.history().epoch().equals(backend.epoch())) {
            interrupt(DisconnectReason.EPOCH_CHANGED); // it changed while the client was on its way
        }
    }

    // ---- what changes without a transition

    /** Closes the connection, not the session. Without recovery the session knows nothing of epochs and stays. */
    public void interrupt(DisconnectReason reason) {
        SessionConnection current = connection.current();
        if (current != null && session.privateId() != null) {
            current.close(reason);
        }
    }

    /**
     * Makes somebody of a client that came without credentials. It is in the room of its user from here on.
     *
     * @param on where it has shown them
     * @param rooms into which interceptors put it as the user's
     * @return false when it is not there any more, or is somebody already
     */
    boolean become(SessionConnection on, Principal user, EntryRooms rooms) {
        Runnable told;
        synchronized (session) {
            if (!state.isConnected() || !connection.is(on) || !state.principal().anonymous()) {
                return false;
            }
            state.renewed(user);
            expiry.watch(user);
            told = listeners.authenticated();
        }
        session.user().identified();
        session.enter(RoomKind.USER.of(user.id()));
        rooms.enter(session);
        session.recheckRooms();
        told.run();
        return true;
    }

    /** Takes newer credentials of the same user. */
    void renew(Principal renewed) {
        synchronized (session) {
            take(renewed);
        }
        hasRenewed();
    }

    /**
     * Takes what has been said of the credentials that the session has had.
     *
     * @return false when it has others by now
     */
    boolean renew(Principal before, Principal renewed) {
        synchronized (session) {
            if (!state.principal().equals(before)) {
                return false;
            }
            if (renewed.equals(before)) {
                return true;
            }
            take(renewed);
        }
        hasRenewed();
        return true;
    }

    private void take(Principal renewed) {
        state.renewed(renewed);
        if (state.isConnected()) {
            expiry.watch(renewed);
        }
    }

    private void hasRenewed() {
        session.user().identified();
        session.changed();
        session.recheckRooms();
    }

    /** It has left a room in which it may not be any more. */
    void lostRoom(RoomKey room) {
        listeners.lostRoom(room).run();
    }

    /** Remembers a question before it is sent. Returns false when the client is not there, or too many are open. */
    public boolean expect(long ackId, PendingAcks.Asker asker) {
        synchronized (session) {
            return connection.live() != null && state.isConnected() && acks.expect(ackId, asker);
        }
    }
}
