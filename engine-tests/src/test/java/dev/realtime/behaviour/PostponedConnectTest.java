package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ConnectRefusedException;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.ConnectError;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A client that cannot be served now, for nothing that it has done, is asked to come again: the official client does so when its connection closes, and takes
 * a refusal for final.
 */
class PostponedConnectTest {
    private static final String PLENTY = "198.51.100.";
    private static final int LARGE = 30_000;

    /** Runs what it is given at once, unless the test holds it. */
    private static final class Threads implements Executor {
        private final ArrayDeque<Runnable> held = new ArrayDeque<>();
        private boolean holding;

        @Override
        public void execute(Runnable task) {
            if (holding) {
                held.add(task);
            } else {
                task.run();
            }
        }

        void letGo() {
            holding = false;
            while (!held.isEmpty()) {
                held.remove().run();
            }
        }
    }

    private final Threads threads = new Threads();
    private RuntimeException trouble;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .limits(Limits.DEFAULT.maxInboundBytes(16_000_000).maxPatternNamespaces(20))
                    .authenticator(handshake -> {
                        if (trouble != null) {
                            throw trouble;
                        }
                        if (handshake.auth("sleep").isPresent()) {
                            realtime().advance(Duration.ofSeconds(16));
                        }
                        return Optional.of(Principal.anonymous("guest"));
                    })
                    .namespace("/", root -> root.on(ECHO, (session, text) -> text))
                    .namespaces(name -> name.startsWith("/match-"), match -> {}))
            .keepAuthenticator()
            .handlers(threads);

    @AfterEach
    void nothingStaysCounted() {
        threads.letGo();
        realtime.settle();
        realtime.transport().connections().forEach(InMemoryConnection::reset);
        realtime.settle();
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
    }

    private TestRealtime realtime() {
        return realtime;
    }

    private static TestRequest request(String transport, String address) {
        return TestRequest.of("GET", "/socket.io/")
                .query("EIO", "4")
                .query("transport", transport)
                .from(address);
    }

    private InMemoryConnection open(String address) {
        return realtime.transport().open(request("websocket", address).view());
    }

    private InMemoryExchange exchange(String method, String sid, String body) {
        TestRequest request =
                TestRequest.of(method, "/socket.io/").query("EIO", "4").query("transport", "polling");
        InMemoryExchange exchange = realtime.transport()
                .exchange(
                        (sid.isEmpty() ? request : request.query("sid", sid)).view(),
                        body.getBytes(StandardCharsets.UTF_8));
        realtime.settle();
        return exchange;
    }

    private long count(String name) {
        return realtime.realtime().stats().counters().get(name);
    }

    private static void isAskedToComeAgain(InMemoryConnection socket, DisconnectReason reason) {
        assertThat(socket.texts()).noneMatch(text -> text.startsWith("44"));
        assertThat(socket.hasEnded()).isTrue();
        assertThat(socket.closeReason()).isEqualTo(reason.code());
        assertThat(reason.reconnects()).isTrue();
    }

    /** Strangers of many addresses, whose CONNECTs wait for a thread, take what there is. */
    private void fillTheBudget() {
        threads.holding = true;
        for (int i = 0; i < 40; i++) {
            open(PLENTY + i).send("40{\"token\":\"" + "x".repeat(LARGE) + "\"}");
        }
        realtime.settle();
        assertThat(count("inbound.refused")).isPositive();
    }

    @Test
    void whenTheNodeHasNoRoom() {
        TestClient player = realtime.client().connect("/");
        String id = player.id();
        fillTheBudget();
        InMemoryConnection late = open("203.0.113.1");
        late.send("40{\"token\":\"" + "x".repeat(LARGE) + "\"}");
        realtime.settle();
        isAskedToComeAgain(late, DisconnectReason.CONNECT_POSTPONED);
        assertThat(late.closeCode()).isEqualTo(1013);
        threads.letGo();
        realtime.settle();
        InMemoryConnection again = open("203.0.113.1");
        again.send("40{\"token\":\"" + "x".repeat(LARGE) + "\"}");
        realtime.settle();
        assertThat(again.texts()).anyMatch(text -> text.startsWith("40{"));
        assertThat(player.id()).isEqualTo(id);
        assertThat(player.request(ECHO, new Text("undisturbed"))).isEqualTo(new Text("undisturbed"));
    }

    @Test
    void overPollingTheClosePacketSaysSo() {
        InMemoryExchange opening = exchange("GET", "", "");
        String sid = opening.text().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
        fillTheBudget();
        InMemoryExchange poll = exchange("GET", sid, "");
        exchange("POST", sid, "40{\"token\":\"" + "x".repeat(LARGE) + "\"}");
        assertThat(poll.text()).isEqualTo("1");
    }

    @Test
    void whenTheAuthenticatorIsTooSlow() {
        InMemoryConnection late = open("203.0.113.1");
        realtime.settle();
        threads.holding = true;
        late.send("40{\"sleep\":\"long\"}");
        realtime.settle();
        threads.letGo(); // outside of the network's turn, so that time can pass meanwhile
        realtime.settle();
        isAskedToComeAgain(late, DisconnectReason.CONNECT_POSTPONED);
        assertThat(count("connects.postponed")).isEqualTo(1);
    }

    @Test
    void whenTheAuthenticatorFailsForOneWhoHasASession() {
        TestClient player = realtime.client().connect("/");
        String id = player.id();
        player.dropConnection();
        trouble = new IllegalStateException("the database is away");
        player.reconnect();
        assertThat(player.connectError())
                .as("final for the client, and its session would be lost")
                .isEmpty();
        assertThat(player.isConnected()).isFalse();
        trouble = null;
        player.reconnect();
        assertThat(player.recovered()).isTrue();
        assertThat(player.id()).isEqualTo(id);
    }

    @Test
    void whoIsRefusedIsTold() {
        TestClient player = realtime.client().connect("/");
        player.dropConnection();
        trouble = new ConnectRefusedException(ErrorCode.UNAUTHORIZED);
        player.reconnect();
        assertThat(player.connectError().map(ConnectError::code)).contains("unauthorized");
        trouble = new IllegalStateException("the database is away");
        TestClient stranger = realtime.client().connect("/");
        assertThat(stranger.connectError().map(ConnectError::code)).contains("handler_failed");
    }

    @Test
    void whenThereIsNoRoomForTheNamespaceOfASession() {
        for (int i = 0; i < 2; i++) {
            InMemoryConnection other = open(PLENTY + i);
            for (int name = 0; name < 10; name++) {
                other.send("40/match-" + i + "-" + name + ",");
            }
        }
        realtime.settle();
        InMemoryConnection fresh = open("203.0.113.1");
        fresh.send("40/match-new,");
        InMemoryConnection returning = open("203.0.113.2");
        returning.send("40/match-new,{\"pid\":\"01234567890123456789\",\"offset\":\"\"}");
        realtime.settle();
        assertThat(fresh.texts()).anyMatch(text -> text.startsWith("44") && text.contains("namespaces_full"));
        isAskedToComeAgain(returning, DisconnectReason.CONNECT_POSTPONED);
    }
}
