package dev.realtime.internal.recovery;

import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.EndedSessions;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.session.SessionFactory;
import dev.realtime.spi.Log;

/**
 * What all that come into a namespace meet.
 *
 * @param ended at this node, in whatever namespace
 */
public record RecoveryScope(
        String namespace,
        NodeContext context,
        NamespaceHandlers handlers,
        SessionFactory factory,
        Log log,
        RoomIndex<LocalSession> rooms,
        Fanout<LocalSession> fanout,
        EndedSessions ended) {}
