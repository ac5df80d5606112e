package dev.realtime;

import dev.realtime.internal.options.Range;
import dev.realtime.internal.rooms.NamedRooms;
import java.util.Objects;

/**
 * The typed name of a room, {@code kind:name}. Made by {@link RoomKind#of(String)}; because the kind ends at the first colon and comes from
 * code, no name that a client chooses reaches a room of another kind or another session's own room.
 */
public final class RoomKey {
    private final String text;

    RoomKey(String text) {
        this.text = text;
    }

    /** Reads {@code kind:name} as written in code; for names that clients choose use {@link RoomKind#of(String)}. */
    public static RoomKey parse(String text) {
        Objects.requireNonNull(text, "room");
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new InvalidRoomException("a room is 'kind:name' such as 'zone:tavern', but is '" + text + "'");
        }
        return RoomKind.named(text.substring(0, colon)).of(text.substring(colon + 1));
    }

    static RoomKey[] parseAll(String... texts) {
        Objects.requireNonNull(texts, "rooms");
        RoomKey[] keys = new RoomKey[texts.length];
        for (int i = 0; i < texts.length; i++) {
            keys[i] = parse(texts[i]);
        }
        return keys;
    }

    /**
     * A room without a kind, as servers in Node.js that share the backend name theirs. For names from code only: a client that could choose
     * such a name could choose another session's own room.
     *
     * @param name 1 to 289 characters; does not begin with {@code $presence:} or {@code $state:}, as the engine's own rooms do
     * @throws InvalidRoomException if it is not such a name
     */
    public static RoomKey plain(String name) {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.length() > NamedRooms.LONGEST) {
            throw new InvalidRoomException(
                    "a room's name has 1 to " + NamedRooms.LONGEST + " characters, but has " + name.length());
        }
        if (!Range.isWellFormed(name)) {
            throw new InvalidRoomException("a room's name is well-formed UTF-16, but a surrogate has no partner");
        }
        if (NamedRooms.isOfWatchers(name)) {
            throw new InvalidRoomException("rooms whose names begin with '" + NamedRooms.WATCHERS + "' or '"
                    + NamedRooms.STATE + "' are the engine's own, but one is '" + name + "'");
        }
        return new RoomKey(name);
    }

    /** The word before the first colon; empty for a {@linkplain #plain(String) plain} name without one. */
    public String kind() {
        return text.substring(0, Math.max(0, text.indexOf(':')));
    }

    public String name() {
        return text.substring(text.indexOf(':') + 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoomKey key && key.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** {@code kind:name}. */
    @Override
    public String toString() {
        return text;
    }
}
