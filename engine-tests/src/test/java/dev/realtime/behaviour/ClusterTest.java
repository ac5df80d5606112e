package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.DOUBLE;
import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.JOIN;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Fetched;
import dev.realtime.Namespace;
import dev.realtime.Online;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Replies;
import dev.realtime.ServerReplies;
import dev.realtime.SessionView;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Room;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.spi.SessionRecord;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many nodes are one: what is emitted, asked and remembered on any of them holds for all. */
class ClusterTest {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration LEASE = Duration.ofSeconds(10);

    /** What the application was told, on whatever node. */
    private final List<String> told = new ArrayList<>();

    private @Nullable TestNode killedAtAnEnd;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(3, this::game);

    private RealtimeBuilder game() {
        return dev.realtime.Realtime.builder()
                .recovery(Recovery.within(WINDOW))
                .lease(LEASE)
                .namespace(
                        "/",
                        game -> game.onConnect(
                                        session -> told(session.principal().id(), "connect"))
                                .onSuspend((session, reason) ->
                                        told(session.principal().id(), "suspend " + reason))
                                .onResume(session -> told(session.principal().id(), "resume"))
                                .onMoved(session -> told(session.principal().id(), "moved"))
                                .onDisconnect((session, reason) ->
                                        told(session.principal().id(), "disconnect " + reason))
                                .onFresh((session, reason) ->
                                        told(session.principal().id(), "fresh " + reason))
                                .on(
                                        JOIN,
                                        (session, room) -> new Number(session.join(Game.ZONE.of(room.name()))
                                                .size()))
                                .onServer(SAID, (node, text) -> told("server", text.text()))
                                .onServer(ECHO, (node, text) -> new Text("heard " + text.text())));
    }

    private void told(String who, String what) {
        told.add(who + " " + what);
        if (killedAtAnEnd != null && what.startsWith("disconnect")) {
            killedAtAnEnd.kill();
            killedAtAnEnd = null;
        }
    }

    private Namespace on(int node) {
        return cluster.node(node).namespace("/");
    }

    private void ticks(int node, int from, int through) {
        for (int i = from; i < through; i++) {
            cluster.await(on(node).emit(TICK, new Number(i)));
        }
    }

    // ---- asking all nodes

