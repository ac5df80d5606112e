package dev.realtime.internal.recovery;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.fanout.Delivery;
import dev.realtime.internal.fanout.ReplayBatch;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.presence.NamespacePresence;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.spi.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a returned session up to date: what it missed leaves in portions that fit an outbox, each when the one before it has left, and
 * with the last one, in one turn of the fan-out, the session goes live. A slow client that missed more than an outbox holds is
 * thus served like any other, and what is emitted meanwhile is simply part of what it misses.
 *
 * <p>Portions come from the fan-out's window; what that no longer has is read from the log. They are collected and framed beside the fan-out,
 * on the {@link ReplayQueue}; only the few events that come between the last of them and the turn in which the session goes live are brought up in
 * that turn. Beside the fan-out it is exact too: who was in a room at a position that the fan-out has passed does not change any more.
 */
final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    /** A portion is at most so many events and bytes: a fraction of a millisecond. */
    private static final int MOST_EVENTS = 256;

    private static final int MOST_BYTES = 256 << 10;
    /** Events that may be brought up in the fan-out's turn; twice as many each time that they do not suffice. */
    private static final int FEW = 64;

    private final RecoveryScope scope;
    private final ReplayQueue replayQueue;
    private final ReplayAttempts attempts;
    private final LocalSession session;
    private final SessionConnection connection;
    private final Principal principal;
    private final Outcome outcome;
    private final LoggedEvents logged; // read from the log, and not sent yet
    private final Position since;
    private Position reached;
    private boolean fromWindow = true;
    private boolean begun;
    private boolean told; // the outcome has been
    private boolean offered; // the first event has been or is being sent
    private int few = FEW;

    /** What becomes of it; of the methods one is called, once. */
    interface Outcome {
        /** It is certain that the session goes on, or its connection is gone again and it waits for the next attempt. Called again if that has thrown. */
        void started();

        /** It cannot be exact. */
        void impossible(FreshReason reason);

        /** The backend did not answer: the next attempt may have more luck. */
        void unanswered();
    }

    /** @param reached the client has everything up to here */
    CatchUp(ResumeAttempt attempt, LocalSession session, Position reached, Outcome outcome) {
        this.scope = attempt.recovery().scope();
        this.replayQueue = attempt.recovery().services().replayQueue();
        this.attempts = attempt.recovery().services().attempts();
        this.session = session;
        this.connection = attempt.connection();
        this.principal = attempt.principal();
        this.since = reached;
        this.reached = reached;
        this.outcome = outcome;
        this.logged = new LoggedEvents(scope.fanout().messages(), scope.log()::now, session);
    }

    void proceed() {
        replayQueue.execute(() -> guarded(this::portion));
    }

    /** A step that throws costs its client this connection, and not its place: nobody else would go on for it. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            if (!isOver()) {
                failed(e);
            }
        }
    }

    /** As much as leaves in one write. On the replay queue. */
    private void portion() {
        if (isOver()) {
            return;
        }
        if (logged.isHolding()) {
            sendLogged();
            return;
        }
        ReplayBatch portion =
                scope.fanout().recent().missed(reached, session.memberships().names(), mostEvents(2), mostBytes(2));
        if (portion == null) {
            readOn();
            return;
        }
        int sent = send(portion);
        if (sent >= 0 && portion.complete()) {
            scope.fanout().execute(() -> guarded(this::finish)); // what was sent leaves there
        } else if (sent == 0) {
            proceed(); // nothing of it was for this session
        } else if (sent > 0) {
            proceedWhenSent();
        }
    }

    /** Goes live if there is not much left. In the fan-out's turn. */
    private void finish() {
        if (isOver()) {
            return;
        }
        ReplayBatch rest = scope.fanout()
                .recent()
                .missed(reached, session.memberships().names(), Math.min(few, mostEvents(4)), mostBytes(4));
        if (rest == null) {
            proceedWhenSent();
        } else if (send(rest) >= 0) {
            if (rest.complete()) {
                goLive();
            } else {
                few = Math.min(2 * few, mostEvents(4));
                proceedWhenSent();
            }
        }
    }

    /** What waits for it leaves with it, if that is not much; else the client gets that first, as it gets what it missed. In the fan-out's turn. */
    private void goLive() {
        int waiting = session.afterCatchUp().waiting(mostEvents(4), mostBytes(4));
        if (waiting == 0) {
            session.lifecycle().goLive(connection);
            NamespacePresence presence = scope.presence();
            if (presence != null) {
                presence.resumed(session, since, fromWindow);
            }
            connection.flush();
        } else {
            leaveEarly(waiting);
        }
    }

    /** @param due so many of those that wait come behind nothing that the client has not been sent */
    private void leaveEarly(int due) {
        connection.flush();
        connection.whenSent(() -> replayQueue.execute(() -> guarded(() -> {
            int sent = isOver()
                    ? 0
                    : session.afterCatchUp().runEarly(connection, Math.min(due, mostEvents(2)), mostBytes(2));
            if (sent > 0 && sent < due) {
                leaveEarly(due - sent);
            } else {
                proceedWhenSent();
            }
        })));
    }

    private int mostEvents(int fraction) {
        return Math.max(1, Math.min(MOST_EVENTS, scope.outbox().maxMessages() / fraction));
    }

    private int mostBytes(int fraction) {
        return Math.min(MOST_BYTES, scope.outbox().maxBytes() / fraction);
    }

    private void proceedWhenSent() {
        connection.flush();
        connection.whenSent(this::proceed);
    }

    private boolean isOver() {
        if (session.connection().is(connection)) {
            return false;
        }
        if (!begun) {
            begun = true;
            told = true;
            outcome.started(); // lost before anything was said: the session waits for the next attempt
        }
        return true;
    }

    /** Returns how much of it was for this session; negative when the connection has been lost, or it begins afresh. */
    private int send(ReplayBatch portion) {
        List<Missed> missed = new ArrayList<>();
        for (Delivery delivery : portion.deliveries()) {
            if (RoomIndex.concerns(session, session.presence(), delivery.target(), delivery.position())) {
                missed.add(new Missed(
                        delivery.position(),
                        delivery.message(session, scope.fanout().messages())));
            }
        }
        if (!begin(missed.isEmpty() ? null : missed.get(0))) {
            return -1;
        }
        missed.forEach(one -> connection.send(one.message()));
        sent(missed.size());
        reached = portion.through();
        return missed.size();
    }

    private void sent(int count) {
        scope.runtime().counters().count(Counters.Name.REPLAYED, count);
    }

    /** The window does not reach back so far. */
    private void readOn() {
        NamespacePresence presence = scope.presence();
        boolean first = fromWindow;
        fromWindow = false;
        if (!first || presence == null) {
            read();
        } else {
            scope.fanout()
                    .execute(() -> guarded(() -> {
                        presence.returns(session, since, false);
                        replayQueue.execute(() -> guarded(this::read));
                    }));
        }
    }

    private void read() {
        Position tail = scope.fanout().position();
        int page = logged.page();
        scope.log()
                .read(reached, tail, page)
                .whenComplete((found, failure) -> replayQueue.execute(() -> guarded(() -> {
                    if (isOver()) {
                        return;
                    }
                    if (failure != null) {
                        failed(failure);
                        return;
                    }
                    boolean more = found.size() == page;
                    logged.keep(found, more ? found.get(page - 1).position() : tail, mostBytes(2));
                    sendLogged();
                })));
    }

    /** Sends as much of what was read as fits half an outbox. */
    private void sendLogged() {
        if (!begin(logged.peek())) {
            return;
        }
        int bytes = 0;
        int count = 0;
        for (Missed next; (next = logged.peek()) != null; ) {
            if (count > 0 && (count == mostEvents(2) || bytes + next.message().size() > mostBytes(2))) {
                break;
            }
            logged.remove();
            connection.send(next.message());
            reached = next.position();
            bytes += next.message().size();
            count++;
        }
        sent(count);
        if (logged.peek() == null) {
            reached = logged.release();
        }
        proceedWhenSent();
    }

    private void failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean trimmed = cause instanceof Log.TrimmedException;
        if (!trimmed) {
            scope.runtime().lines().warn(LOG, "", "a replay could not be read", cause);
        }
        if (begun) {
            // the client may believe in its session: let it come back and be told
            connection.close(DisconnectReason.TRANSPORT_ERROR);
            if (!told) {
                told = true;
                outcome.started();
            }
        } else if (trimmed) {
            begun = true;
            told = true;
            outcome.impossible(FreshReason.LOG_TRIMMED);
        } else {
            begun = true;
            told = true;
            outcome.unanswered();
        }
    }

    /** @param first what is about to be sent, if anything is */
    private boolean begin(@Nullable Missed first) {
        if (first != null && !offered) {
            offered = true;
            if (isStuck(first.position())) {
                return false;
            }
        }
        if (begun) {
            return session.connection().is(connection);
        }
        begun = true;
        Principal renewed = principal.anonymous() ? session.principal() : principal;
        boolean resumed = session.lifecycle().catchUp(connection, renewed, reached);
        outcome.started();
        told = true; // behind it: it may be told twice
        return resumed;
    }

    /** Whether the client has come back again and again without this event: it breaks at it, so that it would come back for ever. */
    private boolean isStuck(Position first) {
        String privateId = session.privateId();
        if (privateId == null
                || attempts.offered(privateId, first) <= scope.limits().replaysOfOneEvent()) {
            return false;
        }
        if (begun) {
            return false; // it believes in its session by now; it is told the next time
        }
        begun = true;
        told = true;
        attempts.forget(privateId);
        outcome.impossible(FreshReason.EVENT_NOT_TAKEN);
        return true;
    }
}
