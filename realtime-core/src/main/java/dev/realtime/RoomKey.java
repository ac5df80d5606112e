package dev.realtime;

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
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("a room is 'kind:name' such as 'zone:tavern', but is '" + text + "'");
        }
        return RoomKind.named(text.substring(0, colon)).of(text.substring(colon + 1));
    }

    public String kind() {
        return text.substring(0, text.indexOf(':'));
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
