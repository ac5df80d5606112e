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
    private static final String NUMBERS = NamedRooms.NUMBERS;

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
     * The room of those who watch a room and have been shown its numbers alone: wherever their sessions go, they are to be shown who is there. Nothing is ever
     * delivered to it.
     */
    String numbers() {
        return NUMBERS + name;
    }

    /** What is to be shown to the members of a room; null if that is not such a room. */
    static @Nullable Watched byNumbers(String room) {
        return room.startsWith(NUMBERS) ? room(room.substring(NUMBERS.length())) : null;
    }
}
