package dev.realtime.redis.internal.wire;

/** What the engine takes for the name of a room; servers of another kind know no bounds. */
final class RoomNames {
    private static final int MAX_LENGTH = 289; // RoomKey: a kind, a colon and a name

    private RoomNames() {}

    static boolean isName(String room) {
        return !room.isEmpty() && room.length() <= MAX_LENGTH;
    }

    static void check(Iterable<String> rooms) throws BadWireException {
        for (String room : rooms) {
            if (!isName(room)) {
                throw new BadWireException("a room's name has not 1 to " + MAX_LENGTH + " characters");
            }
        }
    }
}
