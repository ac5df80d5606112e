package dev.realtime.internal.rooms;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/** What can be in rooms. */
public interface Member {
    String id();

    /** Whether it was in the room when the entry at this position took its place; without a position, whether it is now. */
    boolean wasIn(String room, @Nullable Position position);

    /** It has entered a room; called under the room's lock, by the thread that made it enter. */
    void entered(Membership<?> membership);
}
