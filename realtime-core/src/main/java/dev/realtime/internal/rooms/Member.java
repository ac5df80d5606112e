package dev.realtime.internal.rooms;

import dev.realtime.Position;
import dev.realtime.internal.outbox.Lag;
import dev.realtime.internal.outbox.Laggards;
import org.jspecify.annotations.Nullable;

/** What can be in rooms. */
public interface Member {
    String id();

    /** Whether it was in the room when the entry at this position took its place; without a position, whether it is now. */
    boolean wasIn(String room, @Nullable Position position);

    /** It has entered a room; called under the room's lock, by the thread that made it enter. */
    void entered(Membership<?> membership);

    /** What it gets together with others, the last that is known; null for nothing. In the fan-out's turn only. */
    default @Nullable Lag lag() {
        return null;
    }

    /**
     * It has been given what all members of a room are given. If its client is behind, and it was not given the last event with those of another room, it gets the
     * next together with these. In the fan-out's turn only.
     *
     * @param others null: it was not given it as a member of a room, or there are no others
     * @return whether its client is behind, as far as is known
     */
    default boolean wasGiven(Membership<?> membership, @Nullable Laggards others) {
        return false;
    }

    /** Gets by itself what comes from now on. From any thread. */
    default void endLag() {}
}
