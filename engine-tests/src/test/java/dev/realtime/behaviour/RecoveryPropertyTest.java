package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.TICK;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** I1 to I4 against a model: whatever happens, a client receives what was sent to it while it was a member, once and in order. */
class RecoveryPropertyTest {
    private static final int CLIENTS = 3;
    private static final int ROOMS = 3;

    /** @param settled whether the engine comes to rest after this step */
    record Step(Kind kind, int client, int room, boolean settled) {}

    enum Kind {
        EMIT_ROOM,
        EMIT_TWO_ROOMS,
        EMIT_ALL,
        EMIT_SESSION,
        EMIT_EXCEPT,
        VOLATILE,
        JOIN,
        LEAVE,
        JOIN_BY_AUDIENCE,
        LEAVE_BY_AUDIENCE,
        MOVE,
        DROP,
        LOSE,
        RECONNECT,
        WAIT
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, CLIENTS - 1),
                        Arbitraries.integers().between(0, ROOMS - 1),
                        Arbitraries.of(true, true, false))
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    @Property(tries = 400)
    void everyClientReceivesWhatTheModelSays(@ForAll("steps") List<Step> steps) {
        try (TestRealtime realtime = TestRealtime.of(Game::open).start()) {
            Model model = new Model(realtime);
            steps.forEach(model::run);
            model.check();
        }
    }

    private static final class Model {
        private final TestRealtime realtime;
        private final List<TestClient> clients = new ArrayList<>();
        private final List<Session> sessions = new ArrayList<>();
        private final List<Set<Integer>> rooms = new ArrayList<>();
        private final List<List<Integer>> expected = new ArrayList<>();
        private int next;

        Model(TestRealtime realtime) {
            this.realtime = realtime;
            for (int i = 0; i < CLIENTS; i++) {
                TestClient client = realtime.connect("/", "user" + i);
                clients.add(client);
                sessions.add(Game.session(realtime, client));
                rooms.add(new HashSet<>());
                expected.add(new ArrayList<>());
            }
        }

        void run(Step step) {
            TestClient client = clients.get(step.client());
            Session session = sessions.get(step.client());
            Set<Integer> in = rooms.get(step.client());
            var room = ZONE.of("z" + step.room());
            switch (step.kind()) {
                case EMIT_ROOM -> {
                    realtime.namespace("/")
                            .room(room)
                            .emit(TICK, number(i -> rooms.get(i).contains(step.room())));
                }
                case EMIT_TWO_ROOMS -> {
                    int other = (step.room() + 1) % ROOMS;
                    realtime.namespace("/")
                            .room(room)
                            .room(ZONE.of("z" + other))
                            .emit(
                                    TICK,
                                    number(i -> rooms.get(i).contains(step.room())
                                            || rooms.get(i).contains(other)));
                }
                case EMIT_ALL -> realtime.namespace("/").emit(TICK, number(i -> true));
                case EMIT_SESSION -> session.emit(TICK, number(i -> i == step.client()));
                case EMIT_EXCEPT ->
                    realtime.namespace("/")
                            .except(room)
                            .emit(TICK, number(i -> !rooms.get(i).contains(step.room())));
                case VOLATILE -> realtime.namespace("/").asVolatile().emit(Game.SAID, new Game.Text("volatile"));
                case JOIN -> {
                    session.join(room);
                    in.add(step.room());
                }
                case LEAVE -> {
                    session.leave(room);
                    in.remove(step.room());
                }
                case JOIN_BY_AUDIENCE -> {
                    realtime.namespace("/").session(session.id()).join(room);
                    realtime.settle();
                    in.add(step.room());
                }
                case LEAVE_BY_AUDIENCE -> {
                    realtime.namespace("/").session(session.id()).leave(room);
                    realtime.settle();
                    in.remove(step.room());
                }
                case MOVE -> {
                    int other = (step.room() + 1) % ROOMS;
                    session.move(room, ZONE.of("z" + other));
                    in.remove(step.room());
                    in.add(other);
                }
                case DROP -> {
                    if (client.isConnected()) {
                        client.dropConnection();
                    }
                }
                case LOSE -> {
                    if (client.isConnected()) {
                        client.loseNetwork();
                    }
                }
                case RECONNECT -> reconnect(client);
                case WAIT -> realtime.advance(Duration.ofSeconds(2));
            }
            if (step.settled()) {
                realtime.settle();
            }
        }

        void check() {
            realtime.settle();
            clients.forEach(this::reconnect);
            for (int i = 0; i < CLIENTS; i++) {
                TestClient client = clients.get(i);
                assertThat(Game.ticks(client)).as("client %s %s", i, client).isEqualTo(expected.get(i));
                List<Position> offsets = client.received().stream()
                        .filter(event -> event.name().equals("tick"))
                        .map(ReceivedEvent::offset)
                        .map(Objects::requireNonNull)
                        .map(Position::parse)
                        .toList();
                assertThat(offsets).isSortedAccordingTo(Position::compareTo).doesNotHaveDuplicates();
            }
        }

        private void reconnect(TestClient client) {
            if (!client.isConnected()) {
                client.reconnect();
                assertThat(client.recovered()).as(client.toString()).isTrue();
            }
        }

        private Number number(java.util.function.IntPredicate hears) {
            int value = next++;
            for (int i = 0; i < CLIENTS; i++) {
                if (hears.test(i)) {
                    expected.get(i).add(value);
                }
            }
            return new Number(value);
        }
    }
}
