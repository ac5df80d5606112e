package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.MOVED;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Audience;
import dev.realtime.batches.Batches;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Point;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is emitted, batches taken apart are exactly what arrives without them. */
class BatchesPropertyTest {
    private static final int CLIENTS = 3;

    /** @param millis that pass behind it */
    record Step(Kind kind, int client, int room, int millis) {}

    enum Kind {
        TICK_ROOM,
        TICK_ALL,
        MOVED_ROOM,
        MOVED_ALL,
        SAID_ROOM,
        VOLATILE_ROOM,
        VOLATILE_ALL,
        JOIN,
        LEAVE,
        DROP,
        RECONNECT
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, CLIENTS - 1),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(0, 0, 0, 7, 60))
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(80);
    }

    @Property(tries = 150)
    void batchesTakenApartAreWhatArrivesWithoutThem(@ForAll("steps") List<Step> steps) {
        assertThat(run(steps, true)).isEqualTo(run(steps, false));
    }

    /** What each client has received, in order. */
    private static List<List<String>> run(List<Step> steps, boolean batched) {
        try (TestRealtime realtime = TestRealtime.of(() -> Game.open(
                        game -> game.batches(batched ? Batches.of(TICK, MOVED).most(4) : Batches.of(Game.PING))))
                .start()) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(realtime.connect("/", "user" + i));
            }
            int next = 0;
            for (Step step : steps) {
                step(realtime, clients.get(step.client()), step, next++);
                realtime.settle();
                realtime.advance(Duration.ofMillis(step.millis()));
            }
            for (TestClient client : clients) {
                if (!client.isConnected()) {
                    client.reconnect();
                    assertThat(client.recovered()).isTrue();
                }
            }
            realtime.advance(Duration.ofSeconds(1));
            return clients.stream().map(BatchesPropertyTest::unpacked).toList();
        }
    }

    private static void step(TestRealtime realtime, TestClient client, Step step, int number) {
        Audience room = realtime.namespace("/").room(ZONE.of("z" + step.room()));
        switch (step.kind()) {
            case TICK_ROOM -> room.emit(TICK, new Number(number));
            case TICK_ALL -> realtime.namespace("/").emit(TICK, new Number(number));
            case MOVED_ROOM -> room.emit(MOVED, new Point(number, 0));
            case MOVED_ALL -> realtime.namespace("/").emit(MOVED, new Point(number, 1));
            case SAID_ROOM -> room.emit(SAID, new Text("s" + number));
            case VOLATILE_ROOM -> room.asVolatile().emit(TICK, new Number(number));
            case VOLATILE_ALL -> realtime.namespace("/").asVolatile().emit(SAID, new Text("v" + number));
            case JOIN -> Game.session(realtime, client).join(ZONE.of("z" + step.room()));
            case LEAVE -> Game.session(realtime, client).leave(ZONE.of("z" + step.room()));
            case DROP -> {
                if (client.isConnected()) {
                    client.dropConnection();
                }
            }
            case RECONNECT -> {
                if (!client.isConnected()) {
                    client.reconnect();
                }
            }
        }
    }

    private static List<String> unpacked(TestClient client) {
        List<String> all = new ArrayList<>();
        for (ReceivedEvent event : client.received()) {
            if (event.name().equals("batch:events")) {
                for (JsonNode group : event.arguments().get(0).path("events")) {
                    String type = group.path("type").asText();
                    group.path("data")
                            .forEach(data -> all.add(type + " " + (data.isArray() ? data : "[" + data + "]")));
                }
            } else {
                StringBuilder arguments = new StringBuilder();
                event.arguments()
                        .forEach(one ->
                                arguments.append(arguments.isEmpty() ? "" : ",").append(one));
                all.add(event.name() + " [" + arguments + "]");
            }
        }
        return all;
    }
}
