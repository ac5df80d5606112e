package dev.realtime.redis.internal.wire;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What the engine takes for the name of a room; servers of another kind know no bounds. */
final class RoomNames {
    private static final int MAX_LENGTH = 289; // RoomKey: a kind, a colon and a name
    /** Begins the names of the engine's own rooms, which have no key and are only in records. */
    private static final String OWN = "$presence:";

    private static final int MAX_RECORDED = MAX_LENGTH + 32; // of the engine's own, which is made for a room

    private RoomNames() {}

    /**
     * Those of a list that a session here can be in; who is not in a room is not in one whose name is too long for us either.
     *
     * @param list as a server of another kind may have written it
     */
    static Set<String> possible(Set<String> list) {
        for (String room : list) {
            if (room.length() > MAX_LENGTH) {
                return list.stream()
                        .filter(name -> name.length() <= MAX_LENGTH)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
            }
        }
        return list;
    }

    static void checkCount(int rooms, int most) throws BadWireException {
        if (rooms > most) {
            throw new BadWireException("a list of more than " + most + " rooms");
        }
    }

    static boolean isName(String room) {
        return !room.isEmpty() && room.length() <= MAX_LENGTH && !room.startsWith(OWN);
    }

    static void check(Iterable<String> rooms) throws BadWireException {
        for (String room : rooms) {
            if (!isName(room)) {
                throw new BadWireException("a room's name has not 1 to " + MAX_LENGTH + " characters, or is reserved");
            }
        }
    }

    static void checkRecorded(Iterable<String> rooms) throws BadWireException {
        for (String room : rooms) {
            if (!isName(room) && !(room.startsWith(OWN) && room.length() <= MAX_RECORDED)) {
                throw new BadWireException("a record's room has not 1 to " + MAX_LENGTH + " characters");
            }
        }
    }
}
