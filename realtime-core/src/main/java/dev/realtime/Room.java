package dev.realtime;

import java.util.List;

/** A named group of sessions. As an audience it means its members. Holds nothing itself: a room exists while it has members. */
public interface Room extends Audience {

    RoomKey key();

    /** The members on this node at this moment. */
    List<Session> members();

    /** How many {@link #members()} there are. */
    int size();
}
