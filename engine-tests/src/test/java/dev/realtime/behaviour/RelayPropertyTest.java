package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whichever nodes requests reach, and whatever happens to nodes: a client that polls gets each event once and in order, and no place is kept for nobody. */
class RelayPropertyTest {
    private static final int CLIENTS = 4;
    private static final int ROUNDS = 40;
    private static final int STEPS = 50;

    private final List<TestClient> clients = new ArrayList<>();
    private final List<List<Integer>> expected = new ArrayList<>();
    private Random random = new Random(0);
    private TestCluster cluster = TestCluster.of(3, RelayPropertyTest::game);
    private int next;
    private int resumed;

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(10)))
                .lease(Duration.ofSeconds(5))
                .namespace("/", game -> game.allowAnonymous().on(ECHO, (session, text) -> text));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void eachEventComesOnce(long first) {
        for (long seed = first * 1_000; seed < first * 1_000 + ROUNDS; seed++) {
            play(seed);
        }
        assertThat(resumed).as("clients came back").isGreaterThan(ROUNDS);
    }

    private void play(long seed) {
        random = new Random(seed);
        clients.clear();
        expected.clear();
        next = 0;
        cluster = TestCluster.of(3, RelayPropertyTest::game).start();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(cluster.client(i % 3).user("user" + i).roaming().connect("/"));
                expected.add(new ArrayList<>());
            }
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            cluster.nodes().forEach(TestNode::heal);
            cluster.advance(Duration.ofMinutes(2)); // what was lost is noticed
            clients.forEach(this::comeBack);
            emit();
            cluster.advance(Duration.ofSeconds(5));
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(Game.ticks(clients.get(i)))
                        .as("seed %s, %s", seed, clients.get(i))
                        .isEqualTo(expected.get(i));
            }
            long waiting = cluster.nodes().stream()
                    .mapToLong(node -> node.realtime().stats().gauges().get("relay.waiting"))
                    .sum();
            assertThat(waiting).as("seed %s", seed).isLessThanOrEqualTo(CLIENTS);
        } finally {
            cluster.close();
        }
    }

    private void step() {
        TestNode node = cluster.node(random.nextInt(3));
        TestClient client = clients.get(random.nextInt(CLIENTS));
        int dice = random.nextInt(100);
        if (dice < 40) {
            emit();
        } else if (dice < 60) {
            cluster.advance(Duration.ofMillis(random.nextInt(4_000)));
        } else if (dice < 75) {
            comeBack(client);
        } else if (dice < 82) {
            if (client.isConnected()) {
                client.ask(ECHO, new Text("anybody?"));
                cluster.settle();
            }
        } else if (dice < 87) {
            if (client.isConnected()) {
                client.dropConnection();
            }
        } else if (dice < 91) {
            node.restart();
        } else if (dice < 95) {
            node.freeze();
            cluster.advance(Duration.ofMillis(random.nextInt(2_000)));
            node.thaw();
        } else {
            node.partition();
            cluster.advance(Duration.ofMillis(random.nextInt(2_000)));
            node.heal();
        }
    }

    private void emit() {
        int value = next++;
        expected.forEach(list -> list.add(value));
        cluster.await(cluster.node(random.nextInt(3)).namespace("/").emit(TICK, new Number(value)));
    }

    private void comeBack(TestClient client) {
        if (client.isConnected()) {
            return;
        }
        client.reconnect(random.nextInt(3));
        cluster.settle();
        if (client.isConnected() && client.recovered()) {
            resumed++;
        } else if (client.isConnected()) { // it knows that it has missed something
            List<Integer> all = expected.get(clients.indexOf(client));
            all.clear();
            all.addAll(Game.ticks(client));
        }
    }
}
