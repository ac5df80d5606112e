package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.RequestView;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that polls is answered whichever node its requests reach. */
class RelayTest {
    private static final String UNKNOWN = "{\"code\":1,\"message\":\"Session ID unknown\"}";
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(3, RelayTest::game);

    private static RealtimeBuilder game() {
        return Game.open()
                .recovery(Recovery.within(Duration.ofMinutes(2)))
                .limits(Limits.DEFAULT.maxPayload(10_000).maxConnectionsPerIp(20));
    }

    private void ticks(int from, int through) {
        for (int i = from; i < through; i++) {
            cluster.await(cluster.node(i % 3).namespace("/").emit(TICK, new Number(i)));
        }
    }

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    @Test
    void aClientWhoseRequestsGoAnywhereHearsAndSaysEverythingOnce() {
        TestClient ann = cluster.client(0).user("ann").roaming().connect("/");
        assertThat(ann.transport()).isEqualTo("polling");
        for (int i = 0; i < 10; i++) {
            assertThat(ann.request(ECHO, new Text("hé " + i))).isEqualTo(new Text("hé " + i));
            ticks(3 * i, 3 * i + 3);
        }
        assertThat(Game.ticks(ann)).isEqualTo(upTo(30));
        assertThat(ann.request(ECHO, new Text("x".repeat(5_000)))).isEqualTo(new Text("x".repeat(5_000)));
        assertThat(counted("relay.requests")).isGreaterThan(20);
        assertThat(counted("relay.failed")).isZero();
        assertThat(waiting()).isLessThanOrEqualTo(1);
    }

    @Test
    void itsConnectionLivesAsLongAsItAnswersThePings() {
        TestClient ann = cluster.client(0).user("ann").roaming().connect("/");
        String id = ann.id();
        cluster.advance(Duration.ofMinutes(5));
        ticks(0, 3);
        assertThat(ann.id()).isEqualTo(id);
        assertThat(Game.ticks(ann)).isEqualTo(upTo(3));
        assertThat(counted("sessions.suspended")).isZero();
    }

    @Test
    void whereNothingIsRelayedTheOtherNodesDoNotKnowIt() {
        TestCluster alone = TestCluster.of(2, () -> game().relay(false)).start();
        try {
            String sid = open(alone, 0);
            assertThat(sid).hasSize(20);
            assertThat(get(alone, 1, sid).text()).isEqualTo(UNKNOWN);
        } finally {
            alone.close();
        }
    }

    @Test
    void whatNoNodeKnowsIsRefusedAtOnce() {
        String sid = open(cluster, 0);
        assertThat(sid).hasSize(40);
        String forged = "x".repeat(20) + sid.substring(20);
        assertThat(get(cluster, 1, forged).text()).isEqualTo(UNKNOWN);
        assertThat(get(cluster, 1, sid.substring(0, 20) + "y".repeat(20)).text())
                .isEqualTo(UNKNOWN);
        assertThat(get(cluster, 1, sid.substring(0, 20)).text()).isEqualTo(UNKNOWN);
        assertThat(get(cluster, 1, sid + "z").text()).isEqualTo(UNKNOWN);
        assertThat(get(cluster, 0, forged).text()).isEqualTo(UNKNOWN);
        assertThat(waiting()).isZero();
    }

    @Test
    void theRulesOfPollingHoldOverOtherNodes() {
        String sid = open(cluster, 0);
        assertThat(post(cluster, 1, sid, "40").text()).isEqualTo("ok");
        get(cluster, 2, sid);
        InMemoryExchange held = get(cluster, 1, sid);
        assertThat(held.reply()).isEmpty();
        assertThat(post(cluster, 2, sid, "4" + "x".repeat(20_000)).status()).isEqualTo(413);
        ticks(0, 1);
        assertThat(held.text()).startsWith("42[\"tick\",{\"value\":0}");
        InMemoryExchange first = get(cluster, 1, sid);
        InMemoryExchange second = get(cluster, 2, sid);
        assertThat(second.status()).isEqualTo(400);
        assertThat(first.reply()).as("the first is let go").isPresent();
        assertThat(get(cluster, 1, sid).text()).isEqualTo(UNKNOWN);
        assertThat(waiting()).isZero();
    }

    @Test
    void itsNodeHearsThatAClientHasGone() {
        String sid = open(cluster, 0);
        post(cluster, 1, sid, "40");
        get(cluster, 2, sid);
        InMemoryExchange held = get(cluster, 1, sid);
        held.abort();
        cluster.settle();
        assertThat(cluster.node(0).realtime().stats().connections()).isZero();
        assertThat(waiting()).isZero();
    }

    /** A client that goes on in spite of it would have a gap of which it knows nothing. */
    @Test
    void whatWasRepliedAndDidNotArriveEndsTheConnection() {
        String sid = open(cluster, 0);
        post(cluster, 1, sid, "40");
        get(cluster, 2, sid);
        InMemoryExchange held = get(cluster, 1, sid);
        cluster.node(1).cutFromBackend();
        ticks(0, 1);
        cluster.node(1).heal();
        assertThat(held.reply()).isEmpty();
        held.abort();
        cluster.settle();
        assertThat(get(cluster, 2, sid).text()).isEqualTo(UNKNOWN);
        assertThat(waiting()).isZero();
    }

