package dev.realtime.spi;

import dev.realtime.Position;
import dev.realtime.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that another node needs to take a session over. A {@link SessionStore} keeps it; it is written when it changes, not when the
 * connection closes. Immutable: start from {@link #of}. A store has to keep every part that this type has a getter for.
 */
public final class SessionRecord implements Cloneable {
    private final String privateId;
    private final String sessionId;
    private final String namespace;
    private @Nullable Principal principal;
    private Map<String, String> attributes = Map.of();
    private Home home;
    private String epoch = "";
    private Position start = Position.START;
    private Position confirmed = Position.START;
    private List<RoomMembership> memberships = List.of();
    private Position exactFrom = Position.START;
    private boolean absenceTold;
    private long awaySince;

    private SessionRecord(String privateId, String sessionId, String namespace, Home home) {
        this.privateId = privateId;
        this.sessionId = sessionId;
        this.namespace = namespace;
        this.home = home;
    }

    /**
     * A session's membership in one room.
     *
     * @param joined the member gets entries behind this position
     * @param left the last position that still counts; null while it is a member
     */
    public record RoomMembership(
            String room, Position joined, @Nullable Position left) {
        public RoomMembership {
            Objects.requireNonNull(room, "room");
            Objects.requireNonNull(joined, "joined");
        }
    }

    /**
     * Returns the record of a session that has nothing yet but its name and its home.
     *
     * @param privateId the secret by which the client proves that the session is its own ({@code pid})
     * @param sessionId the public id
     * @param namespace empty if a server of another kind wrote the record and does not say
     * @param home the node that owns the session
     */
    public static SessionRecord of(String privateId, String sessionId, String namespace, Home home) {
        return new SessionRecord(
                Objects.requireNonNull(privateId, "privateId"),
                Objects.requireNonNull(sessionId, "sessionId"),
                Objects.requireNonNull(namespace, "namespace"),
                Objects.requireNonNull(home, "home"));
    }

    private SessionRecord copy() {
        try {
            return (SessionRecord) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the secret by which the client proves that the session is its own. */
    public String privateId() {
        return privateId;
    }

    /** Returns the session's public id. */
    public String sessionId() {
        return sessionId;
    }

    /** Returns the namespace's name; empty if a server of another kind wrote the record and does not say. */
    public String namespace() {
        return namespace;
    }

    /** Returns who the session is; null if a server of another kind wrote the record and does not say. */
    public @Nullable Principal principal() {
        return principal;
    }

    /** Sets who the session is. */
    public SessionRecord principal(@Nullable Principal value) {
        SessionRecord copy = copy();
        copy.principal = value;
        return copy;
    }

    /** Returns the recorded attributes as JSON texts, by name. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** Sets the recorded attributes as JSON texts, by name. */
    public SessionRecord attributes(Map<String, String> value) {
        SessionRecord copy = copy();
        copy.attributes = Map.copyOf(Objects.requireNonNull(value, "attributes"));
        return copy;
    }

    /** Returns the node that owns the session. */
    public Home home() {
        return home;
    }

    /** Sets the node that owns the session. */
    public SessionRecord home(Home value) {
        SessionRecord copy = copy();
        copy.home = Objects.requireNonNull(value, "home");
        return copy;
    }

    /** Returns the backend's epoch in which all this is true. */
    public String epoch() {
        return epoch;
    }

    /** Sets the backend's epoch in which all this is true. */
    public SessionRecord epoch(String value) {
        SessionRecord copy = copy();
        copy.epoch = Objects.requireNonNull(value, "epoch");
        return copy;
    }

    /** Returns the position behind which entries are for the session. */
    public Position start() {
        return start;
    }

    /** Sets the position behind which entries are for the session. */
    public SessionRecord start(Position value) {
        SessionRecord copy = copy();
        copy.start = Objects.requireNonNull(value, "start");
        return copy;
    }

    /** Returns the position up to which the client is known to have received everything. */
    public Position confirmed() {
        return confirmed;
    }

    /** Sets the position up to which the client is known to have received everything. */
    public SessionRecord confirmed(Position value) {
        SessionRecord copy = copy();
        copy.confirmed = Objects.requireNonNull(value, "confirmed");
        return copy;
    }

    /** Returns in which rooms the session was between which positions. */
    public List<RoomMembership> memberships() {
        return memberships;
    }

    /** Sets in which rooms the session was between which positions. */
    public SessionRecord memberships(List<RoomMembership> value) {
        SessionRecord copy = copy();
        copy.memberships = List.copyOf(Objects.requireNonNull(value, "memberships"));
        return copy;
    }

    /** Returns the position before which a replay would not be exact, because older memberships have been forgotten. */
    public Position exactFrom() {
        return exactFrom;
    }

    /** Sets the position before which a replay would not be exact. */
    public SessionRecord exactFrom(Position value) {
        SessionRecord copy = copy();
        copy.exactFrom = Objects.requireNonNull(value, "exactFrom");
        return copy;
    }

    /** Returns whether others have been told that the session's client is away, and it has not come back since. */
    public boolean absenceTold() {
        return absenceTold;
    }

    /** Sets whether others have been told that the session's client is away. */
    public SessionRecord absenceTold(boolean value) {
        SessionRecord copy = copy();
        copy.absenceTold = value;
        return copy;
    }

    /**
     * Returns since when nobody sits before the session's client, by its own word or the application's, in milliseconds since 1970 by the clock of the node
     * that had the session then; 0 if nobody has said so, or somebody sits there again.
     */
    public long awaySince() {
        return awaySince;
    }

    /**
     * Sets since when nobody sits before the session's client.
     *
     * @param millis since 1970; 0 if somebody does
     */
    public SessionRecord awaySince(long millis) {
        SessionRecord copy = copy();
        copy.awaySince = millis;
        return copy;
    }

    /** Returns the same session under a new owner. */
    public SessionRecord claimedBy(String newNode) {
        return home(home.claimedBy(newNode));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionRecord that
                && privateId.equals(that.privateId)
                && sessionId.equals(that.sessionId)
                && namespace.equals(that.namespace)
                && Objects.equals(principal, that.principal)
                && attributes.equals(that.attributes)
                && home.equals(that.home)
                && epoch.equals(that.epoch)
                && start.equals(that.start)
                && confirmed.equals(that.confirmed)
                && memberships.equals(that.memberships)
                && exactFrom.equals(that.exactFrom)
                && absenceTold == that.absenceTold
                && awaySince == that.awaySince;
    }

    @Override
    public int hashCode() {
        return Objects.hash(privateId, home, epoch, confirmed, memberships);
    }

    /** Returns a text that names the session without its secret. */
    @Override
    public String toString() {
        return "SessionRecord[" + sessionId + " in " + namespace + ", fence " + home.fence() + "]";
    }
}
