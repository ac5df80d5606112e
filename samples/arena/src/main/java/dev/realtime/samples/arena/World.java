package dev.realtime.samples.arena;

import dev.realtime.samples.arena.Contracts.Recalled;
import dev.realtime.samples.arena.Contracts.Said;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The places, and what was said in them as far as this node has heard. Thread-safe. */
final class World {
    static final double WIDTH = 1_200;
    static final double HEIGHT = 800;

    private static final List<Zone> ZONES = List.of(
            new Zone("tavern", "The Lantern Tavern", 0, 0, 560, 400),
            new Zone("market", "Market Square", 560, 0, 640, 400),
            new Zone("forest", "Whispering Forest", 0, 400, 600, 400),
            new Zone("harbour", "Old Harbour", 600, 400, 600, 400));

    private final InstantSource clock;
    private final Places places;
    private final Map<String, ChatHistory> chats = new LinkedHashMap<>();

    World(InstantSource clock) {
        this.clock = clock;
        this.places = new Places(clock);
        ZONES.forEach(zone -> chats.put(zone.id(), new ChatHistory(zone.id())));
    }

    /** All that the page needs to begin with. */
    record Snapshot(
            String node,
            double width,
            double height,
            List<Zone> zones,
            List<Player> players,
            Map<String, List<Said>> chat) {}

    Places places() {
        return places;
    }

    List<Zone> zones() {
        return ZONES;
    }

    Optional<Zone> zone(@Nullable String id) {
        return ZONES.stream().filter(zone -> zone.id().equals(id)).findFirst();
    }

    ChatHistory chat(String zone) {
        ChatHistory chat = chats.get(zone);
        if (chat == null) {
            throw new IllegalArgumentException("there is no zone " + zone);
        }
        return chat;
    }

    /** A line that was said on another node. */
    void heard(Said said) {
        ChatHistory chat = chats.get(said.zone());
        if (chat != null) {
            chat.heard(said);
        }
    }

    /** For a node that has just started: what was said here. */
    Recalled recalled() {
        return new Recalled(
                chats.values().stream().flatMap(chat -> chat.lines().stream()).toList());
    }

    /** Milliseconds since the epoch. */
    long millis() {
        return clock.millis();
    }

    static double clampX(double x) {
        return Math.max(0, Math.min(WIDTH, x));
    }

    static double clampY(double y) {
        return Math.max(0, Math.min(HEIGHT, y));
    }

    Snapshot snapshot(String node, List<Player> players) {
        Map<String, List<Said>> said = new LinkedHashMap<>();
        chats.forEach((zone, chat) -> said.put(zone, chat.lines()));
        return new Snapshot(node, WIDTH, HEIGHT, ZONES, players, said);
    }
}
