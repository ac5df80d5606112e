package dev.realtime.internal.session;

import dev.realtime.Audience;
import dev.realtime.Namespace;
import dev.realtime.Room;
import dev.realtime.RoomKey;

/** The namespace of a session, with audiences that tell the session what its handlers emit through them. */
public interface SessionNamespace extends Namespace {

    /** The session alone. */
    Audience only(LocalSession session);

    /** Everybody in a room, as a session addresses it. */
    Room room(RoomKey room, LocalSession by);
}
