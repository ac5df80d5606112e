package dev.realtime;

import java.util.List;
import java.util.Optional;

/** A named channel; as an audience it means everybody in it. */
public interface Namespace extends Audience {

    String name();

    @Override
    Room room(RoomKey room);

    @Override
    default Room room(String room) {
        return room(RoomKey.parse(room));
    }

    /** A live or suspended session of this node. */
    Optional<Session> find(String sessionId);

    /** The sessions of this node, live or suspended, at this moment. */
    List<Session> sessions();
}
