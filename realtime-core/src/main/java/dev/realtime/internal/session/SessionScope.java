package dev.realtime.internal.session;

import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.Log;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What all sessions of a namespace share.
 *
 * @param ackIds of questions to clients; one number may ask many sessions, so that the question is encoded once
 * @param node what they share with the sessions of other namespaces
 * @param closed told once for each session that has ended
 */
public record SessionScope(
        SessionNamespace namespace,
        NodeContext context,
        NamespaceHandlers handlers,
        Pipeline pipeline,
        Payloads payloads,
        PacketEncoder encoder,
        Log log,
        Publisher publisher,
        RoomIndex<LocalSession> rooms,
        Fanout<LocalSession> fanout,
        AtomicLong ackIds,
        NodeSessions node,
        Consumer<LocalSession> closed) {

    /** Of a question. The Java client reads it into an int, so it begins anew where that ends. */
    public long nextAckId() {
        return ackIds.incrementAndGet() & Integer.MAX_VALUE;
    }
}
