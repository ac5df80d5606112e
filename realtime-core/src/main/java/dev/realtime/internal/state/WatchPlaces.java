package dev.realtime.internal.state;

import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.NamedRooms;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many states the sessions of this node watch, and one of them. Whoever has asked to watch has a place from then on, so all that is asked at once counts. Thread-safe. */
final class WatchPlaces {
    private static final int MOST = 10_000;
    private static final int MOST_OF_ONE = 64;

    private final String namespace;
    private final RoomIndex<LocalSession> index;
    private final Set<String> taken = new HashSet<>(); // rooms of those who watch or will; guarded by this
    private final Map<String, Integer> coming = new HashMap<>(); // to these rooms, so many; guarded by this
    private final Map<String, List<String>> asked = new HashMap<>(); // rooms, by session; guarded by this

    WatchPlaces(String namespace, RoomIndex<LocalSession> index) {
        this.namespace = namespace;
        this.index = index;
    }

    /** @throws StateFailedException if there is none */
    synchronized void take(LocalSession session, String room) {
        if (taken.size() >= MOST && !taken.contains(room)) {
            throw new StateFailedException(
                    Reason.TOO_MANY_WATCHED,
                    "sessions of this node watch " + MOST + " states of " + namespace + " already",
                    null);
        }
        Set<String> mine = new HashSet<>(asked.getOrDefault(session.id(), List.of()));
        for (Membership<LocalSession> membership : session.memberships().open()) {
            if (membership.room().startsWith(NamedRooms.STATE)) {
                mine.add(membership.room());
            }
        }
        if (mine.size() >= MOST_OF_ONE && !mine.contains(room)) {
            throw new StateFailedException(
                    Reason.TOO_MANY_WATCHED, session + " watches " + MOST_OF_ONE + " states already", null);
        }
        taken.add(room);
        coming.merge(room, 1, Integer::sum);
        asked.computeIfAbsent(session.id(), unknown -> new ArrayList<>()).add(room);
    }

    /** The session watches, or will not. */
    synchronized void arrived(LocalSession session, String room) {
        asked.computeIfPresent(session.id(), (id, rooms) -> {
            rooms.remove(room);
            return rooms.isEmpty() ? null : rooms;
        });
        coming.computeIfPresent(room, (name, sessions) -> sessions == 1 ? null : sessions - 1);
        if (!coming.containsKey(room)
                && session.memberships().open(room) == null
                && index.members(room).isEmpty()) {
            taken.remove(room);
        }
    }

    /** These are watched now, and no others. */
    synchronized void watched(Set<String> rooms) {
        taken.removeIf(room -> !rooms.contains(room) && !coming.containsKey(room));
        taken.addAll(rooms);
    }
}
