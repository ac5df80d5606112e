package dev.realtime;

import dev.realtime.internal.options.Range;
import java.util.Objects;

/**
 * A kind of rooms, such as {@code zone} or {@code match}. Keys are made from a kind in code and a name that may come from a client:
 * whatever the name is, the key stays of this kind.
 */
public final class RoomKind {
    /** All sessions of one user. The engine joins every session of a principal that is not anonymous to the room of its user. */
    public static final RoomKind USER = new RoomKind("user");

    private final String name;

    private RoomKind(String name) {
        this.name = name;
    }

    /** @param name lower-case letters, digits, {@code -} and {@code _}; starts with a letter; at most 32 characters */
    public static RoomKind named(String name) {
        Objects.requireNonNull(name, "name");
        if (!isKind(name)) {
            throw new InvalidRoomException(
                    "a room kind is a lower-case word such as 'zone', at most 32 characters, but is '" + name + "'");
        }
        return new RoomKind(name);
    }

    private static boolean isKind(String name) {
        if (name.isEmpty() || name.length() > 32 || name.charAt(0) < 'a' || name.charAt(0) > 'z') {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
                return false;
            }
        }
        return true;
    }

    public String name() {
        return name;
    }

    /** The room of this kind with this name; the name may be anything of 1 to 256 characters that UTF-8 can carry. */
    public RoomKey of(String room) {
        Objects.requireNonNull(room, "room");
        if (room.isEmpty() || room.length() > 256) {
            throw new InvalidRoomException("a room's name has 1 to 256 characters, but has " + room.length());
        }
        if (!Range.isWellFormed(room)) {
            throw new InvalidRoomException("a room's name is well-formed UTF-16, but a surrogate has no partner");
        }
        return new RoomKey(name + ':' + room);
    }

    /** Whether a key is of this kind. */
    public boolean includes(RoomKey key) {
        Objects.requireNonNull(key, "key");
        return key.kind().equals(name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoomKind kind && kind.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
