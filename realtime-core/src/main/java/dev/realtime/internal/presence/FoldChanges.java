package dev.realtime.internal.presence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one note has changed: how it was is asked when the note first touches it, and how it is when the note has been worked off. */
final class FoldChanges {
    private final PresenceFold fold;
    private final Map<String, String> views = new LinkedHashMap<>(); // of the users that are touched, as they were
    private final Map<String, Map<String, Boolean>> there =
            new TreeMap<>(); // of each room who was in it, of those that are touched
    private final List<UserChange> users = new ArrayList<>();
    private final List<RoomChange> rooms = new ArrayList<>();

    /** A user who looks otherwise than before; a view is empty if he is not there. */
    record UserChange(String user, String before, String after) {
        boolean isEdge() {
            return before.isEmpty() != after.isEmpty();
        }

        boolean isOnline() {
            return !after.isEmpty();
        }
    }

    /** A room that somebody has come to or has left. */
    record RoomChange(String room, List<String> joined, List<String> left) {}

    FoldChanges(PresenceFold fold) {
        this.fold = fold;
    }

    /** The session is about to change, or to be known. */
    void touches(SessionStatement session) {
        String user = session.user();
        if (user != null && !views.containsKey(user)) {
            views.put(user, PresenceJson.view(user, fold.of(user)));
        }
        for (String room : session.rooms()) {
            there.computeIfAbsent(room, name -> new LinkedHashMap<>())
                    .computeIfAbsent(session.who(), who -> fold.isIn(room, who));
        }
    }

    /** The note has been worked off. */
    FoldChanges end() {
        views.forEach((user, before) -> {
            String after = PresenceJson.view(user, fold.of(user));
            if (!after.equals(before)) {
                users.add(new UserChange(user, before, after));
            }
        });
        there.forEach((room, before) -> {
            List<String> joined = new ArrayList<>();
            List<String> left = new ArrayList<>();
            before.forEach((who, was) -> {
                if (fold.isIn(room, who) != was) {
                    (was ? left : joined).add(who);
                }
            });
            if (!joined.isEmpty() || !left.isEmpty()) {
                rooms.add(new RoomChange(room, joined, left));
            }
        });
        return this;
    }

    List<UserChange> users() {
        return users;
    }

    List<RoomChange> rooms() {
        return rooms;
    }
}
