package dev.realtime.behaviour;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.batches.Batches;
import dev.realtime.batches.EventBatch;
import dev.realtime.testkit.TestClient;
import java.time.Duration;
import java.util.List;

/** The game of docs/batches.md. */
final class GameBatches {
    record Moved(String player, int x, int y) {}

    record Health(String player, int hp) {}

    record Died(String player) {}

    static final Event<Moved> MOVED = Event.of("moved", Moved.class);
    static final Event<Health> HEALTH = Event.ofArguments("health", Health.class);
    static final Event<Died> DIED = Event.of("died", Died.class);

    private GameBatches() {}

    static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .batches(Batches.of(MOVED, HEALTH)
                                        .within(Duration.ofMillis(50))
                                        .most(64)));
    }

    static void fight(Audience arena) {
        arena.emit(MOVED, new Moved("u7", 3, 4));
        arena.emit(MOVED, new Moved("u8", 9, 1));
        arena.emit(HEALTH, new Health("u7", 80));
        arena.emit(DIED, new Died("u8")); // leaves at once, behind the three
    }

    static List<String> types(TestClient client) {
        EventBatch batch = client.next(EventBatch.EVENT);
        return batch.events().stream().map(EventBatch.Group::type).toList();
    }
}
