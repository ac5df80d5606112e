package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes and goes, whoever is slow, comes back or is killed: what a client makes of snapshots and diffs is true in the end. */
class PresenceOfManyTest {
    private static final Event<Void> TICK = Event.of("tick");
    private static final List<RoomKey> ZONES = List.of(ZONE.of("a"), ZONE.of("b"), ZONE.of("c"), ZONE.of("d"));
    private static final int ROUNDS = 25;
    private static final int STEPS = 40;

    private final List<TestClient> players = new ArrayList<>();
    private final List<TestClient> watchers = new ArrayList<>();
    private final List<TestClient> slow = new ArrayList<>();
    private Random random = new Random(0);
    private TestCluster cluster = TestCluster.of(3, PresenceOfManyTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(1)))
                .lease(Duration.ofSeconds(10))
                .outbox(OutboxLimits.DEFAULT.maxBytes(8_192))
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT.rooms(ZONE))
                                .onConnect(PresenceOfManyTest::watches));
    }

    private static void watches(Session session) {
        if (session.principal().id().startsWith("w")) {
            Presence presence = session.namespace().presence();
            ZONES.forEach(zone -> presence.watch(session, zone));
            presence.watch(session, name(1));
        }
    }

    private static String name(int player) {
        return player + "x".repeat(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatClientsKnowIsTrueInTheEnd(long first) {
        for (long seed = first * 1_000; seed < first * 1_000 + ROUNDS; seed++) {
            play(seed);
        }
    }

    private void play(long seed) {
        random = new Random(seed);
        players.clear();
        watchers.clear();
        slow.clear();
        cluster = TestCluster.of(3, PresenceOfManyTest::game).start();
        try {
            begin();
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            settle();
            for (TestClient watcher : watchers) {
                isTrue(watcher, seed);
            }
        } finally {
            cluster.close();
        }
    }

    private void begin() {
        for (int i = 0; i < 14; i++) {
            players.add(cluster.connect(i % 3, "/", name(i)));
        }
        for (int i = 0; i < 3; i++) {
            watchers.add(cluster.connect(i, "/", "w" + i));
        }
        players.forEach(this::moves);
        cluster.advance(Duration.ofSeconds(1));
    }

    private void step() {
        TestClient player = any(players);
        TestClient watcher = any(watchers);
        int node = random.nextInt(3);
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> players.forEach(this::moves);
            case 3 -> moves(player);
            case 4 -> drops(player);
            case 5 -> comeBack(player, node);
            case 6 -> drops(watcher);
            case 7 -> comeBack(watcher, node);
            case 8 -> losesNetwork(watcher);
            case 9 -> isSlow(watcher);
            case 10 -> readsAgain();
            default -> killOrStart(node);
        }
        session(watcher, found -> found.emit(TICK));
        cluster.advance(Duration.ofMillis(List.of(0, 1, 20, 300, 3_000).get(random.nextInt(5))));
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private void session(TestClient client, Consumer<Session> use) {
        if (client.isConnected()) {
            for (int node = 0; node < 3; node++) {
                if (cluster.node(node).isUp()) {
                    cluster.node(node).namespace("/").find(client.id()).ifPresent(use);
                }
            }
        }
    }

    private void moves(TestClient player) {
        session(
                player,
                found -> ZONES.forEach(zone -> {
                    if (random.nextBoolean()) {
                        found.join(zone);
                    } else {
                        found.leave(zone);
                    }
                }));
    }

    private void drops(TestClient client) {
        if (client.isOnline()) {
            slow.remove(client);
            client.dropConnection();
        }
    }

    private void losesNetwork(TestClient client) {
        if (client.isOnline()) {
            slow.remove(client);
            client.loseNetwork();
        }
    }

    private void comeBack(TestClient client, int node) {
        if (!client.isOnline() && cluster.node(node).isUp()) {
            client.reconnect(node);
        }
    }

    private void isSlow(TestClient watcher) {
        if (watcher.isOnline() && !slow.contains(watcher)) {
            watcher.stall();
            slow.add(watcher);
        }
    }

    private void readsAgain() {
        slow.stream().filter(TestClient::isOnline).forEach(TestClient::resume);
        slow.clear();
    }

    private void killOrStart(int node) {
        if (!cluster.node(node).isUp()) {
            cluster.node(node).start();
        } else if (cluster.nodes().stream().filter(other -> other.isUp()).count() > 1) {
            cluster.node(node).kill();
        }
    }

    private void settle() {
        readsAgain();
        for (int node = 0; node < 3; node++) {
            if (!cluster.node(node).isUp()) {
                cluster.node(node).start();
            }
        }
        cluster.advance(Duration.ofSeconds(2));
        watchers.forEach(watcher -> comeBack(watcher, random.nextInt(3)));
        cluster.advance(Duration.ofSeconds(random.nextBoolean() ? 40 : 90));
    }

    private void isTrue(TestClient watcher, long seed) {
        assertThat(watcher.isConnected()).as("seed %s: %s", seed, watcher).isTrue();
        PresenceView view = PresenceView.of(watcher);
        Presence presence = cluster.node(0).namespace("/").presence();
        assertThat(presence.isComplete()).isTrue();
        ZONES.forEach(zone -> view.isTrue(presence, zone, "seed " + seed + " " + watcher.id()));
        view.isTrue(presence, name(1), "seed " + seed + " " + watcher.id());
    }
}
