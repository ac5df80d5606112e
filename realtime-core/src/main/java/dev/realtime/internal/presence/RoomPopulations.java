package dev.realtime.internal.presence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Who is in which room, and with how many sessions. Not thread-safe. */
final class RoomPopulations {
    private final Map<String, Map<String, Integer>> rooms = new HashMap<>(); // of each who is there how many sessions
    private final Map<String, String> names = new HashMap<>(); // one object for each name of a room

    void clear() {
        rooms.clear();
        names.clear();
    }

    /** One more session of this one is in these rooms. Returns their names, each the same object for all. */
    List<String> enter(String who, List<String> entered) {
        List<String> canonical = new ArrayList<>(entered.size());
        for (String room : entered) {
            String name = names.computeIfAbsent(room, same -> same);
            canonical.add(name);
            rooms.computeIfAbsent(name, key -> new HashMap<>()).merge(who, 1, Integer::sum);
        }
        return List.copyOf(canonical);
    }

    /** One session less of this one is in these rooms. */
    void leave(String who, List<String> left) {
        for (String room : left) {
            Map<String, Integer> there = rooms.get(room);
            if (there != null) {
                there.computeIfPresent(who, (same, count) -> count == 1 ? null : count - 1);
                if (there.isEmpty()) {
                    rooms.remove(room);
                    names.remove(room);
                }
            }
        }
    }

    boolean isIn(String room, String who) {
        return rooms.getOrDefault(room, Map.of()).containsKey(who);
    }

    int size(String room) {
        return rooms.getOrDefault(room, Map.of()).size();
    }

    /** How many of them are users. */
    int users(String room) {
        int users = 0;
        for (String who : rooms.getOrDefault(room, Map.of()).keySet()) {
            users += SessionStatement.isNobody(who) ? 0 : 1;
        }
        return users;
    }

    /** In order. */
    Set<String> in(String room) {
        return new TreeSet<>(rooms.getOrDefault(room, Map.of()).keySet());
    }
}