    @Test
    void whoIsThereIsKnownEverywhere() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        Fetched fetched = cluster.await(on(2).fetch());
        assertThat(fetched.complete()).isTrue();
        assertThat(fetched.sessions())
                .extracting(SessionView::id, SessionView::node)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                ann.id(), cluster.node(0).realtime().node()),
                        org.assertj.core.groups.Tuple.tuple(
                                bob.id(), cluster.node(1).realtime().node()));
        assertThat(cluster.await(on(2).online("ann"))).isEqualTo(Online.YES);
        assertThat(cluster.await(on(2).online("cid"))).isEqualTo(Online.NO);
    }

    @Test
    void aNodeThatDoesNotAnswerIsCountedAndNotWaitedForForEver() {
        cluster.connect(0, "/", "ann");
        cluster.connect(1, "/", "bob");
        cluster.node(1).freeze();
        CompletionStage<Fetched> asked = on(0).fetch();
        CompletionStage<Online> online = on(0).online("bob");
        cluster.advance(Duration.ofSeconds(6));
        Fetched fetched = cluster.await(asked);
        assertThat(fetched.missingNodes()).isEqualTo(1);
        assertThat(fetched.sessions()).extracting(view -> view.principal().id()).containsExactly("ann");
        assertThat(cluster.await(online)).isEqualTo(Online.UNKNOWN);
        cluster.node(1).thaw();
    }

    @Test
    void aRequestToManyIsAnsweredByAll() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        TestClient cid = cluster.connect(2, "/", "cid");
        ann.answer(DOUBLE, number -> new Number(number.value() * 2));
        bob.answer(DOUBLE, number -> new Number(number.value() * 2 + 1));
        CompletionStage<Replies<Number>> asked = on(0).request(DOUBLE, new Number(21), Duration.ofSeconds(5));
        cluster.settle();
        cid.dropConnection();
        Replies<Number> replies = cluster.await(asked);
        assertThat(replies.answers())
                .containsOnly(
                        java.util.Map.entry(ann.id(), new Number(42)), java.util.Map.entry(bob.id(), new Number(43)));
        assertThat(replies.missing()).containsExactly(cid.id());
        assertThat(replies.missingNodes()).isZero();
    }

    @Test
    void aNodeWhoseClientsHaveAnsweredKeepsNothingOfTheRequest() {
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.answer(DOUBLE, number -> number);
        cluster.settle();
        int before = cluster.node(1).timers();
        Replies<Number> replies = cluster.await(on(0).request(DOUBLE, new Number(21), Duration.ofMinutes(1)));
        assertThat(replies.answers()).containsOnlyKeys(bob.id());
        assertThat(cluster.node(1).timers()).isLessThanOrEqualTo(before);
    }

    @Test
    void aRequestToManySaysWhichNodesWereSilent() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.connect(1, "/", "bob");
        ann.answer(DOUBLE, number -> number);
        cluster.node(1).freeze();
        CompletionStage<Replies<Number>> asked = on(0).request(DOUBLE, new Number(1), Duration.ofSeconds(3));
        cluster.advance(Duration.ofSeconds(4));
        Replies<Number> replies = cluster.await(asked);
        assertThat(replies.answers()).containsOnlyKeys(ann.id());
        assertThat(replies.missingNodes()).isEqualTo(1);
        assertThat(replies.complete()).isFalse();
        cluster.node(1).thaw();
    }

    @Test
    void applicationsSpeakToEachOther() {
        on(0).serverEmit(SAID, new Text("to all others"));
        cluster.settle();
        assertThat(told).containsExactly("server to all others", "server to all others");
        ServerReplies<Text> replies = cluster.await(on(1).serverRequest(ECHO, new Text("me"), Duration.ofSeconds(2)));
        assertThat(replies.complete()).isTrue();
        assertThat(replies.answers()).containsExactly(new Text("heard me"), new Text("heard me"));
    }

    @Test
    void whatMayBeLostCrossesNodesToo() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.request(JOIN, new Room("tavern"));
        on(0).room(Game.ZONE.of("tavern")).asVolatile().emit(TICK, new Number(7));
        cluster.settle();
        assertThat(bob.received(TICK)).containsExactly(new Number(7));
        assertThat(ann.received(TICK)).isEmpty();
    }

    @Test
    void anAudienceIsToldToJoinOnAllNodes() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.await(on(2).user("bob").join(Game.ZONE.of("tavern")));
        cluster.await(on(2).room(Game.ZONE.of("tavern")).emit(TICK, new Number(1)));
        cluster.settle();
        assertThat(bob.received(TICK)).containsExactly(new Number(1));
        assertThat(ann.received(TICK)).isEmpty();
    }

    // ---- sessions that change their home

    @Test
    void aSessionGoesOnAtAnotherNodeAndItsOldHomeKeepsQuiet() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ticks(1, 0, 3);
        ann.dropConnection();
        ticks(1, 3, 6);
        ann.reconnect(2);
        ticks(1, 6, 8);
        cluster.advance(WINDOW.multipliedBy(2));
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received(TICK)).extracting(Number::value).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(told)
                .containsExactlyInAnyOrder("ann connect", "ann suspend TRANSPORT_ERROR", "ann moved", "ann resume");
        assertThat(on(0).sessions()).isEmpty();
        assertThat(on(2).sessions()).hasSize(1);
    }

    @Test
    void theSessionsOfAKilledNodeAreResumedAnywhere() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ticks(1, 0, 2);
        cluster.node(0).kill();
        ticks(1, 2, 4);
        cluster.advance(LEASE.multipliedBy(2)); // somebody has taken the node over by now
        ticks(1, 4, 6);
        ann.reconnect(2);
        cluster.settle();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received(TICK)).extracting(Number::value).containsExactly(0, 1, 2, 3, 4, 5);
        cluster.advance(WINDOW.multipliedBy(2));
        assertThat(told).doesNotContain("ann disconnect WINDOW_OVER");
        assertThat(on(1).sessions().size() + on(2).sessions().size()).isEqualTo(1);
    }

    @Test
    void theSessionsOfAKilledNodeEndOnceIfNobodyReturns() {
        cluster.connect(0, "/", "ann");
        cluster.connect(0, "/", "bob");
        cluster.node(0).kill();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(3)));
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "ann connect", "bob connect", "ann disconnect WINDOW_OVER", "bob disconnect WINDOW_OVER");
        assertThat(cluster.backend().records()).isEmpty();
        assertThat(cluster.backend().living()).hasSize(2);
        assertThat(cluster.backend().untaken()).isEmpty();
    }

    @Test
    void anUndertakerThatDiesIsSucceeded() {
        cluster.connect(0, "/", "ann");
        cluster.node(0).kill();
        cluster.advance(LEASE.plusSeconds(5));
        int undertaker = on(1).sessions().isEmpty() ? 2 : 1;
        cluster.node(undertaker).kill();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(3)));
        assertThat(told).containsExactly("ann connect", "ann disconnect WINDOW_OVER");
        assertThat(cluster.backend().records()).isEmpty();
    }

    @Test
    void aNodeThatWasFrozenPastItsLeaseGivesUpWhatOthersHaveTaken() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ticks(1, 0, 2);
        cluster.node(0).freeze();
        cluster.advance(LEASE.multipliedBy(2));
        ticks(1, 2, 4);
        cluster.node(0).thaw();
        cluster.advance(LEASE);
        assertThat(ann.isConnected()).isFalse();
        assertThat(on(0).sessions()).isEmpty();
        ann.reconnect(1);
        cluster.settle();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received(TICK)).extracting(Number::value).containsExactly(0, 1, 2, 3);
        assertThat(told).doesNotContain("ann disconnect TAKEN_OVER").contains("ann moved");
    }

    @Test
    void aStoppingNodeHandsItsSessionsOver() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.connect(0, "/", "bob");
        ticks(1, 0, 2);
        cluster.node(0).close();
        ticks(1, 2, 4);
        ann.reconnect(1);
        cluster.advance(WINDOW.multipliedBy(2));
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received(TICK)).extracting(Number::value).containsExactly(0, 1, 2, 3);
        assertThat(told.stream().filter(what -> what.contains("disconnect")))
                .containsExactly("bob disconnect WINDOW_OVER");
        assertThat(told).contains("ann moved", "bob moved", "ann resume");
    }

    @Test
    void aStrangerWithAPrivateIdDoesNotTouchTheSession() {
        TestClient ann = cluster.connect(0, "/", "ann");
        String privateId = ann.privateId().orElseThrow();
        TestClient eve = cluster.connect(1, "/", "eve");
        cluster.settle();
        SessionRecord before = record(privateId);
        eve.dropConnection();
        eve.forge(privateId, null);
        eve.reconnect(1);
        assertThat(eve.recovered()).isFalse();
        cluster.advance(Duration.ofSeconds(1));
        assertThat(record(privateId).home().fence()).isEqualTo(before.home().fence());
        assertThat(record(privateId).home().node()).isEqualTo(before.home().node());
        assertThat(ann.isConnected()).isTrue();
    }

    private SessionRecord record(String privateId) {
        return cluster.await(cluster.node(2).backend().sessions().find(privateId))
                .orElseThrow();
    }

    @Test
    void theLastNodeThatStopsEndsItsSessions() {
        cluster.node(1).close();
        cluster.node(2).close();
        cluster.connect(0, "/", "ann");
        cluster.node(0).close();
        assertThat(told).contains("ann disconnect SERVER_STOPPING").doesNotContain("ann moved");
    }

    /** One end is told more than once then: nobody can know which of them were told. */
    @Test
    void ifTheLastNodeIsKilledWhileItTellsTheEndsTheNextOneTellsThem() {
        cluster.node(1).close();
        cluster.node(2).close();
        cluster.connect(0, "/", "ann");
        cluster.connect(0, "/", "bob");
        killedAtAnEnd = cluster.node(0);
        var unused = cluster.node(0).beginClose();
        cluster.settle();
        assertThat(told.stream().filter(what -> what.contains("disconnect"))).hasSize(1);
        cluster.node(1).restart();
        cluster.advance(LEASE.multipliedBy(3).plus(WINDOW).plus(WINDOW));
        assertThat(told).contains("ann disconnect WINDOW_OVER", "bob disconnect WINDOW_OVER");
    }

    // ---- a history that broke

    @Test
    void aBrokenHistoryIsToldToEverybody() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        ticks(2, 0, 5);
        bob.dropConnection();
        cluster.backend().failover(1);
        cluster.advance(Duration.ofSeconds(10));
        assertThat(ann.isConnected()).isFalse();
        ann.reconnect(1);
        bob.reconnect(0);
        cluster.settle();
        assertThat(ann.recovered()).isFalse();
        assertThat(bob.recovered()).isFalse();
        assertThat(told).contains("ann fresh EPOCH_CHANGED", "bob fresh EPOCH_CHANGED");
        ticks(2, 5, 6);
        cluster.settle();
        assertThat(ann.received(TICK)).last().isEqualTo(new Number(5));
        assertThat(bob.received(TICK)).last().isEqualTo(new Number(5));
    }

    @Test
    void withManyClientsABrokenHistoryEndsThemAtAPace() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            clients.add(cluster.connect(0, "/", "user-" + i));
        }
        cluster.backend().failover(0);
        cluster.advance(Duration.ofMillis(150));
        long early = clients.stream().filter(client -> !client.isConnected()).count();
        cluster.advance(Duration.ofSeconds(5));
        assertThat(early).isLessThan(250);
        assertThat(clients).noneMatch(TestClient::isConnected);
    }

    // ---- races

    @Test
    void whoReturnsAtTheLastMomentKeepsItsSession() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        cluster.advance(WINDOW.minusMillis(1));
        CompletableFuture<Void> window = new CompletableFuture<>();
        cluster.time().schedule(Duration.ofMillis(1), () -> window.complete(null));
        ann.reconnect(0);
        cluster.advance(Duration.ofSeconds(5));
        assertThat(window).isDone();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.isConnected()).isTrue();
        assertThat(told).doesNotContain("ann disconnect WINDOW_OVER");
    }
}
