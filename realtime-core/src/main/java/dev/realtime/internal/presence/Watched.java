package dev.realtime.internal.presence;

import dev.realtime.internal.rooms.NamedRooms;
import org.jspecify.annotations.Nullable;

/**
 * A user or a room that is watched. Its watchers are in a room of their own, so they are found, recorded and caught up with like the members of any
 * other.
 *
 * @param name the id of the user, or the room
 */
record Watched(boolean isRoom, String name) {
    private static final String ROOM = NamedRooms.WATCHERS + "r:";
    private static final String USER = NamedRooms.WATCHERS + "u:";

    static Watched user(String user) {
        return new Watched(false, user);
    }

    static Watched room(String room) {
        return new Watched(true, room);
    }

    /** What the members of a room watch; null if it is not a room of watchers. */
    static @Nullable Watched by(String watchers) {
        if (watchers.startsWith(ROOM)) {
            return room(watchers.substring(ROOM.length()));
        }
        return watchers.startsWith(USER) ? user(watchers.substring(USER.length())) : null;
    }

    /** The room of those who watch. */
    String watchers() {
        return (isRoom ? ROOM : USER) + name;
    }

    /**
     * The room of those who watch it and are still to be shown how it is, wherever their sessions go until then. Nothing is ever delivered to that one.
     */
    String unshown() {
        return NamedRooms.UNSHOWN + watchers();
    }

    /** What is to be shown to the members of a room; null if that is not such a room. */
    static @Nullable Watched byUnshown(String room) {
        return room.startsWith(NamedRooms.UNSHOWN) ? by(room.substring(NamedRooms.UNSHOWN.length())) : null;
    }
}
