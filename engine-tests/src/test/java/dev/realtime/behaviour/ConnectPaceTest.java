package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that connects to namespaces, leaves them and connects again has a pace, and so has its address. */
class ConnectPaceTest {
    private static final String ATTACKER = "198.51.100.1";
    private static final int BURST = 2 * Limits.DEFAULT.maxNamespaces();

    private final List<String> ends = new ArrayList<>();
    private final List<TestRealtime> running = new ArrayList<>();
    private int authenticated;

    private TestRealtime start(Limits limits) {
        TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                        .limits(limits)
                        .authenticator(handshake -> {
                            authenticated++;
                            return Optional.of(handshake
                                    .auth("user")
                                    .map(user -> Principal.of(user.toString()))
                                    .orElseGet(() -> Principal.anonymous("a" + authenticated)));
                        })
                        .namespace(
                                "/",
                                root -> root.on(ECHO, (session, text) -> text)
                                        .onDisconnect((session, reason) -> ends.add(reason.code())))
                        .namespaces(
                                name -> name.startsWith("/match-"), match -> match.on(ECHO, (session, text) -> text)))
                .keepAuthenticator()
                .start();
        running.add(realtime);
        return realtime;
    }

    @AfterEach
    void nothingIsLeft() {
        for (TestRealtime realtime : running) {
            realtime.transport().connections().forEach(InMemoryConnection::reset);
            realtime.settle();
            realtime.advance(Duration.ofMinutes(5));
            assertThat(realtime.realtime().doors().inbound().used()).isZero();
            assertThat(realtime.realtime().stats().gauges())
                    .containsEntry("limits.rates", 0L)
                    .containsEntry("handlers.addresses", 0L);
            realtime.close();
        }
    }

    private static InMemoryConnection open(TestRealtime realtime, String address) {
        return realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .from(address)
                        .view());
    }

    private static long count(TestRealtime realtime, String name) {
        return realtime.realtime().stats().counters().get(name);
    }

    /** Answers the CONNECTs that have been let through. */
    private static long connects(InMemoryConnection connection) {
        return connection.texts().stream().filter(text -> text.startsWith("40")).count();
    }

    /** Connects, and leaves as soon as it may, for so long. */
    private static void cycle(TestRealtime realtime, InMemoryConnection client, Duration time) {
        client.send("40");
        for (long millis = 0; millis < time.toMillis(); millis += 50) {
            long known;
            do {
                known = connects(client);
                realtime.settle();
                if (connects(client) > known) {
                    client.send("41");
                    client.send("40");
                }
            } while (connects(client) > known);
            realtime.advance(Duration.ofMillis(50));
            if (connects(client) > known) {
                client.send("41");
                client.send("40");
            }
        }
    }

    @Test
    void cyclesOfOneConnectionAreHeldToItsPace() {
        TestRealtime realtime = start(Limits.DEFAULT);
        InMemoryConnection attacker = open(realtime, ATTACKER);
        cycle(realtime, attacker, Duration.ofSeconds(10));
        assertThat(connects(attacker)).isBetween(BURST + 18L, BURST + 20L);
        assertThat(authenticated).isEqualTo((int) connects(attacker));
        assertThat(count(realtime, "connects.delayed")).isBetween(18L, 21L);
        assertThat(ends).hasSize((int) connects(attacker) - 1).containsOnly(DisconnectReason.CLIENT_DISCONNECT.code());
        assertThat(attacker.isOpen()).isTrue();
        TestClient honest = realtime.client().from("203.0.113.1").connect("/");
        assertThat(honest.request(ECHO, new Text("a"))).isEqualTo(new Text("a"));
    }

    @Test
    void whatWaitsBehindAConnectIsReadLater() {
        TestRealtime realtime = start(Limits.DEFAULT);
        InMemoryConnection client = open(realtime, ATTACKER);
        for (int i = 0; i < BURST; i++) {
            client.send("40");
            realtime.settle();
        }
        client.send("40");
        client.send("420[\"echo\",{\"text\":\"last\"}]");
        realtime.settle();
        assertThat(client.unread()).isEqualTo(1);
        realtime.advance(Duration.ofMillis(600));
        assertThat(client.unread()).isZero();
        assertThat(connects(client)).isEqualTo(BURST + 1);
        client.send("421[\"echo\",{\"text\":\"now\"}]");
        realtime.settle();
        assertThat(client.texts()).contains("431[{\"text\":\"now\"}]");
    }

    @Test
    void manyNamespacesAndASecondThoughtCostNoTime() {
        TestRealtime realtime = start(Limits.DEFAULT);
        InMemoryConnection client = open(realtime, ATTACKER);
        List<String> names = IntStream.range(0, Limits.DEFAULT.maxNamespaces())
                .mapToObj(i -> "/match-" + i + ",")
                .toList();
        names.forEach(name -> client.send("40" + name));
        realtime.settle();
        names.forEach(name -> {
            client.send("41" + name);
            client.send("40" + name);
        });
        realtime.settle();
        assertThat(connects(client)).isEqualTo(BURST);
        assertThat(client.unread()).isZero();
        assertThat(count(realtime, "connects.delayed")).isZero();
    }

    @Test
    void refusedConnectsHaveTheSamePace() {
        TestRealtime realtime = start(Limits.DEFAULT);
        InMemoryConnection attacker = open(realtime, ATTACKER);
        attacker.send("40");
        realtime.settle();
        for (int i = 0; i < 500; i++) {
            attacker.send("40/unknown,");
            attacker.send("40/large,{\"x\":\"" + "x".repeat(40_000) + "\"}");
            realtime.settle();
        }
        assertThat(attacker.texts().stream().filter(text -> text.startsWith("44")))
                .hasSize(BURST - 1);
        assertThat(attacker.unread()).isPositive();
        assertThat(attacker.isOpen()).isTrue();
    }

    @Test
    void overPollingThePostWaits() {
        TestRealtime realtime = start(Limits.DEFAULT);
        InMemoryExchange opening = exchange(realtime, "GET", "", "");
        String sid = opening.text().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
        for (int i = 0; i < BURST; i++) {
            assertThat(exchange(realtime, "POST", sid, "40").status()).isEqualTo(200);
            assertThat(exchange(realtime, "POST", sid, "41").status()).isEqualTo(200);
        }
        InMemoryExchange waits = exchange(realtime, "POST", sid, "40\u001e6");
        assertThat(waits.reply()).isEmpty();
        realtime.advance(Duration.ofMillis(400));
        assertThat(waits.reply()).isEmpty();
        assertThat(authenticated).isEqualTo(BURST);
        realtime.advance(Duration.ofMillis(200));
        assertThat(waits.status()).isEqualTo(200);
        assertThat(authenticated).isEqualTo(BURST + 1);
    }

    private static InMemoryExchange exchange(TestRealtime realtime, String method, String sid, String body) {
        TestRequest request =
                TestRequest.of(method, "/socket.io/").query("EIO", "4").query("transport", "polling");
        InMemoryExchange exchange = realtime.transport()
                .exchange(
                        (sid.isEmpty() ? request : request.query("sid", sid)).view(),
                        body.getBytes(StandardCharsets.UTF_8));
        realtime.settle();
        return exchange;
    }

    @Test
    void whatWaitsWhenItsConnectionEndsIsForgotten() {
        TestRealtime realtime = start(Limits.DEFAULT);
        InMemoryConnection attacker = open(realtime, ATTACKER);
        for (int i = 0; i < 100; i++) {
            attacker.send("40");
            realtime.settle();
            attacker.send("41");
            realtime.settle();
        }
        attacker.reset();
        realtime.settle();
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
        realtime.advance(Duration.ofMinutes(1));
        assertThat(authenticated).isEqualTo(BURST);
    }

    @Test
    void whereReadingCannotStopMoreThanMayWaitEndTheConnection() {
        TestRealtime realtime = start(Limits.DEFAULT);
        InMemoryConnection attacker = open(realtime, ATTACKER);
        attacker.cannotPause();
        attacker.send("40");
        realtime.settle();
        for (int i = 1; i < BURST + 64; i++) {
            attacker.send("40/unknown-" + i + ",");
            realtime.settle();
        }
        assertThat(attacker.isOpen()).as("64 wait").isTrue();
        assertThat(count(realtime, "connects.delayed")).isEqualTo(64);
        attacker.send("40/unknown-last,");
        realtime.settle();
        assertThat(attacker.closeCode()).isEqualTo(1008);
        assertThat(attacker.closeReason()).isEqualTo(DisconnectReason.FLOOD.code());
        assertThat(ends).containsExactly(DisconnectReason.FLOOD.code());
        assertThat(count(realtime, "inbox.overflow")).isEqualTo(1);
    }

    // ---- from one address

    @Test
    void anAddressThatBeginsTooManySessionsIsAskedToComeAgain() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(60));
        List<InMemoryConnection> crowd = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            InMemoryConnection one = open(realtime, "2001:db8:0:1::" + i);
            one.send("40");
            realtime.settle();
            crowd.add(one);
        }
        assertThat(authenticated).isEqualTo(12);
        assertThat(count(realtime, "connects.limited")).isEqualTo(8);
        for (InMemoryConnection late : crowd.subList(12, 20)) {
            assertThat(late.closeCode())
                    .as("no refusal: the client would not come back")
                    .isEqualTo(1013);
            assertThat(late.closeReason()).isEqualTo(DisconnectReason.CONNECT_POSTPONED.code());
            assertThat(late.texts()).noneMatch(text -> text.startsWith("44"));
        }
        assertThat(crowd.subList(0, 12)).allMatch(InMemoryConnection::isOpen);
        assertThat(realtime.client().from("2001:db8:0:2::1").connect("/").isConnected())
                .isTrue();
        assertThat(realtime.client().from("203.0.113.1").connect("/").isConnected())
                .isTrue();
    }

    @Test
    void whatIsRefusedForTheAddressUsesUpNothing() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(60).handshakesPerSecondPerIp(10_000));
        for (int i = 0; i < 500; i++) {
            open(realtime, ATTACKER).send("40");
            realtime.settle();
        }
        assertThat(authenticated).isEqualTo(12);
        realtime.advance(Duration.ofMillis(1_300));
        for (int i = 0; i < 5; i++) {
            open(realtime, ATTACKER).send("40");
            realtime.settle();
        }
        assertThat(authenticated).isEqualTo(13);
    }

    @Test
    void otherSessionsOfTheConnectionComeBack() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(5));
        TestClient client = realtime.client().from(ATTACKER).connect("/");
        String id = client.id();
        client.sendRaw("40/match-1,");
        realtime.settle();
        assertThat(client.isOnline()).isFalse();
        client.reconnect();
        assertThat(client.recovered()).isTrue();
        assertThat(client.id()).isEqualTo(id);
        assertThat(ends).isEmpty();
    }

    @Test
    void whoWantsItsSessionBackIsNotLimitedTwice() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(5));
        TestClient client = realtime.client().from(ATTACKER).connect("/");
        for (int i = 0; i < 8; i++) {
            client.dropConnection();
            client.reconnect();
            assertThat(client.recovered()).isTrue();
        }
        assertThat(count(realtime, "connects.limited")).isZero();
    }

    @Test
    void whoOpensNamespacesCountsAsNewWhateverItAsksFor() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(60));
        for (int i = 0; i < 40; i++) {
            open(realtime, ATTACKER)
                    .send("40/match-" + i + ",{\"pid\":\"" + String.format("%020d", i) + "\",\"offset\":\"\"}");
            realtime.settle();
        }
        assertThat(realtime.realtime().stats().gauges()).containsEntry("namespaces.live", 13L);
    }

    private static String returning(int invented) {
        return "40{\"pid\":\"" + String.format("%020d", invented) + "\",\"offset\":\"\"}";
    }

    @Test
    void anInventedSessionCostsAsMuchAsNone() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(60));
        List<InMemoryConnection> crowd = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            InMemoryConnection one = open(realtime, ATTACKER);
            one.send(returning(i));
            realtime.settle();
            crowd.add(one);
        }
        assertThat(crowd.stream().filter(one -> connects(one) == 1))
                .as("what an address may begin at once, and the one that was found out")
                .hasSize(13);
        assertThat(crowd.subList(13, 40)).allMatch(one -> one.closeCode() == 1013);
        assertThat(authenticated).isEqualTo(13);
        assertThat(count(realtime, "connects.limited")).isEqualTo(27);
        assertThat(realtime.client().from("203.0.113.1").connect("/").isConnected())
                .isTrue();
    }

    @Test
    void whoInventsSessionsIsHeldToThePaceOfNewOnes() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(60).handshakesPerSecondPerIp(10_000));
        int begun = 0;
        for (int tenth = 0; tenth < 600; tenth++) {
            InMemoryConnection one = open(realtime, ATTACKER);
            one.send(returning(tenth));
            realtime.settle();
            begun += (int) connects(one);
            one.reset();
            realtime.advance(Duration.ofMillis(100));
        }
        assertThat(begun).as("as many as without").isBetween(55, 62);
        assertThat(authenticated).isEqualTo(begun);
    }

    @Test
    void whoHasASessionIsBelievedAgainWhenTheAddressHasMadeUpForInventedOnes() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(60));
        TestClient honest = realtime.client().from(ATTACKER).connect("/");
        for (int i = 0; i < 40; i++) {
            open(realtime, ATTACKER).send(returning(i));
        }
        realtime.settle();
        honest.dropConnection();
        honest.reconnect();
        assertThat(honest.isConnected()).as("the address owes some").isFalse();
        realtime.advance(Duration.ofSeconds(40));
        honest.reconnect();
        assertThat(honest.recovered()).isTrue();
    }
}
