package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.RealtimeBuilder;
import dev.realtime.RoomKey;
import dev.realtime.spi.SessionRecord;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session is told while it moves from node to node. */
class TakeoverTest {
    private static final RoomKey CAVE = RoomKey.parse("zone:cave");

    private static final Duration STEP = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration WINDOW = Duration.ofMinutes(5); // longer than a recovery window
    private static final Duration DEAD = Duration.ofSeconds(15); // longer than a lease

    private final List<String> calls = new ArrayList<>();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        return Game.open(game -> game.onMoved(session -> calls.add("moved"))
                .onDisconnect((session, reason) -> calls.add("disconnect " + reason)));
    }

    @Test
    void aSessionThatHadNoHomeHasJoinedWhatItsAudienceWasToldToJoin() {
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.node(1).kill();
        cluster.await(cluster.node(0).namespace("/").session(bob.id()).join(CAVE));
        tick(1);
        bob.reconnect(0);
        tick(2);
        assertThat(bob.recovered()).isTrue();
        assertThat(ticks(bob)).containsExactly(1, 2);
    }

    @Test
    void aLateAnswerToTheLastHomeIsNoneToAQuestionOfTheNext() {
        TestClient bob = cluster.connect(0, "/", "bob");
        var unused = ask(0, bob, 1);
        long first = bob.nextRaw("double").ackId();
        cluster.node(0).kill();
        bob.reconnect(1);
        assertThat(bob.recovered()).isTrue();
        CompletionStage<Game.Number> asked = ask(1, bob, 21);
        bob.acknowledge(first, new Game.Number(2));
        assertThat(asked.toCompletableFuture()).isNotDone();
        bob.acknowledge(bob.nextRaw("double").ackId(), new Game.Number(42));
        assertThat(cluster.await(asked)).isEqualTo(new Game.Number(42));
    }

    private CompletionStage<Game.Number> ask(int node, TestClient client, int number) {
        return cluster.node(node)
                .namespace("/")
                .find(client.id())
                .orElseThrow()
                .request(Game.DOUBLE, new Game.Number(number), PATIENCE);
    }

    @Test
    void aSessionThatHadNoHomeHasLeftWhatItsAudienceWasToldToLeave() {
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.request(Game.JOIN, new Game.Room("cave"));
        tick(1);
        cluster.node(1).kill();
        tick(2);
        cluster.await(cluster.node(0).namespace("/").session(bob.id()).leave(CAVE));
        tick(3);
        bob.reconnect(0);
        tick(4);
        assertThat(bob.recovered()).isTrue();
        assertThat(ticks(bob)).containsExactly(1, 2);
    }

    @Test
    void aSessionThatWasDisconnectedWhileItHadNoHomeDoesNotComeBack() {
        TestClient bob = cluster.connect(1, "/", "bob");
        String old = bob.id();
        cluster.node(1).kill();
        cluster.await(cluster.node(0).namespace("/").session(old).disconnect(false));
        bob.reconnect(0);
        assertThat(bob.recovered()).isFalse();
        assertThat(bob.id()).isNotEqualTo(old);
        assertThat(cluster.node(0).namespace("/").find(old)).isEmpty();
    }

    @Test
    void aNodeThatHasNotHeardOfATakeoverDoesNotGoOnFromItsOwnCopy() {
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.request(Game.JOIN, new Game.Room("cave"));
        cluster.node(1).cutFromBackend();
        bob.loseNetwork();
        bob.reconnect(0);
        bob.request(Game.LEAVE, new Game.Room("cave"));
        bob.loseNetwork();
        cluster.node(1).heal();
        bob.reconnect(1);
        tick(1);
        assertThat(bob.recovered()).isTrue();
        assertThat(ticks(bob)).isEmpty();
    }

    /** The record that the next node goes by cannot hold the change: an answer would promise what is already forgotten. */
    @Test
    void aChangeToASessionThatHasBeenClaimedSinceIsNotAcknowledged() {
        TestClient bob = cluster.connect(0, "/", "bob");
        cluster.node(0).cutToBackend();
        cluster.node(0).cutFromBackend();
        cluster.advance(DEAD); // node 1 takes him over, and node 0 has not heard
        cluster.node(0).heal();

        cluster.latency(STEP.multipliedBy(2), STEP.multipliedBy(2));
        var answer = bob.ask(Game.JOIN, new Game.Room("cave"));
        assertThat(bob.isConnected()).isTrue();
        cluster.advance(PATIENCE);

        assertThat(answer.isAnswered()).isFalse();
        assertThat(bob.isConnected()).isFalse();
        bob.reconnect(1);
        assertThat(bob.recovered()).isTrue();
        tick(1);
        assertThat(ticks(bob)).isEmpty();
    }

    /** The answer waits for the record, and the connection for the answer. */
    @Test
    void aChangeIsAnsweredBeforeItsNodeStops() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(cluster.connect(0, "/", "bob" + i));
        }
        cluster.latency(Duration.ofMillis(1), Duration.ofMillis(50));
        List<TestReply<Game.Number>> answers = new ArrayList<>();
        clients.forEach(client -> answers.add(client.ask(Game.JOIN, new Game.Room("cave"))));
        cluster.settle();
        var unused = cluster.node(0).beginClose();
        cluster.advance(PATIENCE);
        assertThat(clients).noneMatch(TestClient::isConnected);
        assertThat(answers).allMatch(TestReply::isAnswered);
    }

    @Test
    void aNodeThatStopsLeavesItsSessionsToTheOthersInsteadOfEndingThem() {
        cluster.connect(0, "/", "ann");
        var unused = cluster.node(0).beginClose();
        cluster.advance(PATIENCE);
        assertThat(calls).containsExactly("moved");
        cluster.advance(DEAD);
        assertThat(cluster.node(1).namespace("/").sessions()).hasSize(1);
        cluster.advance(WINDOW);
        assertThat(calls).hasSize(2).last().asString().startsWith("disconnect ");
    }

    @Test
    void aSessionThatIsEndedWhereItHasJustBeenTakenAwayEndsWhereItIs() {
        TestClient bob = cluster.connect(0, "/", "bob");
        bob.loseNetwork();
        cluster.latency(STEP.multipliedBy(2), STEP.multipliedBy(2));
        bob.beginReconnect(1);
        cluster.advance(STEP.multipliedBy(5)); // node 1 has it, and node 0 has not heard

        cluster.node(0).namespace("/").find(bob.id()).orElseThrow().disconnect();
        cluster.advance(PATIENCE);

        assertThat(bob.isConnected()).isFalse();
        assertThat(calls).containsExactly("moved", "disconnect SERVER_DISCONNECT");
    }

    @Test
    void aClientThatComesBackWhileItsSessionIsBeingEndedGetsAFreshOne() {
        TestClient bob = cluster.connect(0, "/", "bob");
        String old = bob.id();
        bob.dropConnection();
        cluster.latency(STEP.multipliedBy(2), STEP.multipliedBy(2));

        bob.beginReconnect(0);
        cluster.advance(STEP); // the claim is under way
        cluster.node(0).namespace("/").find(old).orElseThrow().disconnect();
        cluster.advance(PATIENCE);

        assertThat(bob.isConnected()).isTrue();
        assertThat(bob.recovered()).isFalse();
        assertThat(bob.id()).isNotEqualTo(old);
        assertThat(calls).containsExactly("disconnect SERVER_DISCONNECT");
        assertThat(cluster.backend().records())
                .extracting(SessionRecord::sessionId)
                .containsExactly(bob.id());
    }

    @Test
    void aSessionIsRecordedAsItWasAndNotAsItEnds() {
        TestClient bob = cluster.connect(0, "/", "bob");
        bob.request(Game.JOIN, new Game.Room("cave"));
        cluster.latency(STEP.multipliedBy(2), STEP.multipliedBy(2));
        var closed = cluster.node(0).beginClose();
        for (int number = 0;
                number < 40;
                number++) { // one of these changes the session while its last write is under way
            RoomKey room = RoomKey.parse("zone:" + number);
            var unused = cluster.node(1).namespace("/").session(bob.id()).join(room);
            cluster.advance(STEP);
        }
        cluster.advance(PATIENCE);
        assertThat(closed.toCompletableFuture()).isCompleted();
        cluster.latency(Duration.ZERO, Duration.ZERO);

        tickFrom(1, 1);
        bob.reconnect(1);
        assertThat(bob.recovered()).isTrue();
        assertThat(ticks(bob)).containsExactly(1);
    }

    /** The client and the takeover of its old home race for the session, and whoever is first: what happens next is recorded. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10, 15, 20, 30, 50})
    void aSessionThatIsClaimedByItsClientAndByABurialIsStillRecorded(int millis) {
        cluster.latency(STEP.multipliedBy(2), STEP.multipliedBy(2));
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.advance(PATIENCE);
        cluster.node(1).kill();
        while (cluster.backend().living().size() == 2) {
            cluster.advance(Duration.ofMillis(1));
        }
        cluster.advance(Duration.ofMillis(millis));
        bob.beginReconnect(0);
        cluster.advance(PATIENCE);
        assertThat(bob.recovered()).isTrue();

        var unused = bob.ask(Game.JOIN, new Game.Room("cave"));
        cluster.advance(PATIENCE);
        assertThat(cluster.backend().records().get(0).memberships())
                .extracting(SessionRecord.RoomMembership::room)
                .contains("zone:cave");
    }

    @Test
    void anOffsetOfAnEarlierSessionIsNotTakenForOneOfThisSession() {
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.request(Game.JOIN, new Game.Room("cave"));
        cluster.node(0).line().impatient();
        cluster.node(0).cutFromBackend();
        tickFrom(1, 1);
        bob.loseNetwork();
        for (int attempt = 0; attempt < 40 && !bob.isConnected(); attempt++) {
            bob.beginReconnect(0); // which has not heard of the event, nor hears whose the session is
            cluster.advance(PATIENCE);
        }
        assertThat(bob.isConnected()).isTrue();
        assertThat(bob.recovered()).isFalse();

        bob.dropConnection();
        bob.reconnect(1);

        assertThat(bob.recovered()).isFalse();
    }

    private void tick(int number) {
        tickFrom(0, number);
    }

    private void tickFrom(int node, int number) {
        cluster.await(cluster.node(node).namespace("/").room(CAVE).emit(Game.TICK, new Game.Number(number)));
    }

    private static List<Integer> ticks(TestClient client) {
        return client.received(Game.TICK).stream().map(Game.Number::value).toList();
    }
}
