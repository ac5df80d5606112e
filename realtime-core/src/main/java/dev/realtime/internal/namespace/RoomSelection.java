package dev.realtime.internal.namespace;

import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.spi.Target;
import java.util.List;
import java.util.Set;

/** The audience of one room. */
final class RoomSelection extends Selection implements Room {
    private final RoomKey key;

    RoomSelection(SessionScope scope, NamespaceBus bus, RoomKey key) {
        super(scope, bus, new Target(Set.of(key.toString()), Set.of(), null));
        this.key = key;
    }

    @Override
    public RoomKey key() {
        return key;
    }

    @Override
    public List<Session> members() {
        return List.copyOf(scope().rooms().members(key.toString()));
    }

    @Override
    public int size() {
        return scope().rooms().members(key.toString()).size();
    }
}
