package dev.realtime.internal.audience;

import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.internal.requests.NamespaceRequests;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.schedule.LaterEmits;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.Publisher;
import dev.realtime.spi.Target;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The audience of one room. */
public final class RoomAudience extends NamespaceAudience implements Room {
    private final RoomIndex<LocalSession> rooms;
    private final RoomKey key;

    /** @param by see {@link NamespaceAudience} */
    public RoomAudience(
            Payloads payloads,
            Publisher publisher,
            NamespaceRequests requests,
            LaterEmits later,
            RoomIndex<LocalSession> rooms,
            RoomKey key,
            @Nullable LocalSession by) {
        super(payloads, publisher, requests, later, new Target(Set.of(key.toString()), Set.of(), null), by);
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
