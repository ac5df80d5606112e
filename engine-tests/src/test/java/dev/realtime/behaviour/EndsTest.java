package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ConnectInterceptor;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.spi.Claimant;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.backend.Line.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever was told that a session begins is told that it ends: once, somewhere, whatever fails; and nothing of it stays (I23). */
class EndsTest {
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int CLIENTS = 30;

    private final Map<String, List<String>> told = new TreeMap<>(); // by session id
    private Consumer<ConnectInterceptor.Entry> whileJudged = entry -> {};

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(3, this::game);

    private RealtimeBuilder game() {
        return dev.realtime.Realtime.builder()
                .recovery(Recovery.within(WINDOW))
                .lease(LEASE)
                .namespace(
                        "/",
                        game -> game.intercept((handshake, principal, rooms) -> {
                                    whileJudged.accept(rooms);
                                })
                                .onConnect(session -> told(session, "begin"))
                                .onMoved(session -> told(session, "moved"))
                                .onFresh((session, reason) -> told(session, "fresh " + reason))
                                .onDisconnect((session, reason) -> told(session, "end " + reason)));
    }

    private void told(Session session, String what) {
        told.computeIfAbsent(session.id(), id -> new ArrayList<>()).add(what);
    }

    private List<TestClient> crowd() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(cluster.connect(i % 3, "/", "user-" + i));
        }
        cluster.await(cluster.node(0).namespace("/").emit(TICK, new Number(0)));
        return clients;
    }

    private void everybodyLeaves(List<TestClient> clients) {
        clients.stream().filter(TestClient::isConnected).forEach(TestClient::disconnect);
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
    }

    private long count(String what) {
        return told.values().stream()
                .flatMap(List::stream)
                .filter(one -> one.startsWith(what))
                .count();
    }

    private void eachHasEndedOnceAndNothingIsLeft() {
        assertThat(told)
                .allSatisfy((id, calls) -> assertThat(calls.stream().filter(call -> call.startsWith("end")))
                        .as("ends of %s: %s", id, calls)
                        .hasSize(1));
        assertThat(count("end")).isEqualTo(count("begin"));
        assertThat(cluster.backend().records()).isEmpty();
        cluster.nodes()
                .forEach(node -> assertThat(node.realtime().stats().sessions()).isZero());
    }

    private static void away(List<TestClient> clients) {
        clients.forEach(client -> {
            if (client.isConnected()) {
                client.dropConnection();
            }
        });
    }

    // ---- a backend without its data

    @Test
    void whenTheBackendHasLostItsDataEverySessionEnds() {
        List<TestClient> clients = crowd();
        cluster.backend().lose();
        cluster.advance(LEASE);
        for (int i = 0; i < CLIENTS; i++) {
            clients.get(i).reconnect(i % 2 == 0 ? i % 3 : (i + 1) % 3); // half of them elsewhere
            assertThat(clients.get(i).recovered()).isFalse();
        }
        everybodyLeaves(clients);
        assertThat(count("begin")).isEqualTo(2 * CLIENTS);
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void whoIsAwayWhileTheBackendLosesItsDataHasEndedToo() {
        List<TestClient> clients = crowd();
        away(clients);
        cluster.backend().lose();
        everybodyLeaves(List.of());
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void whoseNodeWasCutOffMeanwhileHasEndedToo() {
        List<TestClient> clients = crowd();
        cluster.node(1).line().impatient();
        cluster.node(1).partition();
        cluster.advance(Duration.ofSeconds(20));
        cluster.backend().failover(0); // as if the node had found that the history is broken
        cluster.node(1).heal();
        cluster.advance(LEASE);
        for (int i = 0; i < CLIENTS; i++) {
            clients.get(i).reconnect((i + 1) % 3);
            assertThat(clients.get(i).recovered()).isFalse();
        }
        everybodyLeaves(clients);
        assertThat(count("begin")).isEqualTo(2 * CLIENTS);
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aSessionOfAnOldEpochEndsWhereItsClientComesTo() {
        TestClient ann = cluster.connect(0, "/", "ann");
        String old = ann.id();
        cluster.backend().failover(0);
        cluster.advance(Duration.ofSeconds(1));
        ann.reconnect(1);
        cluster.settle();
        assertThat(told.get(ann.id())).startsWith("fresh EPOCH_CHANGED");
        assertThat(told.get(old)).contains("end NOT_RECOVERED");
        everybodyLeaves(List.of(ann));
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aWindowThatIsOverWhileTheBackendIsAwayEndsWhenItIsBack() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        cluster.node(0).line().impatient();
        cluster.node(0).partition();
        ann.reconnect(1); // where the session goes on
        assertThat(ann.recovered()).isTrue();
        cluster.advance(WINDOW.plus(LEASE));
        assertThat(count("end")).isZero();
        cluster.node(0).heal();
        cluster.advance(LEASE);
        everybodyLeaves(List.of(ann));
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aClaimWhoseAnswerIsLostLeavesNoOrphan() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        cluster.node(1).line().impatient();
        for (int operations = 1; operations <= 4; operations++) {
            cluster.node(1).cutFromBackend();
            ann.beginReconnect(1);
            cluster.advance(Duration.ofSeconds(2));
            cluster.node(1).heal();
            cluster.advance(Duration.ofSeconds(1));
        }
        away(List.of(ann));
        everybodyLeaves(List.of());
        eachHasEndedOnceAndNothingIsLeft();
    }

    // ---- ends that nobody can be sure of

    @Test
    void anEndWhileTheBackendIsSilentIsToldByOneNode() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.node(0).line().impatient();
        cluster.node(0).partition();
        ann.disconnect();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4))); // the others take the node over, and end the session
        assertThat(count("end")).isOne();
        cluster.node(0).heal();
        cluster.advance(LEASE);
        assertThat(told.get(ann.id())).endsWith("moved");
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void anEndWhileTheBackendIsSilentIsToldWhenItAnswers() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.node(0).line().impatient();
        cluster.node(0).partition();
        ann.disconnect();
        cluster.advance(Duration.ofSeconds(5));
        assertThat(count("end")).isZero();
        cluster.node(0).heal();
        cluster.advance(LEASE);
        assertThat(told.get(ann.id())).endsWith("end CLIENT_DISCONNECT");
        everybodyLeaves(List.of());
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aSessionWhoseRemovalAFailoverHasLostDoesNotComeBack() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(0, "/", "bob");
        ann.disconnect();
        cluster.settle();
        assertThat(count("end")).isOne();
        cluster.backend().failover(1); // the removal
        cluster.settle();
        cluster.node(0).kill();
        everybodyLeaves(List.of(bob)); // the others take the node over
        assertThat(told.get(ann.id())).containsOnlyOnce("end CLIENT_DISCONNECT");
        cluster.node(0).start();
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aSessionWhoseRemovalAFailoverHasLostIsRemovedAgainAtOnce() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        cluster.await(cluster.node(0).namespace("/").session(ann.id()).disconnect(false));
        assertThat(count("end SERVER_DISCONNECT")).isOne();
        cluster.node(0).latency(Duration.ofMillis(100), Duration.ofMillis(100));
        cluster.backend().failover(1); // the removal
        assertThat(cluster.backend().records()).hasSize(1);
        cluster.advance(Duration.ofMillis(210)); // the node has heard, and has said so
        ann.reconnect(1);
        everybodyLeaves(List.of(ann));
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aRecordThatHasGoneIsTheEndOfItsSession() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.backend().loseSessions();
        cluster.node(0).namespace("/").find(ann.id()).orElseThrow().join(RoomKey.parse("zone:one")); // a write shows it
        cluster.settle();
        everybodyLeaves(List.of(ann));
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aNodeThatStopsWithoutAnAnswerLeavesTheEndToOthers() {
        cluster.connect(0, "/", "ann");
        cluster.node(0).line().impatient();
        cluster.node(0).partition();
        cluster.node(0).beginClose();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
        eachOfTheOthersHasNothingLeft();
    }

    /** The record is being removed, and nobody could take the session over. */
    @ParameterizedTest
    @ValueSource(ints = {300, 400, 500, 600, 700})
    void aWindowThatIsOverWhileItsNodeStopsIsTheEnd(int before) {
        cluster.connect(0, "/", "ann").dropConnection();
        cluster.node(0).latency(Duration.ofMillis(150), Duration.ofMillis(150));
        cluster.advance(WINDOW.minusMillis(before));
        cluster.node(0).beginClose();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
        eachOfTheOthersHasNothingLeft();
    }

    @Test
    void aWindowThatIsOverAtANodeThatDoesNotHearSoIsTheEndWhenItStops() {
        cluster.connect(0, "/", "ann").dropConnection();
        cluster.node(0).line().impatient();
        cluster.advance(WINDOW.minusMillis(100));
        cluster.node(0).cutFromBackend();
        cluster.advance(Duration.ofMillis(2_200)); // the record has been removed
        assertThat(cluster.backend().records()).isEmpty();
        cluster.node(0).heal();
        cluster.await(cluster.node(0).beginClose());
        eachOfTheOthersHasNothingLeft();
    }

    private void eachOfTheOthersHasNothingLeft() {
        assertThat(count("end WINDOW_OVER")).isOne();
        assertThat(count("end")).isOne();
        assertThat(cluster.backend().records()).isEmpty();
        cluster.node(0).start();
    }

    // ---- takeovers of dead nodes

    @Test
    void aBurialLeavesThoseAloneWhoHaveMoved() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(cluster.connect(0, "/", "user-" + i));
        }
        cluster.node(2).freeze(); // node 1 takes it over
        cluster.node(1).latency(Duration.ofMillis(200), Duration.ofMillis(200));
        cluster.node(0).kill();
        cluster.node(2).thaw();
        // the takeover reads whose sessions it takes, and meanwhile their clients come to another node
        while (cluster.backend().untaken().isEmpty()) {
            cluster.advance(Duration.ofMillis(10));
        }
        for (TestClient client : clients) {
            cluster.advance(Duration.ofMillis(20));
            client.beginReconnect(2);
        }
        cluster.advance(Duration.ofSeconds(5));
        List<String> ids = clients.stream().map(TestClient::id).toList();
        assertThat(clients).allMatch(TestClient::recovered);
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(3)));
        assertThat(clients).allMatch(TestClient::isConnected);
        assertThat(clients).extracting(TestClient::id).isEqualTo(ids);
        assertThat(count("end")).isZero();
        everybodyLeaves(clients);
        assertThat(count("begin")).isEqualTo(CLIENTS);
        cluster.node(0).start();
        eachHasEndedOnceAndNothingIsLeft();
    }

    // ---- changes of a session that has moved

    @Test
    void whatIsChangedWhereASessionHasBeenTakenAwayIsNotRecorded() {
        TestClient ann = cluster.connect(0, "/", "ann");
        Session frozen = cluster.node(0).namespace("/").find(ann.id()).orElseThrow();
        cluster.node(0).freeze();
        cluster.advance(LEASE.multipliedBy(2));
        cluster.node(0).line().impatient();
        List<CompletionStage<Void>> recorded = new ArrayList<>();
        cluster.node(0).cutFromBackend(); // it hears nothing before its handlers go on
        cluster.node(0).thaw();
        frozen.join(RoomKey.parse("zone:one"));
        recorded.add(frozen.recorded());
        frozen.join(RoomKey.parse("zone:two"));
        recorded.add(frozen.recorded());
        cluster.advance(Duration.ofSeconds(2));
        cluster.node(0).heal();
        frozen.join(RoomKey.parse("zone:three"));
        recorded.add(frozen.recorded());
        cluster.advance(Duration.ofSeconds(5));
        frozen.join(RoomKey.parse("zone:four"));
        recorded.add(frozen.recorded());
        assertThat(frozen.isClosed()).isTrue();
        assertThat(recorded)
                .allSatisfy(
                        stage -> assertThat(cluster.failure(stage)).isInstanceOf(SessionStore.FencedException.class));
    }

    // ---- a node that was alone

    @Test
    void onlyTheSessionsOfTheNodeThatWasAloneBeginAfresh() {
        List<TestClient> clients = crowd();
        away(clients.subList(0, 3)); // one of each node
        cluster.node(1).backend().wasAlone();
        cluster.advance(Duration.ofSeconds(1));
        for (int i = 0; i < CLIENTS; i++) {
            TestClient client = clients.get(i);
            assertThat(client.isConnected()).as("client %d", i).isEqualTo(i >= 3 && i % 3 != 1);
            away(List.of(client));
            client.reconnect(i % 2 == 0 ? i % 3 : (i + 1) % 3);
            assertThat(client.recovered()).as("client %d", i).isEqualTo(i % 3 != 1);
        }
        assertThat(count("fresh EPOCH_CHANGED")).isEqualTo(CLIENTS / 3);
        cluster.await(cluster.node(0).namespace("/").emit(TICK, new Number(1)));
        cluster.settle();
        assertThat(clients)
                .allSatisfy(client -> assertThat(client.received(TICK)).last().isEqualTo(new Number(1)));
        everybodyLeaves(clients);
        assertThat(count("begin")).isEqualTo(CLIENTS + CLIENTS / 3);
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void whoComesToANodeThatHasMissedSomethingMissesNothing() {
        List<TestClient> clients = crowd();
        TestClient away = clients.get(0);
        away(List.of(away));
        cluster.node(1).cutFromBackend();
        for (int i = 0; i < 3; i++) {
            cluster.await(cluster.node(0).namespace("/").emit(TICK, new Number(10 + i)));
        }
        cluster.settle();
        cluster.node(1).backend().fellBehind();
        cluster.node(1).heal();
        cluster.advance(Duration.ofSeconds(1));
        away.reconnect(1);
        assertThat(away.recovered()).isTrue();
        assertThat(away.received(TICK))
                .endsWith(new Number(10), new Number(11), new Number(12))
                .isEqualTo(clients.get(2).received(TICK));
        assertThat(clients.get(1).isConnected())
                .as("a client of the node that has missed something")
                .isFalse();
        assertThat(clients.get(2).isConnected()).as("a client of another node").isTrue();
    }

    // ---- claims of which the node never hears

    /** What a claim does whose answer is lost. */
    private void claimsUnheard(int node, TestClient client) {
        claims(node, node, client);
    }

    private void claims(int line, int node, TestClient client) {
        SessionStore store = cluster.node(line).backend().sessions();
        String privateId = client.privateId().orElseThrow();
        SessionRecord session = cluster.await(store.find(privateId)).orElseThrow();
        Claimant itself = Claimant.of(session.namespace(), session.principal());
        cluster.await(store.claim(privateId, cluster.node(node).realtime().node(), itself));
    }

    private Session session(int node, TestClient client) {
        return cluster.node(node).namespace("/").find(client.id()).orElseThrow();
    }

    private Set<String> recordedRooms() {
        return cluster.backend().records().get(0).memberships().stream()
                .filter(membership -> membership.left() == null)
                .map(SessionRecord.RoomMembership::room)
                .filter(room -> room.startsWith("zone:"))
                .collect(Collectors.toSet());
    }

    @Test
    void aSessionThatItsOwnNodeHasClaimedUnheardEnds() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        claimsUnheard(0, ann);
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aSessionThatItsOwnNodeHasClaimedUnheardEndsThoughTheBackendLosesIt() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        claimsUnheard(0, ann);
        cluster.node(0).latency(Duration.ofMillis(100), Duration.ofMillis(100));
        cluster.advance(WINDOW.plusMillis(250)); // the removal has been answered
        cluster.backend().loseSessions();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
        eachHasEndedOnceAndNothingIsLeft();
    }

    @Test
    void aSessionThatItsOwnNodeHasClaimedUnheardEndsThoughTheRemovalIsNotAnswered() {
        TestClient ann = cluster.connect(0, "/", "ann");
        claimsUnheard(0, ann);
        cluster.node(0).line().impatient();
        cluster.node(0).latency(Duration.ofMillis(100), Duration.ofMillis(100));
        session(0, ann).disconnect();
        while (!cluster.backend().records().isEmpty()) {
            cluster.advance(Duration.ofMillis(10));
        }
        cluster.node(0).cutFromBackend();
        cluster.advance(Duration.ofSeconds(3));
        cluster.node(0).heal();
        cluster.advance(LEASE);
        assertThat(told.get(ann.id())).containsExactly("begin", "end SERVER_DISCONNECT");
    }

    @Test
    void whatANodeChangesBehindAClaimOfItsOwnThatItDidNotHearIsStored() {
        TestClient ann = cluster.connect(0, "/", "ann");
        claimsUnheard(0, ann);
        session(0, ann).join(RoomKey.parse("zone:one"));
        cluster.await(session(0, ann).recorded());
        assertThat(recordedRooms()).containsExactly("zone:one");
        cluster.node(0).kill();
        cluster.advance(LEASE.multipliedBy(2));
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        assertThat(session(1, ann).rooms()).contains(RoomKey.parse("zone:one"));
    }

    @Test
    void aCopyThatHasMissedWhatAnotherNodeDidIsNotGoneOnFrom() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        cluster.node(0).cutFromBackend(); // it does not hear that the session goes on elsewhere
        ann.reconnect(1);
        session(1, ann).join(RoomKey.parse("zone:one"));
        cluster.await(session(1, ann).recorded());
        ann.dropConnection();
        claimsUnheardBy(0, ann);
        cluster.node(0).heal();
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        assertThat(session(0, ann).rooms()).contains(RoomKey.parse("zone:one"));
        everybodyLeaves(List.of(ann));
        eachHasEndedOnceAndNothingIsLeft();
    }

    /** Through another node's line: its own is cut. */
    private void claimsUnheardBy(int node, TestClient client) {
        claims(2, node, client);
    }

    @Test
    void twoNodesWithTheSameClaimAfterAFailoverTellOneEnd() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        cluster.node(0).partition();
        cluster.backend().failover(1); // the claim
        assertThat(cluster.backend().records().get(0).home().fence()).isZero();
        ann.dropConnection();
        ann.reconnect(1);
        cluster.settle();
        assertThat(count("end NOT_RECOVERED")).isEqualTo(1);
        cluster.node(0).heal();
        everybodyLeaves(List.of(ann));
        eachHasEndedOnceAndNothingIsLeft();
    }

    // ---- taken for dead

    @Test
    void whatANodeThatWasForgottenTakesOnHasAnHeirSoon() {
        TestClient ann = cluster.connect(1, "/", "ann");
        cluster.node(0).partition();
        cluster.advance(LEASE.multipliedBy(3)); // the others have taken it over, and forgotten it
        cluster.node(0).heal();
        cluster.advance(LEASE.dividedBy(10));
        ann.dropConnection();
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        cluster.node(0).kill();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
        assertThat(count("begin")).isEqualTo(1);
        assertThat(count("end")).isEqualTo(1);
        assertThat(cluster.backend().records()).isEmpty();
    }

    /** Its timers go on where they were, and its lease has ended long ago. */
    @Test
    void whatANodeTakesOnThatWasFrozenHasAnHeirSoon() {
        TestClient ann = cluster.connect(1, "/", "ann");
        cluster.advance(LEASE.dividedBy(3).plusMillis(10)); // the lease has just been renewed
        cluster.node(0).freeze();
        cluster.advance(LEASE.multipliedBy(3)); // the others have taken it over, and forgotten it
        cluster.node(0).thaw();
        cluster.advance(LEASE.dividedBy(20));
        ann.dropConnection();
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        cluster.node(0).kill();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
        eachOfTheOthersHasNothingLeft();
    }

    /** Before it takes the dead node over it has been taken for dead itself. Then it dies, however far it has come. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void whatANodeTakesOverThatWasFrozenHasAnHeir(int operations) {
        cluster.connect(2, "/", "ann");
        cluster.node(1).kill();
        cluster.node(2).kill();
        cluster.node(0).latency(Duration.ofMillis(100), Duration.ofMillis(100));
        while (cluster.node(0).line().asked(Traffic.SESSIONS) == 0) { // for the sessions of the dead node
            cluster.advance(Duration.ofMillis(10));
        }
        cluster.node(0).freeze();
        cluster.advance(LEASE.multipliedBy(2));
        cluster.await(cluster.backend()
                .forNode()
                .leases()
                .end(cluster.node(0).realtime().node())); // as another node does that has found no session of it
        cluster.node(0).killAfter(operations);
        cluster.node(0).thaw();
        cluster.advance(Duration.ofSeconds(1));
        cluster.node(0).kill();
        cluster.node(1).start();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
        eachOfTheOthersHasNothingLeft();
    }

    // ---- behind a break of the history

    @Test
    void nothingIsDeliveredBehindSomethingThatHasBeenLost() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 120; i++) { // more than are closed at once
            clients.add(cluster.connect(0, "/", "user-" + i));
        }
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.node(0).cutFromBackend();
        cluster.await(cluster.node(1).namespace("/").emit(TICK, new Number(1)));
        cluster.backend().loseLogs();
        cluster.await(cluster.node(1).namespace("/").emit(TICK, new Number(2)));
        assertThat(bob.received(TICK)).startsWith(new Number(1));
        cluster.node(0).heal();
        cluster.settle();
        assertThat(clients)
                .allSatisfy(client -> assertThat(client.received(TICK)).isEmpty());
        cluster.advance(Duration.ofSeconds(1));
        assertThat(clients).noneMatch(TestClient::isConnected);
    }

    // ---- before it began

    @Test
    void whoHasGoneBeforeItBeganLeavesNothingThatOthersEnd() {
        whileJudged = entry -> {
            entry.join("zone:entry"); // a change of its record
            cluster.node(0).transport().connections().forEach(InMemoryConnection::reset);
            // a turn that is under way: the session begins in it, and by then its connection is known to be gone
            cluster.node(0).namespace("/").asVolatile().emit(TICK, new Number(0));
        };
        cluster.node(0).line().impatient();
        cluster.node(0).cutFromBackend();
        cluster.connect(0, "/", "ann");
        cluster.node(0).partition(); // for so long that the others take it over
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(4)));
        cluster.node(0).heal();
        cluster.advance(LEASE);
        assertThat(told).as("of a session that never began").isEmpty();
        assertThat(cluster.backend().records()).isEmpty();
    }
}
