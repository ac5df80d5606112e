package dev.realtime.internal.session;

import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.TooManyRoomsException;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.NamedRooms;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the sessions of a namespace join and leave rooms: by the application at the log's tail, or by an entry of the log at its position. A session's
 * rooms change under its lock. Thread-safe.
 */
final class RoomChanges {
    private static final Logger LOG = LoggerFactory.getLogger(RoomChanges.class);

    private final RoomIndex<LocalSession> rooms;
    private final int maxRooms;
    private final BoundedLog lines;

    /** @param maxRooms in which a session may be at once */
    RoomChanges(RoomIndex<LocalSession> rooms, int maxRooms, BoundedLog lines) {
        this.rooms = rooms;
        this.maxRooms = maxRooms;
        this.lines = lines;
    }

    /** In how many rooms a session may be at once. */
    int most() {
        return maxRooms;
    }

    /**
     * Joins a room for the application. Does nothing for a session that has ended.
     *
     * @throws TooManyRoomsException if the session is in as many rooms as it may be
     */
    void join(LocalSession session, RoomKey room) {
        synchronized (session) {
            if (!session.isClosed() && !join(session, room.toString(), null)) {
                throw tooMany(session);
            }
        }
    }

    /**
     * Leaves a room for the application. Does nothing for a session that has ended.
     *
     * @return whether it was there
     */
    boolean leave(LocalSession session, RoomKey room) {
        return leave(session, room.toString());
    }

    /** See {@link #leave(LocalSession, RoomKey)}. */
    boolean leave(LocalSession session, String room) {
        synchronized (session) {
            return !session.isClosed() && leave(session, room, null);
        }
    }

    /**
     * Leaves one room and joins another at the same position, for the application. Does nothing for a session that has ended.
     *
     * @throws TooManyRoomsException if the session is in as many rooms as it may be
     */
    void move(LocalSession session, RoomKey from, RoomKey to) {
        synchronized (session) {
            if (!session.isClosed() && !move(session, from.toString(), to.toString())) {
                throw tooMany(session);
            }
        }
    }

    private TooManyRoomsException tooMany(LocalSession session) {
        return new TooManyRoomsException(
                "session " + session.id() + " is already in " + maxRooms + " rooms (maxRooms)");
    }

    /** Joins rooms, as the log says. Returns false when the session has ended. */
    boolean joinAt(LocalSession session, Set<String> names, Position position) {
        synchronized (session) {
            if (session.lifecycle().isClosed()) {
                return false;
            }
            for (String room : names) {
                if (!join(session, room, position)) {
                    lines.warn(
                            LOG,
                            AddressKey.of(session.remoteAddress()),
                            "session {} is in as many rooms as allowed and does not join another",
                            session.id());
                }
            }
            return true;
        }
    }

    /** Leaves rooms, as the log says. */
    void leaveAt(LocalSession session, Set<String> names, Position position) {
        synchronized (session) {
            for (String room : names) {
                leave(session, room, position);
            }
        }
    }

    /** Enters a room from the tail or a known position on. Returns false when no further room is allowed. */
    private boolean join(LocalSession session, String room, @Nullable Position position) {
        Membership<LocalSession> known = known(session, room, position);
        if (known != null) {
            if (position != null) {
                rooms.joinedEarlier(known, position);
            }
            return true;
        }
        if (session.memberships().openCount() >= maxRooms
                && !session.memberships().isOwn(room)
                && !NamedRooms.isOfWatchers(room)) {
            return false;
        }
        rooms.join(session, room, position);
        return true;
    }

    /**
     * The membership that a change is about. What the log tells an audience is about the moment at which it stands there; the engine itself lets who watches leave and
     * join again at one position.
     */
    private static @Nullable Membership<LocalSession> known(
            LocalSession session, String room, @Nullable Position position) {
        return position == null || NamedRooms.isOfWatchers(room)
                ? session.memberships().open(room)
                : session.memberships().lasting(room, position);
    }

    private boolean leave(LocalSession session, String room, @Nullable Position position) {
        Membership<LocalSession> known = known(session, room, position);
        if (known == null || (position != null && !known.joined().isBefore(position))) {
            return false;
        }
        if (known.isOpen()) {
            rooms.leave(known, position);
        } else if (position != null) {
            rooms.leftEarlier(known, position);
        }
        session.memberships().forgetOldest();
        return true;
    }

    private boolean move(LocalSession session, String from, String to) {
        Membership<LocalSession> source =
                from.equals(to) ? null : session.memberships().open(from);
        if (source == null) {
            return join(session, to, null);
        }
        if (session.memberships().open(to) != null) {
            leave(session, from, null);
            return true;
        }
        rooms.move(source, to);
        session.memberships().forgetOldest();
        return true;
    }

    /** Leaves all rooms and the namespace, since the session has ended. */
    void leaveAll(LocalSession session) {
        for (Membership<LocalSession> membership : session.memberships().end()) {
            rooms.leave(membership, null);
        }
        rooms.leave(session.presence(), null);
    }
}
