package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Budgets: whoever uses one up pays alone, a refusal costs nothing, and nothing is left when its time has passed. */
class BudgetTest {
    private static final String ATTACKER = "198.51.100.1";
    private static final Request<Text, Text> TWICE = Request.of("same", Text.class, Text.class)
            .limit(RateLimit.perMinute(10).burst(2));
    private static final Request<Text, Text> THRICE = Request.of("same", Text.class, Text.class)
            .limit(RateLimit.perMinute(10).perHour(100).burst(3));

    private final List<TestRealtime> running = new ArrayList<>();

    private TestRealtime start(Supplier<RealtimeBuilder> builder) {
        TestRealtime realtime = TestRealtime.of(builder).start();
        running.add(realtime);
        return realtime;
    }

    @AfterEach
    void everythingEnds() {
        running.forEach(TestRealtime::close);
    }

    private static long count(TestRealtime realtime, String name) {
        return realtime.realtime().stats().counters().get(name);
    }

    private static long gauge(TestRealtime realtime, String name) {
        return realtime.realtime().stats().gauges().get(name);
    }

    private static boolean connects(TestRealtime realtime, String address) {
        try {
            realtime.transport()
                    .open(TestRequest.of("GET", "/socket.io/")
                            .query("EIO", "4")
                            .query("transport", "websocket")
                            .from(address)
                            .view());
            return true;
        } catch (InMemoryTransport.UpgradeRefused refused) {
            return false;
        }
    }

    @Test
    void refusedAttemptsDoNotUseUpTheBudgetOfTheNode() {
        TestRealtime realtime = start(
                () -> Game.open().limits(Limits.DEFAULT.handshakesPerSecond(20).maxConnectionsPerIp(5)));
        for (int i = 0; i < 100; i++) {
            assertThat(connects(realtime, ATTACKER)).isEqualTo(i < 5);
        }
        for (int i = 0; i < 15; i++) {
            assertThat(connects(realtime, "203.0.113." + i)).isTrue();
        }
        assertThat(connects(realtime, "203.0.113.99"))
                .as("the node's own budget is used up")
                .isFalse();
    }

    @Test
    void oneAddressDoesNotUseUpTheHandshakesOfAll() {
        TestRealtime realtime = start(
                () -> Game.open().limits(Limits.DEFAULT.handshakesPerSecond(100).handshakesPerSecondPerIp(10)));
        int admitted = 0;
        for (int i = 0; i < 200; i++) {
            admitted += connects(realtime, ATTACKER) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(5);
        assertThat(connects(realtime, "203.0.113.1")).isTrue();
        realtime.advance(Duration.ofSeconds(1));
        assertThat(connects(realtime, ATTACKER)).isTrue();
    }

    @Test
    void upgradesOfOneConnectionPassAGate() {
        TestRealtime realtime = start(() -> Game.open().limits(Limits.DEFAULT.handshakesPerSecondPerIp(10)));
        TestClient client = realtime.client().polling(true).from(ATTACKER).connect("/");
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            try {
                realtime.transport()
                        .open(TestRequest.of("GET", "/socket.io/")
                                .query("EIO", "4")
                                .query("transport", "websocket")
                                .query("sid", client.connectionId())
                                .from(ATTACKER)
                                .view())
                        .reset();
                admitted++;
            } catch (InMemoryTransport.UpgradeRefused refused) {
                assertThat(refused.reply().status()).isEqualTo(429);
            }
            realtime.settle();
        }
        assertThat(admitted).isEqualTo(5);
        assertThat(connects(realtime, ATTACKER)).as("handshakes have their own").isTrue();
        realtime.advance(Duration.ofSeconds(1));
        client.upgrade();
        assertThat(client.transport()).isEqualTo("websocket");
    }

    @Test
    void anIpv6ClientCountsByItsNetwork() {
        TestRealtime realtime = start(() -> Game.open().limits(Limits.DEFAULT.maxConnectionsPerIp(3)));
        for (int i = 0; i < 5; i++) {
            assertThat(connects(realtime, "2001:db8:0:1::" + i)).isEqualTo(i < 3);
        }
        assertThat(connects(realtime, "2001:db8:0:2::1")).isTrue();
        realtime.transport().connections().forEach(connection -> connection.reset());
        realtime.settle();
        assertThat(gauge(realtime, "limits.addresses")).isZero();
    }

    @Test
    void suspendedSessionsOfOneAddressLeaveTheRecoveryOfOthersOn() {
        TestRealtime realtime =
                start(() -> Game.open().limits(Limits.DEFAULT.maxConnections(30).maxSuspendedPerIp(10)));
        for (int i = 0; i < 40; i++) {
            realtime.client().from(ATTACKER).connect("/").dropConnection();
        }
        realtime.settle();
        assertThat(realtime.realtime().stats().suspended()).isEqualTo(10);
        assertThat(count(realtime, "suspensions.refused")).isEqualTo(30);
        TestClient honest = realtime.client().from("203.0.113.1").connect("/");
        honest.dropConnection();
        Game.ticks(realtime, 0, 3);
        honest.reconnect();
        assertThat(honest.recovered()).isTrue();
        assertThat(Game.ticks(honest)).containsExactly(0, 1, 2);
        realtime.advance(Duration.ofMinutes(5));
        assertThat(realtime.realtime().stats().suspended()).isZero();
        assertThat(gauge(realtime, "limits.suspended")).isZero();
    }

