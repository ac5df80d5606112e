package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.session.Publisher.Published;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An order of the application to end a session. From then on nothing of its client is handled, and what was emitted to it before the order arrives
 * before the goodbye. A session has at most one; whoever gives the order again waits for the first.
 */
final class SessionDismissal {

    /** What comes before the goodbye. */
    enum Order {
        /** What the fan-out has passed: the order is an entry of the log, and this is its turn. */
        IN_TURN,
        /** What the caller and the session have emitted. */
        BEHIND_OWN
    }

    private final LocalSession session;
    private final Publisher publisher;
    private final boolean closeConnection;
    private final DisconnectReason reason;
    private final @Nullable Published before;
    private final boolean unplaced;
    private final Runnable elsewhere;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /**
     * @param closeConnection whether the connection is to be closed behind the goodbye
     * @param reason what the application is told
     */
    SessionDismissal(
            LocalSession session, Publisher publisher, Order order, boolean closeConnection, DisconnectReason reason) {
        this.session = session;
        this.publisher = publisher;
        this.closeConnection = closeConnection;
        this.reason = reason;
        this.before = order == Order.IN_TURN
                ? null
                : Publisher.later(publisher.underWay(), session.emits().underWay());
        this.unplaced = before != null && !Publisher.isPlaced(before);
        // an order that is in the log reaches every node by itself
        this.elsewhere = order == Order.IN_TURN || unplaced ? () -> {} : this::disconnectElsewhere;
    }

    private void disconnectElsewhere() {
        var unused = session.namespace().session(session.id()).disconnect(closeConnection);
    }

    /** Completes when the session has ended. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** Why the session ends. */
    DisconnectReason reason() {
        return reason;
    }

    /** Runs when the session goes on with another copy, or may do so. */
    Runnable elsewhere() {
        return elsewhere;
    }

    /**
     * Says goodbye behind what was emitted before, or when that has taken longer than {@link dev.realtime.limits.Limits#emitTimeout()}.
     *
     * @param connection where the client is
     */
    void sayGoodbyeBehindOwn(@Nullable SessionConnection connection) {
        TimeoutQueue.Deadline deadline = publisher.deadline(this::end);
        var unused = over.thenRun(deadline::meet);
        if (unplaced) {
            // the goodbye has its place behind what has none yet
            publisher
                    .append(new LogEntry.Disconnect(new Target(Set.of(session.id()), Set.of(), null), closeConnection))
                    .place()
                    .whenComplete((place, failure) -> {
                        if (failure != null) {
                            publisher.behind(null, () -> sayGoodbye(connection));
                        }
                    });
        } else if (before != null) {
            publisher.behind(before, () -> sayGoodbye(connection));
        } else {
            publisher.behindTail(() -> sayGoodbye(connection));
        }
    }

    /**
     * Says goodbye, since everything emitted before has left the fan-out. Answers that wait for their record, and a client that is being caught up
     * with, come first.
     */
    void sayGoodbye(@Nullable SessionConnection connection) {
        session.inbox().whenAnswered().thenRun(() -> session.afterCatchUp().run(connection, 0, this::end));
    }

    /** Ends the session now. */
    void end() {
        session.closing().close(reason, elsewhere);
        over.complete(null);
    }
}
