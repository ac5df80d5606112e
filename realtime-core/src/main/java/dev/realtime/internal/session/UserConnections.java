package dev.realtime.internal.session;

import dev.realtime.Principal;
import dev.realtime.RoomKind;
import dev.realtime.internal.rooms.RoomIndex;
import org.jspecify.annotations.Nullable;

/** How many connections of one user a namespace of this node has. Thread-safe. */
public final class UserConnections {
    private final RoomIndex<LocalSession> rooms;
    private final int most;

    /** @param most that a user may have */
    public UserConnections(RoomIndex<LocalSession> rooms, int most) {
        this.rooms = rooms;
        this.most = most;
    }

    /** Whether a user has as many as are allowed, not counting one session. */
    public boolean areTooMany(Principal principal, @Nullable LocalSession but) {
        if (principal.anonymous()) {
            return false;
        }
        int connected = 0;
        for (LocalSession session :
                rooms.members(RoomKind.USER.of(principal.id()).toString())) {
            if (session != but && session.connection().current() != null) {
                connected++;
            }
        }
        return connected >= most;
    }
}
