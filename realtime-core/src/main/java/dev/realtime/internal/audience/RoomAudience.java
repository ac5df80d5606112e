package dev.realtime.internal.audience;

import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.internal.mail.MailEmits;
import dev.realtime.internal.requests.NamespaceRequests;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.schedule.LaterEmits;
import dev.realtime.internal.session.Envelopes;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.Publisher;
import dev.realtime.spi.Target;
import java.util.List;
import java.util.Set;

/** The audience of one room. */
final class RoomAudience extends NamespaceAudience implements Room {
    private final RoomIndex<LocalSession> rooms;
    private final RoomKey key;

    RoomAudience(
            Payloads payloads,
            Envelopes envelopes,
            Publisher publisher,
            NamespaceRequests requests,
            LaterEmits later,
            MailEmits mail,
            RoomIndex<LocalSession> rooms,
            RoomKey key,
            EmitOrigin origin) {
        super(
                payloads,
                envelopes,
                publisher,
                requests,
                later,
                mail,
                new Target(Set.of(key.toString()), Set.of(), null),
                origin);
        this.rooms = rooms;
        this.key = key;
    }

    @Override
    public RoomKey key() {
        return key;
    }

    @Override
    public List<Session> members() {
        return List.copyOf(rooms.members(key.toString()));
    }

    @Override
    public int size() {
        return rooms.members(key.toString()).size();
    }
}
