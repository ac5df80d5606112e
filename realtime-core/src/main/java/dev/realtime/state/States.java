package dev.realtime.state;

import dev.realtime.RoomKey;

/** The states of one contract in a namespace. Thread-safe. */
public interface States<T> {

    /**
     * Returns the state that belongs to a room, whose key has at most 240 characters. It is there as long as it {@linkplain State#timeToLive lives}, and not as long as anybody is in the room.
     *
     * @throws IllegalArgumentException if the key is longer
     */
    SharedState<T> of(RoomKey room);

    /**
     * Returns the state of this name. That of a room has the room's key for a name: {@code of("game:g7")} and {@code of(GAME.of("g7"))} are the same.
     *
     * @param name 1 to 240 characters
     * @throws IllegalArgumentException if no state can have this name
     */
    SharedState<T> of(String name);
}
