package dev.realtime.internal.session;

import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.NamedRooms;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that a session is in, and those that it was in as far back as a replay may ask. {@link RoomChanges} change it under the session's lock;
 * read by any thread.
 *
 * <p>A membership that has ended is forgotten when the client is known to have received everything up to its end. If a session changes rooms
 * faster than its client confirms, the oldest ended memberships go, and a replay from before that moment is no longer exact.
 */
public final class RoomMemberships {
    /** Ended memberships that are remembered beside the open ones. */
    private static final int MAX_ENDED = 256;

    private final LocalSession session;
    private final Membership<LocalSession> presence;
    private volatile List<Membership<LocalSession>> memberships = List.of(); // replaced under this
    private volatile Position exactFrom = Position.START;
    private volatile @Nullable Set<RoomKey> last; // the rooms it was in when it ended

    /** @param from the record of a session that was at another node; null for a new one */
    RoomMemberships(RoomIndex<LocalSession> rooms, LocalSession session, @Nullable SessionRecord from) {
        this.session = session;
        this.presence = rooms.enter(session, from == null ? null : from.start());
        if (from != null) {
            this.exactFrom = from.exactFrom();
            List<Membership<LocalSession>> restored = new ArrayList<>();
            for (RoomMembership known : from.memberships()) {
                restored.add(new Membership<>(session, known.room(), known.joined(), known.left()));
            }
            this.memberships = List.copyOf(restored);
            restored.forEach(rooms::restore);
        }
    }

    /** Membership in the namespace as a whole. */
    Membership<LocalSession> presence() {
        return presence;
    }

    /** Remembers a membership. Called under the room's lock. */
    @SuppressWarnings("unchecked") // only memberships of this session are given to it
    synchronized void entered(Membership<?> membership) {
        List<Membership<LocalSession>> more = new ArrayList<>(memberships.size() + 1);
        more.addAll(memberships);
        more.add((Membership<LocalSession>) membership);
        memberships = more;
    }

    /** The session has ended: the rooms it is in now remain its rooms, and are returned for it to leave them. */
    List<Membership<LocalSession>> end() {
        last = keys();
        return memberships;
    }

    // ---- questions

    /** The membership in a room that the session is in now. */
    public @Nullable Membership<LocalSession> open(String room) {
        for (Membership<LocalSession> membership : memberships) {
            if (membership.isOpen() && membership.room().equals(room)) {
                return membership;
            }
        }
        return null;
    }

    /** The membership in a room that a change at a position is about: the first that has not ended before. What the application has done since is later. */
    @Nullable
    Membership<LocalSession> lasting(String room, Position position) {
        for (Membership<LocalSession> membership : memberships) {
            Position left = membership.left();
            if (membership.room().equals(room) && (left == null || !left.isBefore(position))) {
                return membership;
            }
        }
        return null;
    }

    /** In how many rooms the session is now; the engine's own, of the user and of those who watch, do not count. */
    int openCount() {
        int open = 0;
        for (Membership<LocalSession> membership : memberships) {
            if (membership.isOpen() && !isOwn(membership.room()) && !NamedRooms.isOfWatchers(membership.room())) {
                open++;
            }
        }
        return open;
    }

    /** The memberships in rooms that the session is in now. */
    public List<Membership<LocalSession>> open() {
        List<Membership<LocalSession>> open = new ArrayList<>();
        for (Membership<LocalSession> membership : memberships) {
            if (membership.isOpen()) {
                open.add(membership);
            }
        }
        return open;
    }

    /** Whether this is the room of its own user, in which it always is. */
    boolean isOwn(String room) {
        String prefix = RoomKind.USER.name() + ':';
        String user = session.principal().id();
        return room.length() == prefix.length() + user.length() && room.startsWith(prefix) && room.endsWith(user);
    }

    boolean wasIn(String room, @Nullable Position position) {
        for (Membership<LocalSession> membership : memberships) {
            if (membership.room().equals(room) && membership.covers(position)) {
                return true;
            }
        }
        return false;
    }

    /** The client has everything up to here: memberships that ended by then need not be remembered. */
    synchronized void forgetBefore(Position confirmed) {
        if (hasEndedBy(confirmed)) {
            List<Membership<LocalSession>> kept = new ArrayList<>(memberships);
            kept.removeIf(membership -> endedBy(membership, confirmed));
            memberships = kept;
        }
    }

    private boolean hasEndedBy(Position confirmed) {
        for (Membership<LocalSession> membership : memberships) {
            if (endedBy(membership, confirmed)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endedBy(Membership<?> membership, Position confirmed) {
        Position left = membership.left();
        return left != null && !left.isAfter(confirmed);
    }

    /** Forgets the oldest membership that has ended, if there are too many; one in a room that gets nothing first, since no replay asks for it. */
    synchronized void forgetOldest() {
        int ended = 0;
        Membership<LocalSession> oldest = null;
        Position oldestEnd = null;
        Membership<LocalSession> vain = null;
        for (Membership<LocalSession> membership : memberships) {
            Position left = membership.left();
            if (left != null) {
                ended++;
                if (membership.room().startsWith(NamedRooms.UNSHOWN)) {
                    vain = membership;
                } else if (oldestEnd == null || left.isBefore(oldestEnd)) {
                    oldest = membership;
                    oldestEnd = left;
                }
            }
        }
        Membership<LocalSession> goes = vain == null ? oldest : vain;
        if (ended > MAX_ENDED && goes != null) {
            List<Membership<LocalSession>> kept = new ArrayList<>(memberships);
            kept.remove(goes);
            memberships = kept;
            if (vain == null && oldestEnd != null) {
                exactFrom = Position.max(exactFrom, oldestEnd);
            }
        }
    }

    /** No replay will be exact any more: something was lost that the client cannot know of. */
    synchronized void forbidReplay() {
        exactFrom = Position.END;
    }

    /** The client carries an offset of an earlier session that this one may still come to: up to there it says nothing. */
    public synchronized void carried(Position offset) {
        if (offset.isAfter(presence.joined())) {
            exactFrom = Position.max(
                    exactFrom, new Position(offset.time(), Math.max(offset.sequence(), offset.sequence() + 1)));
        }
    }

    /** A replay from before this position would not be exact. */
    public Position exactFrom() {
        return exactFrom;
    }

    /** The names of all rooms that a replay may ask about, the session's own included. */
    public Collection<String> names() {
        Set<String> names = new HashSet<>();
        names.add(session.id());
        for (Membership<LocalSession> membership : memberships) {
            names.add(membership.room());
        }
        return names;
    }

    /** The application's rooms that it is in now, and that of its user; behind its end those that it was in at its end. */
    public Set<RoomKey> keys() {
        Set<RoomKey> before = last;
        if (before != null) {
            return before;
        }
        List<String> names = new ArrayList<>();
        for (Membership<LocalSession> membership : memberships) {
            if (membership.isOpen()) {
                names.add(membership.room());
            }
        }
        return NamedRooms.keys(names);
    }

    List<RoomMembership> record() {
        List<RoomMembership> record = new ArrayList<>();
        for (Membership<LocalSession> membership : memberships) {
            record.add(new RoomMembership(membership.room(), membership.joined(), membership.left()));
        }
        return List.copyOf(record);
    }
}
