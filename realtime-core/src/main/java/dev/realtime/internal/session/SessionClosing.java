package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.outbox.OutboundMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The ways in which a session ends here, each of them once; what follows is the matter of {@link SessionEnd}. Thread-safe. */
public final class SessionClosing {
    private final LocalSession session; // also the lock
    private final SessionState state;
    private final AttachedConnection connection;
    private final AfterCatchUp afterCatchUp;
    private final PendingAcks acks;
    private final SuspensionWindow window;
    private final CredentialExpiry expiry;
    private final @Nullable AbsenceNotice absence;
    private final Publisher publisher;
    private final SessionEnd end;

    /** @param absence null: nobody is told that its client is away */
    SessionClosing(
            LocalSession session,
            SessionState state,
            AttachedConnection connection,
            AfterCatchUp afterCatchUp,
            PendingAcks acks,
            SuspensionWindow window,
            CredentialExpiry expiry,
            @Nullable AbsenceNotice absence,
            Publisher publisher,
            SessionEnd end) {
        this.session = session;
        this.state = state;
        this.connection = connection;
        this.afterCatchUp = afterCatchUp;
        this.acks = acks;
        this.window = window;
        this.expiry = expiry;
        this.absence = absence;
        this.publisher = publisher;
        this.end = end;
    }

    /** Says goodbye, since the application closes the connection. Completes when the session has ended. */
    public CompletionStage<Void> dismiss() {
        return dismiss(false, SessionDismissal.Order.BEHIND_OWN);
    }

    /**
     * Ends the session by order of the application; see {@link SessionDismissal}.
     *
     * @param closeConnection whether the connection is closed behind it, with a goodbye in its other namespaces
     * @return completes when the session has ended
     */
    CompletionStage<Void> dismiss(boolean closeConnection, SessionDismissal.Order order) {
        return dismiss(closeConnection, order, DisconnectReason.SERVER_DISCONNECT);
    }

    /**
     * The same for another reason.
     *
     * @param reason what the application is told
     */
    CompletionStage<Void> dismiss(boolean closeConnection, SessionDismissal.Order order, DisconnectReason reason) {
        SessionDismissal asked = new SessionDismissal(session, publisher, order, closeConnection, reason);
        SessionConnection current;
        SessionDismissal mine;
        boolean first;
        boolean there;
        synchronized (session) {
            current = connection.current();
            there = state.isThere();
            first = state.dismissal() == null && !state.isClosed();
            if (first) {
                state.dismissed(asked);
            }
            mine = state.dismissal();
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
            if (!state.isSuspended()) {
                return;
            }
        }
        close(reason);
    }

    /**
     * Ends the session for good, by the server's will.
     *
     * @param words what its client hears before; null if there is nothing to be said
     */
    void close(DisconnectReason reason, @Nullable OutboundMessage words) {
        SessionConnection current = connection.current();
        if (words != null && current != null && !state.isClosed()) {
            session.afterCatchUp().run(current, words.size(), () -> {
                current.send(words);
                close(reason);
            });
        } else {
            close(reason);
        }
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

    /**
     * The same.
     *
     * @param giveUp gives the record up, and says what that means
     */
    void close(
            DisconnectReason reason,
            Runnable elsewhere,
            Function<OwnedRecord, CompletionStage<OwnedRecord.Fate>> giveUp) {
        SessionEnd.Last last;
        synchronized (session) {
            if (state.isClosed()) {
                return;
            }
            boolean met = state.isConnected();
            state.closed(reason);
            window.stop();
            window.leave();
            if (absence != null) {
                absence.over();
            }
            expiry.cancel();
            last = new SessionEnd.Last(
                    reason,
                    !state.isUntold(),
                    met,
                    connection.detach(),
                    afterCatchUp.takeAll(),
                    acks.takeAll(),
                    state.dismissal());
        }
        try {
            session.rates().leaves();
        } finally {
            end.run(last, elsewhere, giveUp);
        }
    }

    /** The session never began here, and nobody has heard of it. Its record, if there is one, is left as it is. */
    public void discard() {
        synchronized (session) {
            state.closed(DisconnectReason.TRANSPORT_CLOSED);
            window.stop();
            window.leave();
            if (absence != null) {
                absence.over();
            }
            connection.detach();
            expiry.cancel();
        }
        end.discard();
    }
}
