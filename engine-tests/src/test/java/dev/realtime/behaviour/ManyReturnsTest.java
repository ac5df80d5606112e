package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRequest;
import dev.realtime.testkit.backend.Line.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that come back: many at once, to a node that knows nothing yet, at a bad moment, or again and again. */
class ManyReturnsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final int ADDRESS = 200;

    private final List<String> told = new ArrayList<>();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        return Game.open(game -> game.onFresh((session, reason) -> told.add("fresh " + reason))
                        .onDisconnect((session, reason) -> told.add("disconnect " + reason)))
                .recovery(Recovery.within(Duration.ofMinutes(10)))
                .limits(Limits.DEFAULT.replaysOfOneEvent(5).resumesPerMinutePerIp(ADDRESS));
    }

    @Test
    void aNodeThatHasJustStartedReadsTheLogOnceForAllWhoComeToIt() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            clients.add(cluster.connect(0, "/", "user" + i));
        }
        clients.forEach(TestClient::dropConnection);
        ticks(0, 3_000);
        cluster.node(1).restart();
        assertThat(cluster.node(1).realtime().ready().toCompletableFuture()).isCompleted();
        int once = cluster.node(1).line().asked(Traffic.READ);
        assertThat(once).isBetween(3_000 / 512, 10);

        for (TestClient client : clients) {
            client.reconnect(1);
            assertAllSince(client, 0, 3_000);
        }
        assertThat(cluster.node(1).line().asked(Traffic.READ)).isEqualTo(once);
    }

    /** The two halves of the window meet where the node began to follow the log. */
    @Test
    void whatComesWhileANodeReadsTheLogIsNeitherMissedNorRepeated() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        ticks(0, 2_000);
        cluster.node(1).kill();
        cluster.latency(Duration.ofMillis(20), Duration.ofMillis(20));
        cluster.node(1).restart();
        ann.beginReconnect(1); // waits until the log has been read
        for (int i = 2_000; i < 2_050; i++) {
            var unused = cluster.node(0).namespace("/").emit(TICK, new Number(i));
            cluster.advance(Duration.ofMillis(10));
        }
        cluster.advance(SECOND.multipliedBy(3));
        assertThat(ann.recovered()).isTrue();
        assertAllSince(ann, 0, 2_050);
    }

    @Test
    void whatAudiencesWereToldBeforeANodeCameIsKnownToIt() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        var unused = cluster.node(0).namespace("/").user("ann").join(Game.ZONE.of("cave"));
        ticks(0, 10);
        cluster.node(1).restart();
        int reads = cluster.node(1).line().asked(Traffic.READ);
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        assertThat(cluster.node(1).namespace("/").find(ann.id()).orElseThrow().rooms())
                .contains(Game.ZONE.of("cave"));
        assertThat(cluster.node(1).line().asked(Traffic.READ)).isEqualTo(reads);
    }

    @Test
    void whatTheBackendDoesNotAnswerIsAskedAgainByTheNextAttempt() {
        TestClient ann = cluster.connect(0, "/", "ann");
        String id = ann.id();
        ann.dropConnection();
        ticks(0, 5);
        cluster.node(1).cutFromBackend();
        ann.beginReconnect(1);
        cluster.advance(SECOND.multipliedBy(20));
        assertThat(ann.isConnected()).isFalse();
        assertThat(cluster.node(1).realtime().stats().counters()).containsEntry("resumes.postponed", 1L);

        cluster.node(1).heal();
        ann.reconnect(1);
        assertThat(ann.id()).isEqualTo(id);
        assertAllSince(ann, 0, 5);
        assertThat(told).isEmpty();
    }

    @Test
    void aNodeThatStartsWithoutItsBackendLosesNobody() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        ticks(0, 700);
        cluster.node(1).restart();
        cluster.node(1).line().impatient();
        cluster.node(1).cutToBackend();
        for (int i = 0; i < 5; i++) {
            ann.beginReconnect(1);
            cluster.advance(SECOND.multipliedBy(5));
            assertThat(ann.isConnected()).isFalse();
        }
        cluster.node(1).heal();
        ann.beginReconnect(1);
        cluster.advance(SECOND.multipliedBy(5));
        assertThat(ann.recovered()).isTrue();
        assertAllSince(ann, 0, 700);
    }

    @Test
    void aSessionThatBreaksAtTheSameEventAgainAndAgainBeginsAfresh() {
        TestClient ann = cluster.connect(0, "/", "ann");
        String connect = "40{\"user\":\"ann\",\"pid\":\"" + ann.privateId().orElseThrow() + "\"}";
        String id = ann.id();
        ann.dropConnection();
        ticks(0, 3);
        for (int i = 0; i < 5; i++) {
            InMemoryConnection socket = open(connect);
            assertThat(socket.texts().toString()).contains(id).contains("{\"value\":0}");
            socket.reset();
            cluster.advance(SECOND);
        }
        InMemoryConnection last = open(connect);
        assertThat(last.texts().toString()).doesNotContain(id).doesNotContain("tick");
        assertThat(told)
                .containsExactly(
                        "disconnect " + DisconnectReason.NOT_RECOVERED, "fresh " + FreshReason.EVENT_NOT_TAKEN);
    }

    @Test
    void aClientThatGetsAnyFurtherIsNeverGivenUp() {
        TestClient ann = cluster.connect(0, "/", "ann");
        for (int i = 0; i < 60; i++) {
            ann.dropConnection();
            ticks(i, i + 1);
            cluster.advance(SECOND);
            ann.reconnect(0);
            assertThat(ann.recovered()).isTrue();
        }
        assertAllSince(ann, 0, 60);
        assertThat(told).isEmpty();
    }

    @Test
    void aSessionThatIsAskedForTooOftenIsNotGivenBackAtOnceAndLosesNothing() {
        TestClient ann = cluster.connect(0, "/", "ann");
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            if (ann.isOnline()) {
                ann.dropConnection();
            }
            ann.beginReconnect(0);
            cluster.advance(Duration.ofMillis(20));
            refused += ann.isConnected() ? 0 : 1;
        }
        assertThat(refused).isBetween(80, 92);
        assertThat(cluster.node(0).realtime().stats().counters()).containsEntry("resumes.limited", (long) refused);
        if (ann.isOnline()) {
            ann.dropConnection();
        }
        ticks(0, 3);
        cluster.advance(SECOND.multipliedBy(2));
        ann.reconnect(0);
        assertAllSince(ann, 0, 3);
        assertThat(told).isEmpty();
    }

    @Test
    void anAddressHasItsOwnMeasureAndAnotherIsNotTouched() {
        List<TestClient> crowd = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            crowd.add(cluster.client(0)
                    .user("user" + i)
                    .from(i < 49 ? "10.0.0.1" : "10.0.0.2")
                    .connect("/"));
        }
        crowd.forEach(TestClient::dropConnection);
        for (TestClient client : crowd) {
            client.beginReconnect(0);
            cluster.advance(Duration.ofMillis(1));
        }
        List<TestClient> away =
                crowd.stream().filter(client -> !client.isConnected()).toList();
        assertThat(away).hasSize(49 - ADDRESS / 5).doesNotContain(crowd.get(49));
        for (TestClient client : away) { // each attempt asks again, and what was refused has used up nothing
            cluster.advance(SECOND.multipliedBy(2));
            client.reconnect(0);
            assertThat(client.recovered()).isTrue();
        }
        assertThat(told).isEmpty();
    }

    private InMemoryConnection open(String connect) {
        InMemoryConnection socket = cluster.node(0)
                .transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send(connect);
        cluster.settle();
        return socket;
    }

    private void ticks(int from, int through) {
        for (int i = from; i < through; i++) {
            cluster.await(cluster.node(0).namespace("/").emit(TICK, new Number(i)));
        }
    }

    private static void assertAllSince(TestClient client, int from, int through) {
        assertThat(client.received(TICK).stream().map(Number::value).toList())
                .isEqualTo(IntStream.range(from, through).boxed().toList());
    }
}
