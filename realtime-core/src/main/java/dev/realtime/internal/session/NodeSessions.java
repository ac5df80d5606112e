package dev.realtime.internal.session;

import dev.realtime.Principal;
import dev.realtime.internal.drain.PacedQueue;
import dev.realtime.internal.idempotency.IdempotentRequests;
import dev.realtime.internal.limits.SuspendedSessions;
import dev.realtime.internal.users.UserDirectory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of all namespaces of a node share.
 *
 * @param suspended those that wait for their client
 * @param ended those that have ended here
 * @param departures closes connections whose sessions others have taken over
 * @param records how their records are kept in the backend
 * @param flushes how long what a handler has sent may wait for the handlers of the events behind its own
 * @param idempotent their requests that are handled once
 * @param users what is decided about their users; null: nothing
 */
public record NodeSessions(
        SuspendedSessions suspended,
        EndedSessions ended,
        PacedQueue departures,
        SessionRecords records,
        TimeoutQueue flushes,
        IdempotentRequests idempotent,
        @Nullable UserDirectory users) {

    /** Who may be in the rooms of a namespace, by what its users may do at run time. */
    public RoomRules roomRules(NamespaceHandlers handlers) {
        return handlers.roomRules().seeing(usersNow());
    }

    /** Users as they are at run time. */
    public UnaryOperator<Principal> usersNow() {
        return users == null ? UnaryOperator.identity() : users::now;
    }
}
