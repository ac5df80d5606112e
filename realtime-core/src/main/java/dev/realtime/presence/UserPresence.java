package dev.realtime.presence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A user as all nodes see him. Immutable.
 *
 * @param userId the id of his principal
 * @param status the first in which any of his sessions is
 * @param awaySince for {@link Status#AWAY}, since when, by the clock of the node that has the session
 * @param sessions his sessions, in the order of their ids; none if he is not there
 */
public record UserPresence(String userId, Status status, Optional<Instant> awaySince, List<SessionPresence> sessions) {
    public UserPresence {
        sessions = List.copyOf(sessions);
    }

    /** Whether he is online. */
    public boolean isOnline() {
        return status.isOnline();
    }
}