    @Test
    void whoeverHasBeenAnsweredGoesOn() {
        String sid = open(cluster, 0);
        post(cluster, 1, sid, "40");
        get(cluster, 2, sid);
        InMemoryExchange held = get(cluster, 1, sid);
        ticks(0, 1);
        held.abort(); // it has its reply
        InMemoryExchange said = post(cluster, 2, sid, "42[\"nothing\"]");
        said.abort();
        cluster.settle();
        assertThat(get(cluster, 2, sid).text()).isNotEqualTo(UNKNOWN);
    }

    @Test
    void whenItsNodeDiesWhoeverWaitsElsewhereIsToldSoon() {
        String sid = open(cluster, 0);
        post(cluster, 0, sid, "40");
        get(cluster, 0, sid);
        InMemoryExchange held = get(cluster, 1, sid);
        cluster.node(0).kill();
        cluster.advance(Duration.ofSeconds(6));
        assertThat(held.text()).isEqualTo(UNKNOWN);
        assertThat(waiting()).isZero();
    }

    @Test
    void whenItsNodeDiesAClientGoesOnElsewhere() {
        TestClient ann = cluster.client(0).user("ann").roaming().connect("/");
        ticks(0, 3);
        String id = ann.id();
        cluster.node(0).kill();
        cluster.await(cluster.node(1).namespace("/").emit(TICK, new Number(3)));
        cluster.advance(Duration.ofSeconds(15));
        assertThat(ann.isConnected()).isFalse();
        ann.reconnect(1);
        assertThat(ann.id()).isEqualTo(id);
        assertThat(Game.ticks(ann)).isEqualTo(upTo(4));
    }

    @Test
    void whenTheNodeInBetweenDiesNothingIsLost() {
        TestClient ann = cluster.client(0).user("ann").roaming().connect("/");
        for (int i = 0; i < 6; i++) {
            ticks(i, i + 1);
        }
        cluster.node(1).kill();
        cluster.node(2).kill();
        for (int i = 6; i < 9; i++) {
            cluster.await(cluster.node(0).namespace("/").emit(TICK, new Number(i)));
        }
        cluster.advance(Duration.ofSeconds(60));
        if (!ann.isConnected()) { // its request was there
            ann.reconnect(0);
        }
        assertThat(Game.ticks(ann)).isEqualTo(upTo(9));
    }

    @Test
    void whatTheBusLosesComesOverTheNextConnection() {
        TestClient ann = cluster.client(0).user("ann").roaming().connect("/");
        ticks(0, 3);
        String id = ann.id();
        cluster.node(1).partition();
        cluster.advance(PATIENCE.multipliedBy(2));
        assertThat(ann.isConnected()).isFalse();
        cluster.node(1).heal();
        cluster.await(cluster.node(2).namespace("/").emit(TICK, new Number(3)));
        ann.reconnect(2);
        ticks(4, 9);
        assertThat(ann.id()).isEqualTo(id);
        assertThat(Game.ticks(ann)).isEqualTo(upTo(9));
        assertThat(waiting()).isLessThanOrEqualTo(1);
    }

    @Test
    void aNodeThatStopsAnswersWhoeverWaitsThere() {
        String sid = open(cluster, 0);
        post(cluster, 0, sid, "40");
        get(cluster, 0, sid);
        InMemoryExchange held = get(cluster, 1, sid);
        cluster.node(1).close();
        assertThat(held.status()).isEqualTo(503);
        assertThat(cluster.node(0).realtime().stats().connections())
                .as("its client has not been lost, and has not come back yet")
                .isLessThanOrEqualTo(1);
    }

