package dev.realtime.internal.session;

import dev.realtime.Audience;
import dev.realtime.Namespace;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import org.jspecify.annotations.Nullable;

/** The namespace of a session, with audiences that tell the session what its handlers emit through them. */
public interface SessionNamespace extends Namespace {

    /** The session alone. */
    Audience only(LocalSession session);

    /**
     * Everybody in a room.
     *
     * @param by the session that addresses it; null: nobody
     */
    Room room(RoomKey room, @Nullable LocalSession by);
}
