package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Session;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is emitted when: each client gets a key no oftener than it may, in order, and in the end the latest. */
class ThrottlePropertyTest {
    private static final int KEYS = 3;

    /** @param millis that pass behind it */
    record Step(Kind kind, int key, int millis) {}

    enum Kind {
        MOVE,
        MOVE_AND_MOVE,
        RELIABLE,
        PING_PONG
    }

    private record Got(int number, long when) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Kind.MOVE, Kind.MOVE, Kind.MOVE_AND_MOVE, Kind.RELIABLE, Kind.PING_PONG),
                        Arbitraries.integers().between(0, KEYS - 1),
                        Arbitraries.of(0, 0, 1, 7, 24, 25, 50, 130))
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(120);
    }

    /** Another one for each client and key; one is none. */
    private static Duration interval(Session session, String key) {
        return Duration.ofMillis((long) (session.principal().id().charAt(4) - '0') * 60 * (key.charAt(3) - '0')
                + (session.principal().id().endsWith("2") ? 33 : 0));
    }

    private static long interval(int client, int key) {
        return client * 60L * key + (client == 2 ? 33 : 0);
    }

    @Property(tries = 200)
    void noOftenerThanItMayInOrderAndInTheEndTheLatest(
            @ForAll("steps") List<Step> steps, @ForAll boolean withTick, @ForAll boolean polling) {
        try (TestRealtime realtime = TestRealtime.of(() -> Game.open(game -> {
                    game.throttle(Throttle.of(TICK).atMostEvery(ThrottlePropertyTest::interval));
                    if (withTick) {
                        game.tick(Duration.ofMillis(40));
                    }
                }))
                .start()) {
            List<Map<Integer, List<Got>>> got = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                TestClient client =
                        realtime.client().user("user" + i).polling(polling).connect("/");
                got.add(record(realtime, client));
            }
            int[] last = run(realtime, steps);
            for (int client = 0; client < got.size(); client++) {
                for (int key = 0; key < KEYS; key++) {
                    List<Got> all = got.get(client).getOrDefault(key, List.of());
                    check(all, interval(client, key));
                    assertThat(all.isEmpty() ? -1 : all.get(all.size() - 1).number())
                            .isEqualTo(last[key]);
                }
            }
        }
    }

    private static int[] run(TestRealtime realtime, List<Step> steps) {
        int[] last = {-1, -1, -1};
        int next = 0;
        for (Step step : steps) {
            switch (step.kind()) {
                case MOVE -> last[step.key()] = move(realtime, step.key(), next++);
                case MOVE_AND_MOVE -> {
                    last[step.key()] = move(realtime, step.key(), next++);
                    int other = (step.key() + 1) % KEYS;
                    last[other] = move(realtime, other, next++);
                }
                case RELIABLE -> realtime.namespace("/").emit(SAID, new Text("s"));
                case PING_PONG -> realtime.namespace("/").asVolatile().emit(SAID, new Text("v"));
            }
            realtime.settle();
            realtime.advance(Duration.ofMillis(step.millis()));
        }
        realtime.advance(Duration.ofSeconds(1));
        return last;
    }

    private static int move(TestRealtime realtime, int key, int number) {
        realtime.namespace("/").asVolatile().coalesce("key" + key).emit(TICK, new Number(number * KEYS + key));
        return number;
    }

    /** What a client receives of each key, and when. */
    private static Map<Integer, List<Got>> record(TestRealtime realtime, TestClient client) {
        Map<Integer, List<Got>> got = new HashMap<>();
        client.watch(new ClientWatcher() {
            @Override
            public void received(TestClient self, ReceivedEvent event) {
                if (event.name().equals("tick")) {
                    int value = event.arguments().get(0).path("value").asInt();
                    got.computeIfAbsent(value % KEYS, key -> new ArrayList<>())
                            .add(new Got(value / KEYS, realtime.time().nanoTime() / 1_000_000));
                }
            }
        });
        return got;
    }

    private static void check(List<Got> all, long interval) {
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).number()).isGreaterThan(all.get(i - 1).number());
            assertThat(all.get(i).when() - all.get(i - 1).when()).isGreaterThanOrEqualTo(interval);
        }
    }
}
