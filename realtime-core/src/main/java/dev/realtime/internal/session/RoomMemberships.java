package dev.realtime.internal.session;

import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In which rooms a session is, and was as far back as a replay may ask. Changed under the session's lock, read by anybody.
 *
 * <p>A stay that has ended is forgotten when the client is known to have received everything up to its end. If a session changes rooms
 * faster than its client confirms, the oldest ended stays go, and a replay from before that moment is no longer exact.
 */
public final class RoomMemberships {
    /** Ended stays that are remembered beyond the open ones. */
    private static final int MAX_ENDED = 256;

    private final RoomIndex<LocalSession> rooms;
    private final LocalSession session;
    private final int maxRooms;
    private final Membership<LocalSession> presence;
    private volatile List<Membership<LocalSession>> stays = List.of(); // replaced under this
    private volatile Position exactFrom = Position.START;
    private volatile @Nullable Set<RoomKey> last; // the rooms it was in when it ended

    RoomMemberships(RoomIndex<LocalSession> rooms, LocalSession session, int maxRooms, @Nullable SessionRecord from) {
        this.rooms = rooms;
        this.session = session;
        this.maxRooms = maxRooms;
        this.presence = rooms.enter(session, from == null ? null : from.start());
        if (from != null) {
            this.exactFrom = from.exactFrom();
            List<Membership<LocalSession>> restored = new ArrayList<>();
            for (RoomMembership stay : from.memberships()) {
                restored.add(new Membership<>(session, stay.room(), stay.joined(), stay.left()));
            }
            this.stays = List.copyOf(restored);
            restored.forEach(rooms::restore);
        }
    }

    Membership<LocalSession> presence() {
        return presence;
    }

    /** Enters a room from the tail or a known position on. False when no further room is allowed. */
    boolean join(String room, @Nullable Position position) {
        Membership<LocalSession> open = open(room);
        if (open != null) {
            if (position != null) {
                rooms.joinedEarlier(open, position);
            }
            return true;
        }
        if (isFull()) {
            return false;
        }
        rooms.join(session, room, position);
        return true;
    }

    void leave(String room, @Nullable Position position) {
        Membership<LocalSession> open = open(room);
        if (open != null && (position == null || open.joined().isBefore(position))) {
            rooms.leave(open, position);
            forgetOldest();
        }
    }

    boolean move(String from, String to) {
        if (from.equals(to)) {
            return join(to, null);
        }
        Membership<LocalSession> source = open(from);
        if (source == null) {
            return join(to, null);
        }
        if (open(to) != null) {
            leave(from, null);
            return true;
        }
        rooms.move(source, to);
        forgetOldest();
        return true;
    }

    /** Leaves everything, also the namespace. */
    void leaveAll() {
        last = keys();
        for (Membership<LocalSession> stay : stays) {
            rooms.leave(stay, null);
        }
        rooms.leave(presence, null);
    }

    /** Remembers a stay; called under the room's lock. */
    @SuppressWarnings("unchecked") // only this session's own stays are given to it
    synchronized void entered(Membership<?> stay) {
        List<Membership<LocalSession>> more = new ArrayList<>(stays.size() + 1);
        more.addAll(stays);
        more.add((Membership<LocalSession>) stay);
        stays = more;
    }

    private @Nullable Membership<LocalSession> open(String room) {
        for (Membership<LocalSession> stay : stays) {
            if (stay.isOpen() && stay.room().equals(room)) {
                return stay;
            }
        }
        return null;
    }

    /** The engine's own room of the user does not count. */
    private boolean isFull() {
        int open = 0;
        for (Membership<LocalSession> stay : stays) {
            if (stay.isOpen() && !stay.room().startsWith(RoomKind.USER.name() + ':')) {
                open++;
            }
        }
        return open >= maxRooms;
    }

    boolean wasIn(String room, @Nullable Position position) {
        for (Membership<LocalSession> stay : stays) {
            if (stay.room().equals(room) && stay.covers(position)) {
                return true;
            }
        }
        return false;
    }

    /** The client has everything up to here: stays that ended by then need not be remembered. */
    synchronized void forgetBefore(Position confirmed) {
        if (hasEndedBy(confirmed)) {
            List<Membership<LocalSession>> kept = new ArrayList<>(stays);
            kept.removeIf(stay -> endedBy(stay, confirmed));
            stays = kept;
        }
    }

    private boolean hasEndedBy(Position confirmed) {
        for (Membership<LocalSession> stay : stays) {
            if (endedBy(stay, confirmed)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endedBy(Membership<?> stay, Position confirmed) {
        Position left = stay.left();
        return left != null && !left.isAfter(confirmed);
    }

    private synchronized void forgetOldest() {
        int ended = 0;
        Membership<LocalSession> oldest = null;
        Position oldestEnd = null;
        for (Membership<LocalSession> stay : stays) {
            Position left = stay.left();
            if (left != null) {
                ended++;
                if (oldestEnd == null || left.isBefore(oldestEnd)) {
                    oldest = stay;
                    oldestEnd = left;
                }
            }
        }
        if (ended > MAX_ENDED && oldest != null && oldestEnd != null) {
            List<Membership<LocalSession>> kept = new ArrayList<>(stays);
            kept.remove(oldest);
            stays = kept;
            exactFrom = Position.max(exactFrom, oldestEnd);
        }
    }

    /** No replay will be exact any more: something was lost that the client cannot know of. */
    synchronized void forbidReplay() {
        exactFrom = Position.END;
    }

    /** The client carries an offset of an earlier session that this one may still come to: up to there it says nothing. */
    synchronized void carried(Position offset) {
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
        for (Membership<LocalSession> stay : stays) {
            names.add(stay.room());
        }
        return names;
    }

    /** The rooms it is in now; behind its end those that it was in at its end. */
    public Set<RoomKey> keys() {
        Set<RoomKey> before = last;
        if (before != null) {
            return before;
        }
        Set<RoomKey> keys = new LinkedHashSet<>();
        for (Membership<LocalSession> stay : stays) {
            if (stay.isOpen()) {
                keys.add(RoomKey.plain(stay.room())); // equal to the key it was made with
            }
        }
        return keys;
    }

    List<RoomMembership> record() {
        List<RoomMembership> record = new ArrayList<>();
        for (Membership<LocalSession> stay : stays) {
            record.add(new RoomMembership(stay.room(), stay.joined(), stay.left()));
        }
        return List.copyOf(record);
    }
}
