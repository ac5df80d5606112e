package dev.realtime.internal.requests;

import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.AckIds;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.Publisher;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.system.Workers;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.util.HashSet;
import java.util.Set;

/** Asks the clients of a namespace that are connected to this node. Thread-safe. */
public final class LocalRequests {
    private final PacketEncoder encoder;
    private final AckIds ackIds;
    private final Publisher publisher;
    private final RoomIndex<LocalSession> rooms;
    private final Fanout<LocalSession> fanout;
    private final Workers workers;

    public LocalRequests(
            PacketEncoder encoder,
            AckIds ackIds,
            Publisher publisher,
            RoomIndex<LocalSession> rooms,
            Fanout<LocalSession> fanout,
            Workers workers) {
        this.encoder = encoder;
        this.ackIds = ackIds;
        this.publisher = publisher;
        this.rooms = rooms;
        this.fanout = fanout;
        this.workers = workers;
    }

    /** Asks all that are in an audience, behind what the caller has emitted. */
    LocalRequest ask(Target target, EventData data, LocalRequest.Listener listener) {
        long ackId = ackIds.next();
        LocalRequest request = new LocalRequest(ackId, listener);
        OutboundMessage message = OutboundMessage.reliable(encoder.event(data.json(), data.attachments(), ackId, null));
        publisher.behindOwn(() -> {
            Set<String> asked = new HashSet<>();
            rooms.forEach(target, null, session -> {
                if (session.isConnected()) {
                    asked.add(session.id());
                    ask(session, request, message);
                }
            });
            workers.execute(() -> listener.asked(asked));
        });
        return request;
    }

    private void ask(LocalSession session, LocalRequest request, OutboundMessage message) {
        if (request.begin(session) && !(request.expect(session) && fanout.deliver(session, message))) {
            request.forget(session);
            workers.handlers().execute(() -> request.lost(session));
        }
    }
}
