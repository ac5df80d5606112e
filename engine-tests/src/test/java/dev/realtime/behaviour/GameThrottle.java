package dev.realtime.behaviour;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The game of docs/throttle.md. */
final class GameThrottle {
    record Moved(String player, int x, int y) {}

    static final Event<Moved> MOVED = Event.of("moved", Moved.class);

    static final Duration NEAR = Duration.ofMillis(50);
    static final Duration FAR = Duration.ofMillis(200);

    /** Where everybody is. */
    private final Map<String, Moved> world = new ConcurrentHashMap<>();

    RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .throttle(Throttle.of(MOVED).atMostEvery(this::interval)));
    }

    Duration interval(Session session, String player) {
        Moved here = world.get(session.principal().id());
        Moved there = world.get(player);
        return here != null && there != null && Math.hypot(here.x() - there.x(), here.y() - there.y()) < 30
                ? NEAR
                : FAR;
    }

    void move(Audience arena, Moved moved) {
        world.put(moved.player(), moved);
        arena.asVolatile().coalesce(moved.player()).emit(MOVED, moved);
    }
}
