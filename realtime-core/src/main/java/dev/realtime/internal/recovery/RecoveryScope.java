package dev.realtime.internal.recovery;

import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.EndedSessions;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.RoomRules;
import dev.realtime.internal.session.SessionFactory;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;

/**
 * What a session that comes back to a namespace of this node meets there.
 *
 * @param roomRules in which rooms it may still be
 * @param ended at this node, in whatever namespace
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
        EndedSessions ended) {}