    @Test
    void oneAddressCannotTakeAllPlaces() {
        List<InMemoryExchange> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) { // twice the connections: one of them may wait for messages and say something
            String sid = open(cluster, i % 2 * 2);
            post(cluster, i % 2 * 2, sid, "40");
            get(cluster, i % 2 * 2, sid);
            waiting.add(get(cluster, 1, sid));
        }
        assertThat(waiting).allMatch(one -> one.reply().isEmpty());
        waiting.get(39).abort();
        cluster.settle();
        String sid = open(cluster, 2);
        assertThat(get(cluster, 1, sid).reply()).isEmpty();
        assertThat(post(cluster, 1, sid, "40").status()).isEqualTo(503);
        assertThat(counted("relay.failed")).isEqualTo(1);
        waiting.get(0).abort();
        cluster.settle();
        assertThat(post(cluster, 1, sid, "40").text()).isEqualTo("ok");
    }

    @Test
    void idsThatSomebodyMakesUpTakeNoPlaceOfRealOnes() {
        String sid = open(cluster, 0);
        post(cluster, 1, sid, "40");
        get(cluster, 1, sid);
        cluster.advance(Duration.ofSeconds(2)); // what is known of nodes is old
        for (int i = 0; i < 1_100; i++) {
            String made = "%020d%020d".formatted(i, i);
            assertThat(get(cluster, 1, made).status()).isGreaterThanOrEqualTo(400);
        }
        assertThat(get(cluster, 1, sid).reply()).isEmpty();
    }

    @Test
    void whoCannotBeAskedForIsAnsweredInTheEnd() {
        String sid = open(cluster, 0);
        cluster.node(1).partition(); // nobody says that no answer will come
        InMemoryExchange held = get(cluster, 1, sid);
        cluster.advance(PATIENCE.plusSeconds(6));
        assertThat(held.status()).isEqualTo(503);
        InMemoryExchange next = get(cluster, 1, sid);
        cluster.node(1).heal();
        cluster.advance(Duration.ofSeconds(6));
        assertThat(next.reply()).isPresent();
        post(cluster, 1, sid, "40");
        assertThat(waiting()).isZero();
    }

    @Test
    void aReplyThatNoClientCanBeGivenIsAFailure() {
        String home = "h".repeat(20);
        Bus hostile = cluster.node(2).backend().bus(Bus.NODES, home);
        List<String> heads = List.of("status=200&%3AX%0D%0ASet-Cookie=1", "status=200&%3AX=1%0D%0A2", "status=7", "");
        heads.forEach(head -> {
            hostile.subscribe((from, message) -> {
                if (message instanceof BusMessage.ServerEvent event && event.id() != null) {
                    EventData reply =
                            new EventData(new byte[0], List.of(head.getBytes(StandardCharsets.UTF_8), new byte[0]));
                    hostile.send(from, new BusMessage.ServerReply(event.id(), reply));
                }
            });
            assertThat(get(cluster, 1, "x".repeat(20) + home).status()).as(head).isEqualTo(503);
        });
        hostile.subscribe((from, message) -> {
            if (message instanceof BusMessage.ServerEvent event && event.id() != null) {
                hostile.send(from, new BusMessage.ServerReply(event.id(), new EventData(new byte[0], List.of())));
            }
        });
        assertThat(get(cluster, 1, "x".repeat(20) + home).status()).isEqualTo(503);
        assertThat(waiting()).isZero();
        hostile.close();
    }

    @Test
    void whatComesBehindTheEndOfARequestIsNotHandedOn() {
        List<String> said = new ArrayList<>();
        String home = "h".repeat(20);
        Bus other = cluster.node(2).backend().bus(Bus.NODES, home);
        other.subscribe((from, message) -> {
            if (message instanceof BusMessage.ServerEvent event) {
                said.add(event.event().attachments().size() == 2 ? "request" : "gone");
            }
        });
        get(cluster, 1, "x".repeat(20) + home).abort();
        InMemoryExchange post = cluster.node(1)
                .transport()
                .exchange(
                        request("POST").query("sid", "x".repeat(20) + home).view(),
                        "4x".getBytes(StandardCharsets.UTF_8));
        post.abort();
        cluster.settle();
        assertThat(said.lastIndexOf("gone")).isEqualTo(said.size() - 1);
        other.close();
    }

    @Test
    void aWebSocketThatReachesAnotherNodeLeavesItPolling() {
        TestClient ann = cluster.client(0).user("ann").polling(true).connect("/");
        assertThat(ann.transport()).isEqualTo("polling");
        RequestView upgrade = TestRequest.of("GET", "/socket.io/")
                .query("EIO", "4")
                .query("transport", "websocket")
                .query("sid", open(cluster, 0))
                .view();
        assertThat(cluster.await(cluster.node(1).realtime().doors().upgrade(upgrade)))
                .isInstanceOf(dev.realtime.spi.UpgradeDecision.Refused.class);
        assertThat(ann.request(ECHO, new Text("a"))).isEqualTo(new Text("a"));
    }

    private long counted(String name) {
        return cluster.nodes().stream()
                .filter(node -> node.isUp())
                .mapToLong(node -> node.realtime().stats().counters().get(name))
                .sum();
    }

    private long waiting() {
        return cluster.nodes().stream()
                .filter(node -> node.isUp())
                .mapToLong(node -> node.realtime().stats().gauges().get("relay.waiting"))
                .sum();
    }

    private static String open(TestCluster cluster, int node) {
        String open = send(cluster, node, request("GET").view(), "").text();
        int from = open.indexOf("\"sid\":\"") + 7;
        return open.substring(from, open.indexOf('"', from));
    }

    private static InMemoryExchange get(TestCluster cluster, int node, String sid) {
        return send(cluster, node, request("GET").query("sid", sid).view(), "");
    }

    private static InMemoryExchange post(TestCluster cluster, int node, String sid, String body) {
        return send(cluster, node, request("POST").query("sid", sid).view(), body);
    }

    private static InMemoryExchange send(TestCluster cluster, int node, RequestView request, String body) {
        InMemoryExchange exchange =
                cluster.node(node).transport().exchange(request, body.getBytes(StandardCharsets.UTF_8));
        cluster.settle();
        return exchange;
    }

    private static TestRequest request(String method) {
        return TestRequest.of(method, "/socket.io/").query("EIO", "4").query("transport", "polling");
    }
}
