package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.RoomKey;
import dev.realtime.presence.Presence;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a client makes of the snapshots and diffs of presence that it has got. */
final class PresenceView {
    private final Map<String, Room> rooms = new HashMap<>();
    private final Map<String, String> users = new HashMap<>();
    private int diffs;

    private static final class Room {
        final TreeMap<String, String> statuses = new TreeMap<>();
        int population;
        int more; // who are there without being listed, or whose changes have not been told
    }

    private PresenceView() {}

    static PresenceView of(TestClient client) {
        PresenceView view = new PresenceView();
        for (ReceivedEvent event : client.received()) {
            if (event.name().startsWith("presence:")) {
                view.diffs += event.name().equals("presence:diff") ? 1 : 0;
                event.arguments().get(0).forEach(view::take);
            }
        }
        return view;
    }

    private void take(JsonNode entry) {
        if (!entry.has("room")) {
            users.put(entry.get("user").asText(), entry.get("status").asText());
            return;
        }
        Room room = rooms.computeIfAbsent(entry.get("room").asText(), name -> new Room());
        room.population = entry.get("population").asInt();
        if (entry.has("users")) {
            room.statuses.clear();
            room.more = 0;
            entry.get("users").forEach(user -> put(room, user));
        }
        entry.path("joined").forEach(user -> put(room, user));
        entry.path("changed").forEach(user -> put(room, user));
        entry.path("left").forEach(user -> room.statuses.remove(user.asText()));
        room.more += entry.path("more").asInt();
    }

    private static void put(Room room, JsonNode user) {
        room.statuses.put(user.get("user").asText(), user.get("status").asText());
    }

    int diffs() {
        return diffs;
    }

    /** Of how many in a room the client has been told that it does not know them. */
    int more(RoomKey room) {
        return rooms.containsKey(room.toString()) ? rooms.get(room.toString()).more : 0;
    }

    /** What is known of a room is what a node knows, unless the client has been told that it is not all. */
    void isTrue(Presence presence, RoomKey key, String where) {
        Room room = rooms.get(key.toString());
        assertThat(room).as("%s: %s", where, key).isNotNull();
        assertThat(room.population).as("%s: population of %s", where, key).isEqualTo(presence.population(key));
        if (room.more == 0) {
            TreeMap<String, String> truth = new TreeMap<>();
            presence.users(key)
                    .forEach(
                            user -> truth.put(user, presence.user(user).status().word()));
            assertThat(room.statuses).as("%s: who is in %s", where, key).isEqualTo(truth);
        }
    }

    /** What is known of a user is what a node knows. */
    void isTrue(Presence presence, String user, String where) {
        assertThat(users)
                .as("%s", where)
                .containsEntry(user, presence.user(user).status().word());
    }
}
