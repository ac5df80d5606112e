package dev.realtime.internal.session;

import dev.realtime.ConnectInterceptor;
import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.TooManyRoomsException;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The rooms into which interceptors have put a session that is not there yet, or not its user's yet. Used by one thread after another. */
public final class EntryRooms {
    private final int most;
    private final RoomRights rights;
    private final Set<RoomKey> rooms = new LinkedHashSet<>();
    private final long asked; // how often somebody had lost rights before the rules were asked

    /**
     * @param most that a session may be in
     * @param rights says in which it may be
     */
    EntryRooms(int most, RoomRights rights) {
        this.most = most;
        this.rights = rights;
        this.asked = rights.rechecks();
    }

    /** Returns what interceptors are given. */
    ConnectInterceptor.Entry of(Principal principal) {
        return room -> join(principal, room);
    }

    private void join(Principal principal, RoomKey room) {
        Objects.requireNonNull(room, "room");
        if (rooms.size() >= most && !rooms.contains(room)) {
            throw new TooManyRoomsException(
                    "an interceptor puts a session into more than " + most + " rooms (maxRooms)");
        }
        if (!rights.allows(principal, room)) {
            throw new ConnectRefusedException(ErrorCode.FORBIDDEN);
        }
        rooms.add(room);
    }

    /** A new session is in them from its start. In the fan-out's turn. */
    public void begin(LocalSession session) {
        if (!rooms.isEmpty()) {
            session.joinAt(
                    rooms.stream().map(RoomKey::toString).collect(Collectors.toSet()),
                    session.presence().joined());
            recheck(session);
        }
    }

    /** A session that is there joins those that it is not in, as far as it may. In the fan-out's turn. */
    public void enter(LocalSession session) {
        for (RoomKey room : rooms) {
            if (session.rooms().size() < most) {
                session.enter(room);
            }
        }
        recheck(session);
    }

    private void recheck(LocalSession session) {
        if (rights.rechecks() != asked) {
            rights.check(session);
        }
    }
}