    @Test
    void suspendedSessionsOfOneUserLeaveTheRecoveryOfOthersAtTheAddressOn() {
        TestRealtime realtime = start(() -> Game.open().limits(Limits.DEFAULT.maxSuspendedPerUser(3)));
        for (int i = 0; i < 10; i++) {
            realtime.connect("/", "eve").dropConnection();
        }
        realtime.settle();
        assertThat(realtime.realtime().stats().suspended()).isEqualTo(3);
        TestClient honest = realtime.connect("/", "ann");
        honest.dropConnection();
        honest.reconnect();
        assertThat(honest.recovered()).isTrue();
    }

    @Test
    void aResumeDoesNotPassTheLimitOfConnectionsOfAUser() {
        TestRealtime realtime = start(() -> Game.open().limits(Limits.DEFAULT.maxConnectionsPerUser(2)));
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            TestClient client = realtime.connect("/", "eve");
            client.dropConnection();
            clients.add(client);
        }
        int back = 0;
        for (TestClient client : clients) {
            client.beginReconnect(0);
            realtime.settle();
            if (client.isConnected()) {
                back++;
            } else {
                assertThat(client.connectError()).isPresent();
            }
        }
        assertThat(back).isEqualTo(2);
        clients.get(0).dropConnection();
        clients.get(0).reconnect();
        assertThat(clients.get(0).recovered())
                .as("its own place is not counted against it")
                .isTrue();
    }

    @Test
    void oneNameInTwoNamespacesHasTwoBudgets() {
        TestRealtime realtime = start(() -> Realtime.builder()
                .namespace("/two", game -> game.allowAnonymous().on(TWICE, (session, text) -> text))
                .namespace("/three", game -> game.allowAnonymous().on(THRICE, (session, text) -> text)));
        TestClient two = realtime.connect("/two", "ann");
        TestClient three = realtime.connect("/three", "ann");
        for (int i = 0; i < 2; i++) {
            assertThat(two.request(TWICE, new Text("x"))).isNotNull();
        }
        assertThat(two.ask(TWICE, new Text("x")).errorCode()).isEqualTo("rate_limited");
        for (int i = 0; i < 3; i++) {
            assertThat(three.request(THRICE, new Text("x"))).isNotNull();
        }
        assertThat(three.ask(THRICE, new Text("x")).errorCode()).isEqualTo("rate_limited");
    }

    @Test
    void anotherNamespaceOfAFamilyIsNoNewBudget() {
        TestRealtime realtime = start(() -> Realtime.builder()
                .namespaces(
                        name -> name.startsWith("/match-"),
                        game -> game.allowAnonymous().on(TWICE, (session, text) -> text)));
        TestClient one = realtime.connect("/match-1", "eve");
        one.request(TWICE, new Text("x"));
        one.request(TWICE, new Text("x"));
        assertThat(realtime.connect("/match-2", "eve").ask(TWICE, new Text("x")).errorCode())
                .isEqualTo("rate_limited");
    }

    @Test
    void eventsThatNobodyHandlesPassAGate() {
        TestRealtime realtime = start(Game::open);
        TestClient eve = realtime.connect("/", "eve");
        for (int i = 0; i < 60; i++) {
            assertThat(eve.askRaw("anything").errorCode()).isEqualTo("unknown_event");
        }
        assertThat(eve.askRaw("something else").errorCode()).isEqualTo("rate_limited");
        assertThat(count(realtime, "events.unknown")).isEqualTo(60);
        assertThat(eve.request(ECHO, new Text("known"))).isEqualTo(new Text("known"));
        assertThat(realtime.connect("/", "bob").askRaw("anything").errorCode()).isEqualTo("unknown_event");
    }

    @Test
    void whatOnUnknownHandlesHasNoRate() {
        List<String> handled = new ArrayList<>();
        TestRealtime realtime = start(() -> Game.open(
                        game -> game.onUnknown((session, event) -> handled.add(event.name())))
                .limits(Limits.DEFAULT.unknownEvents(RateLimit.perMinute(10).burst(4))));
        TestClient eve = realtime.connect("/", "eve");
        for (int i = 0; i < 1_000; i++) {
            eve.emitRaw("anything");
        }
        assertThat(eve.askRaw("something else").isAnswered()).isTrue();
        assertThat(handled).hasSize(1_001);
    }

    @Test
    void renewalsPassAGate() {
        List<String> asked = new ArrayList<>();
        TestRealtime realtime = TestRealtime.of(() -> Game.open()
                        .authenticator(handshake -> {
                            asked.add(handshake.namespace());
                            return Optional.of(Principal.of("eve"));
                        })
                        .limits(Limits.DEFAULT.refreshes(RateLimit.perMinute(10).burst(3))))
                .keepAuthenticator()
                .start();
        running.add(realtime);
        TestClient eve = realtime.client().connect("/");
        for (int i = 0; i < 50; i++) {
            eve.emitRaw("auth:refresh", Map.of());
        }
        assertThat(eve.askRaw("auth:refresh", Map.of()).errorCode()).isEqualTo("rate_limited");
        assertThat(asked).as("the first CONNECT and three renewals").hasSize(4);
    }

    @Test
    void whatIsRememberedOfRatesGoesWhenItHasPassed() {
        TestRealtime realtime = start(() -> Game.open());
        for (int i = 0; i < 5_000; i++) {
            TestClient client = realtime.client()
                    .from("203.0." + (i / 250) + "." + (i % 250))
                    .connect("/");
            client.emitRaw("unknown");
            client.disconnect();
        }
        realtime.settle();
        assertThat(gauge(realtime, "limits.rates")).isGreaterThan(0);
        realtime.advance(Duration.ofMinutes(2));
        assertThat(gauge(realtime, "limits.rates")).isZero();
        assertThat(gauge(realtime, "limits.addresses")).isZero();
        assertThat(realtime.realtime().stats().sessions()).isZero();
    }
}
