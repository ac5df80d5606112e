package dev.realtime.internal.recovery;

import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.presence.NamespacePresence;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.EndedSessions;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.RoomRules;
import dev.realtime.internal.session.SessionFactory;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session that comes back to a namespace of this node meets there.
 *
 * @param roomRules in which rooms it may still be
 * @param ended at this node, in whatever namespace
 * @param refusals hears of who finds no room
 * @param presence null: there is none
 */
public record RecoveryScope(
        String namespace,
        NodeRuntime runtime,
        Backend backend,
        Limits limits,
        OutboxLimits outbox,
        RoomRules roomRules,
        SessionFactory factory,
        Log log,
        RoomIndex<LocalSession> rooms,
        Fanout<LocalSession> fanout,
        EndedSessions ended,
        RefusalReporter refusals,
        @Nullable NamespacePresence presence) {

    /** A user has as many connections as are allowed. */
    ConnectRefusedException tooManyConnections(String address, Principal principal) {
        runtime.counters().count(Counters.Name.SESSIONS_REFUSED_USER);
        ErrorCode code = ErrorCode.TOO_MANY_CONNECTIONS;
        refusals.session(
                address, principal, namespace, code.code(), "Limits.maxConnectionsPerUser", ConnectionGate.NO_ROOM);
        return new ConnectRefusedException(
                code.sentence(), Map.of("code", code.code(), "retryAfterMs", ConnectionGate.NO_ROOM.toMillis()));
    }
}
