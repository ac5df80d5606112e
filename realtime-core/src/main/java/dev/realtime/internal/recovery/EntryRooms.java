package dev.realtime.internal.recovery;

import dev.realtime.ConnectInterceptor;
import dev.realtime.RoomKey;
import dev.realtime.TooManyRoomsException;
import dev.realtime.internal.session.LocalSession;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The rooms into which interceptors have put a session that is not there yet. Used by one thread after another. */
final class EntryRooms implements ConnectInterceptor.Entry {
    private final int most;
    private final Set<RoomKey> rooms = new LinkedHashSet<>();

    /** @param most that a session may be in */
    EntryRooms(int most) {
        this.most = most;
    }

    @Override
    public void join(RoomKey room) {
        Objects.requireNonNull(room, "room");
        if (rooms.size() >= most && !rooms.contains(room)) {
            throw new TooManyRoomsException(
                    "an interceptor puts a session into more than " + most + " rooms (maxRooms)");
        }
        rooms.add(room);
    }

    /** A new session is in them from its start. In the fan-out's turn. */
    void begin(LocalSession session) {
        if (!rooms.isEmpty()) {
            session.joinAt(
                    rooms.stream().map(RoomKey::toString).collect(Collectors.toSet()),
                    session.presence().joined());
        }
    }

    /** A session that is back joins those that it is not in, as far as it may. */
    void resume(LocalSession session) {
        for (RoomKey room : rooms) {
            if (session.rooms().size() < most) {
                var unused = session.join(room);
            }
        }
    }
}
