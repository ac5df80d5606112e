package dev.realtime.internal.presence;

import dev.realtime.presence.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of a session of its own.
 *
 * @param user null if nobody knows him
 * @param fence of the claim by which it is the node's: a word under an older one counts for nothing
 * @param awaySince in milliseconds of the node's clock; 0 if it is not away
 * @param recoverable whether whoever takes the node over takes the session over
 * @param rooms of the kinds that have presence, in alphabetical order
 * @param shown a JSON object; empty if nothing is shown
 */
record SessionStatement(
        String id,
        @Nullable String user,
        long fence,
        Status status,
        long awaySince,
        boolean recoverable,
        List<String> rooms,
        String shown) {
    private static final int FEW_BYTES = 64;
    private static final String NOBODY = "\0";

    /** Under which it is counted in rooms: a user once, however many sessions he has there. */
    String who() {
        return user == null ? NOBODY + id : who(user);
    }

    /** Under which a user is counted: an id that begins like what stands for a session of nobody has one more such character before it. */
    static String who(String user) {
        return user.startsWith(NOBODY) ? NOBODY + user : user;
    }

    /** The user who is counted under this. */
    static String userOf(String who) {
        return who.startsWith(NOBODY) ? who.substring(NOBODY.length()) : who;
    }

    /** Whether that stands for a session of nobody. */
    static boolean isNobody(String who) {
        return who.startsWith(NOBODY) && !who.startsWith(NOBODY + NOBODY); // no session's id begins so
    }

    SessionStatement reconnecting() {
        return new SessionStatement(id, user, fence, Status.RECONNECTING, 0, recoverable, rooms, shown);
    }

    /** About so many bytes of an entry. */
    int size() {
        int size = FEW_BYTES + id.length() + (user == null ? 0 : user.length()) + shown.length();
        for (String room : rooms) {
            size += room.length() + 3;
        }
        return size;
    }
}
