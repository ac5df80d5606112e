package dev.realtime.spi;

import dev.realtime.Position;
import dev.realtime.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that another node needs to take a session over. Immutable; written when it changes, not when the connection closes.
 *
 * @param privateId the secret the client proves ownership with ({@code pid})
 * @param sessionId the public id
 * @param namespace empty when a server of another kind wrote the record and does not say
 * @param principal null when a server of another kind wrote the record and does not say
 * @param attributes recorded attributes as JSON text, by name
 * @param home whose it is
 * @param epoch the backend's epoch in which all this is true
 * @param start the session gets entries behind this position only
 * @param confirmed the client is known to have received everything up to here
 * @param stays in which rooms it was between which positions
 * @param exactFrom a replay from before this position would not be exact: older stays were forgotten
 */
public record SessionRecord(
        String privateId,
        String sessionId,
        String namespace,
        @Nullable Principal principal,
        Map<String, String> attributes,
        Home home,
        String epoch,
        Position start,
        Position confirmed,
        List<RoomStay> stays,
        Position exactFrom) {

    /**
     * Membership in one room.
     *
     * @param joined the member gets entries behind it
     * @param left the last position that still counts; null while it stays
     */
    public record RoomStay(
            String room, Position joined, @Nullable Position left) {}

    /** The same session under a new owner. */
    public SessionRecord claimedBy(String newNode) {
        return new SessionRecord(
                privateId,
                sessionId,
                namespace,
                principal,
                attributes,
                home.claimedBy(newNode),
                epoch,
                start,
                confirmed,
                stays,
                exactFrom);
    }

    /** Names the session without its secret. */
    @Override
    public String toString() {
        return "SessionRecord[" + sessionId + " in " + namespace + ", fence " + home.fence() + "]";
    }
}
