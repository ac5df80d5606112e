package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.drain.PacedQueue;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.OwnedRecord.Fate;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.users.SessionUser;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows once a session has closed: its connection, its record, its rooms, those who wait for it, and the application hear of it, in this
 * order. Runs once, without the session's lock. Each is a step by itself: one that fails is logged, and takes none of the others with it.
 */
final class SessionEnd {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEnd.class);

    private final LocalSession session;
    private final SessionListeners listeners;
    private final PendingAcks acks;
    private final @Nullable OwnedRecord record;
    private final SessionUser user;
    private final RoomChanges rooms;
    private final EndedSessions ended;
    private final PacedQueue departures;
    private final PacketEncoder encoder;
    private final LifecycleMessages messages;
    private final NodeRuntime runtime;
    private final Consumer<LocalSession> closed;

    /**
     * @param record null without recovery
     * @param ended at this node
     * @param departures closes connections of sessions that others have taken over, since there may be many
     * @param closed told that the session has left its namespace here
     */
    SessionEnd(
            LocalSession session,
            SessionListeners listeners,
            PendingAcks acks,
            @Nullable OwnedRecord record,
            SessionUser user,
            RoomChanges rooms,
            EndedSessions ended,
            PacedQueue departures,
            PacketEncoder encoder,
            LifecycleMessages messages,
            NodeRuntime runtime,
            Consumer<LocalSession> closed) {
        this.session = session;
        this.listeners = listeners;
        this.acks = acks;
        this.record = record;
        this.user = user;
        this.rooms = rooms;
        this.ended = ended;
        this.departures = departures;
        this.encoder = encoder;
        this.messages = messages;
        this.runtime = runtime;
        this.closed = closed;
    }

    /**
     * How the session was when it closed.
     *
     * @param begun whether the application here has been told of its beginning
     * @param met whether its client has been told that it has the session
     * @param connection null if it was suspended
     * @param afterCatchUp what waited until its client was up to date
     * @param unanswered the questions to its client
     * @param dismissal null unless the application has dismissed it
     */
    record Last(
            DisconnectReason reason,
            boolean begun,
            boolean met,
            @Nullable SessionConnection connection,
            List<Runnable> afterCatchUp,
            List<PendingAcks.Asker> unanswered,
            @Nullable SessionDismissal dismissal) {}

    /**
     * @param elsewhere runs when the session goes on with another copy, or may do so
     * @param giveUp gives the record up, and says what that means
     */
    void run(Last last, Runnable elsewhere, Function<OwnedRecord, CompletionStage<Fate>> giveUp) {
        SessionConnection connection = last.connection;
        if (connection != null) {
            step(() -> leave(connection, last)); // before acknowledgements that waited for a write are let go
        }
        CompletionStage<Fate> over =
                record == null ? CompletableFuture.completedFuture(Fate.OURS) : giveUp.apply(record);
        step(() -> rooms.leaveAll(session)); // after the last write
        last.afterCatchUp.forEach(this::step);
        step(() -> acks.lose(last.unanswered));
        step(() -> rememberEnd(over));
        runtime.counters().sessionClosed(last.reason);
        Runnable ending = user.ending();
        step(user::left);
        step(() -> closed.accept(session));
        CompletionStage<Void> told = over.thenCompose(fate -> {
            if (fate == Fate.OURS) {
                step(ending);
            }
            step(() -> tell(last, fate));
            step(() -> session.notifier().ended(fate == Fate.ELSEWHERE));
            if (fate != Fate.OURS) {
                step(elsewhere);
            }
            return session.inbox().whenIdle();
        });
        ended.telling(told);
        if (last.dismissal != null) {
            last.dismissal.over().complete(null);
        }
    }

    /** The application has not heard of the session, which never began: only what it holds is given back. */
    void discard() {
        if (record != null) {
            record.discard();
        }
        rooms.leaveAll(session);
        Runnable ending = user.ending();
        user.left();
        ending.run();
        closed.accept(session);
        session.notifier().ended(false); // those who hear of changes have heard that it joined its first rooms
    }

    private void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, session.id(), "a step of the end of session {} failed", session.id(), e);
        }
    }

    private void tell(Last last, Fate fate) {
        if (fate == Fate.ELSEWHERE) {
            listeners.moved().run();
        } else if (last.begun) {
            boolean foreign = fate == Fate.FOREIGN && last.reason == DisconnectReason.WINDOW_OVER;
            DisconnectReason reason = foreign ? DisconnectReason.TAKEN_OVER : last.reason;
            listeners.disconnected(reason).run();
        }
    }

    private void rememberEnd(CompletionStage<Fate> over) {
        String privateId = session.privateId();
        if (privateId != null) {
            ended.add(
                    privateId,
                    over.thenApply(fate -> fate != Fate.ELSEWHERE && fate != Fate.FOREIGN),
                    record == null ? () -> null : record::removedAt);
        }
    }

    private void leave(SessionConnection connection, Last last) {
        switch (last.reason) {
            case SERVER_DISCONNECT,
                    CREDENTIALS_EXPIRED,
                    CREDENTIALS_REVOKED,
                    NOT_AUTHENTICATED,
                    LOGGED_IN_ELSEWHERE -> {
                OutboundMessage words = last.met ? messages.disconnected(session, last.reason) : null;
                if (words != null) {
                    connection.send(words);
                }
                connection.send(OutboundMessage.control(encoder.disconnect()));
                connection.detach(session);
                connection.flush();
            }
            case CLIENT_DISCONNECT, NOT_RECOVERED -> connection.detach(session);
            case TAKEN_OVER -> {
                connection.detach(session);
                departures.run(() -> connection.close(last.reason));
            }
            default -> {
                connection.detach(session);
                connection.close(last.reason);
            }
        }
    }
}
