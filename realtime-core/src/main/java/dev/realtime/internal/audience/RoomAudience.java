package dev.realtime.internal.audience;

import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.internal.requests.NamespaceBus;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.spi.Target;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The audience of one room. */
public final class RoomAudience extends NamespaceAudience implements Room {
    private final RoomKey key;

    /** @param by see {@link NamespaceAudience} */
    public RoomAudience(SessionScope scope, NamespaceBus bus, RoomKey key, @Nullable LocalSession by) {
        super(scope, bus, new Target(Set.of(key.toString()), Set.of(), null), by);
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
