package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.limits.Limits;
import dev.realtime.limits.RefusedAttempt;
import dev.realtime.limits.RefusedAttempt.Kind;
import dev.realtime.spi.HttpReply;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each gate says to the client when to come again, and to the application and among the counters why. */
class GatesTest {
    private static final String ADDRESS = "203.0.113.4";

    private final List<TestRealtime> running = new ArrayList<>();
    private final List<RefusedAttempt> heard = new ArrayList<>();

    private TestRealtime start(Limits limits) {
        TestRealtime realtime = TestRealtime.of(() -> Game.open().limits(limits).onRefusal(heard::add))
                .start();
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

    /** Opens so many connections, and returns the refusal of the next. */
    private static HttpReply refusal(TestRealtime realtime, int admitted, String address) {
        for (int i = 0; i < admitted; i++) {
            open(realtime, address);
        }
        try {
            open(realtime, address);
        } catch (InMemoryTransport.UpgradeRefused refused) {
            return refused.reply();
        }
        throw new AssertionError("one more was let in");
    }

    private static void open(TestRealtime realtime, String address) {
        realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .from(address)
                        .view());
    }

    private static String body(HttpReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private void isToldOnce(TestRealtime realtime, String rule, String counter) {
        realtime.settle();
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).kind()).isEqualTo(Kind.CONNECTION);
        assertThat(heard.get(0).rule()).isEqualTo(rule);
        assertThat(heard.get(0).client()).isEqualTo("address " + ADDRESS);
        assertThat(heard.get(0).namespace()).isEmpty();
        assertThat(count(realtime, counter)).isEqualTo(1);
        assertThat(count(realtime, "connections.refused")).isEqualTo(1);
    }

    @Test
    void aFullNodeSaysSo() {
        TestRealtime realtime = start(Limits.DEFAULT.maxConnections(2));
        HttpReply reply = refusal(realtime, 2, ADDRESS);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers()).containsEntry("Retry-After", "5");
        assertThat(body(reply)).isEqualTo("{\"code\":4,\"message\":\"Server unavailable\",\"retryAfterMs\":5000}");
        isToldOnce(realtime, "Limits.maxConnections", "connections.refused.full");
    }

    @Test
    void anAddressWithTooManyConnectionsIsToldTo() {
        TestRealtime realtime = start(Limits.DEFAULT.maxConnectionsPerIp(2));
        HttpReply reply = refusal(realtime, 2, ADDRESS);
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.headers()).containsEntry("Retry-After", "5");
        isToldOnce(realtime, "Limits.maxConnectionsPerIp", "connections.refused.address");
        assertThat(heard.get(0).code()).isEqualTo("too_many_connections");
    }

    @Test
    void anAddressThatIsTooFastIsToldExactlyWhen() {
        TestRealtime realtime = start(Limits.DEFAULT.handshakesPerSecondPerIp(10));
        HttpReply reply = refusal(realtime, 5, ADDRESS);
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.headers()).containsEntry("Retry-After", "1");
        assertThat(body(reply)).isEqualTo("{\"code\":4,\"message\":\"Too many connections\",\"retryAfterMs\":167}");
        isToldOnce(realtime, "Limits.handshakesPerSecondPerIp", "connections.refused.address_rate");
        realtime.advance(Duration.ofMillis(167));
        open(realtime, ADDRESS);
    }

    @Test
    void aNodeThatAcceptsTooManyIsToldExactlyWhen() {
        TestRealtime realtime = start(Limits.DEFAULT.handshakesPerSecond(3));
        realtime.advance(Duration.ofMillis(400));
        HttpReply reply = refusal(realtime, 3, ADDRESS);
        assertThat(body(reply)).contains("\"retryAfterMs\":600");
        isToldOnce(realtime, "Limits.handshakesPerSecond", "connections.refused.rate");
        realtime.advance(Duration.ofMillis(600));
        open(realtime, ADDRESS);
    }

    @Test
    void aUserWithTooManyConnectionsIsToldWhenToComeAgain() {
        TestRealtime realtime = start(Limits.DEFAULT.maxConnectionsPerUser(1));
        TestClient first = realtime.connect("/", "ann");
        TestClient second = realtime.client().user("ann").connect("/");
        realtime.settle();
        assertThat(second.connectError().orElseThrow().data().path("code").asText())
                .isEqualTo("too_many_connections");
        assertThat(second.connectError()
                        .orElseThrow()
                        .data()
                        .path("retryAfterMs")
                        .asInt())
                .isEqualTo(5_000);
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).kind()).isEqualTo(Kind.SESSION);
        assertThat(heard.get(0).rule()).isEqualTo("Limits.maxConnectionsPerUser");
        assertThat(heard.get(0).client()).isEqualTo("user ann");
        assertThat(heard.get(0).namespace()).contains("/");
        assertThat(count(realtime, "sessions.refused.user")).isEqualTo(1);
        assertThat(first.isConnected()).isTrue();
    }

    @Test
    void sessionsThatOneAddressBeginsTooFastAreTold() {
        TestRealtime realtime = start(Limits.DEFAULT.connectsPerMinutePerIp(5));
        realtime.client().from(ADDRESS).connect("/");
        realtime.client().from(ADDRESS).connect("/");
        realtime.settle();
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).code()).isEqualTo("connect_postponed");
        assertThat(heard.get(0).rule()).isEqualTo("Limits.connectsPerMinutePerIp");
    }

    @Test
    void sessionsThatAreAskedForTooOftenAreTold() {
        TestRealtime realtime = start(Limits.DEFAULT.resumesPerMinute(1));
        TestClient ann = realtime.connect("/", "ann");
        ann.dropConnection();
        ann.reconnect();
        ann.dropConnection();
        ann.beginReconnect(0);
        realtime.settle();
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).code()).isEqualTo("resume_postponed");
        assertThat(heard.get(0).rule()).isEqualTo("Limits.resumesPerMinute");
    }
}
