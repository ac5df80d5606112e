package dev.realtime.internal.recovery;

import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.EndedSessions;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionFactory;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a session that comes back to a namespace of this node meets there.
 *
 * @param roomRule in which rooms it may still be; null: in all
 * @param ended at this node, in whatever namespace
 */
public record RecoveryScope(
        String namespace,
        NodeRuntime runtime,
        Backend backend,
        Limits limits,
        OutboxLimits outbox,
        @Nullable BiPredicate<Principal, RoomKey> roomRule,
        SessionFactory factory,
        Log log,
        RoomIndex<LocalSession> rooms,
        Fanout<LocalSession> fanout,
        EndedSessions ended) {}
