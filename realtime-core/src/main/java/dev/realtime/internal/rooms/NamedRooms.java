package dev.realtime.internal.rooms;

import dev.realtime.RoomKey;
import dev.realtime.internal.options.Range;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which names rooms may have. The rooms of the engine's own have names that no key has, so an application can neither join them nor see them. */
public final class NamedRooms {
    /** Begins the name of a room of those who watch presence. Kinds of rooms begin with a letter, and no plain name may begin so. */
    public static final String WATCHERS = "$presence:";

    /** Begins the name of one of those rooms that gets nothing: who is in it is still to be shown something. */
    public static final String UNSHOWN = WATCHERS + "n:";

    /** Begins the name of a room of those who watch a shared state. */
    public static final String STATE = "$state:";

    /** Characters of a key: of a kind, a colon and a name. */
    public static final int LONGEST = 289;

    private NamedRooms() {}

    /** Whether this is a room of those who watch something. */
    public static boolean isOfWatchers(String room) {
        return room.startsWith(WATCHERS) || room.startsWith(STATE);
    }

    /** The keys of rooms, without those that have none: the engine's own, and such as other servers have given longer names. */
    public static Set<RoomKey> keys(Iterable<String> names) {
        Set<RoomKey> keys = new LinkedHashSet<>();
        for (String name : names) {
            boolean isName = !name.isEmpty() && name.length() <= LONGEST && Range.isWellFormed(name);
            if (isName && !isOfWatchers(name)) {
                keys.add(RoomKey.plain(name)); // equal to the key it was made with
            }
        }
        return keys;
    }
}
