package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.HandshakeView;
import dev.realtime.Realtime;
import dev.realtime.limits.Limits;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.InMemoryTransport.UpgradeRefused;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.Origins;
import dev.realtime.transport.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TestRealtime realtime = TestRealtime.of(() -> Game.open()
            .heartbeat(Heartbeat.DEFAULT.interval(Duration.ofSeconds(7)).timeout(Duration.ofSeconds(3)))
            .limits(Limits.DEFAULT.maxPayload(54_321))
            .origins(Origins.of("https://game.example")));

    @AfterEach
    void stop() {
        realtime.close();
    }

    @Test
    void theOpenPacketTellsIdUpgradesHeartbeatAndPayloadLimit() throws Exception {
        realtime.start();
        InMemoryConnection socket = realtime.transport().open(webSocket().view());
        realtime.settle();
        String open = socket.texts().get(0);
        assertThat(open).startsWith("0");
        JsonNode handshake = JSON.readTree(open.substring(1));
        assertThat(handshake.path("sid").asText()).hasSize(20);
        assertThat(handshake.path("upgrades")).isEmpty();
        assertThat(handshake.path("pingInterval").asInt()).isEqualTo(7_000);
        assertThat(handshake.path("pingTimeout").asInt()).isEqualTo(3_000);
        assertThat(handshake.path("maxPayload").asInt()).isEqualTo(54_321);
    }

    @Test
    void pollingIsToldThatItMayUpgrade() throws Exception {
        realtime.start();
        InMemoryExchange reply = get(polling());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(JSON.readTree(reply.text().substring(1))
                        .path("upgrades")
                        .get(0)
                        .asText())
                .isEqualTo("websocket");
    }

    @Test
    void whoeverBalancesIsToldHowFullTheNodeIs() {
        realtime.close();
        realtime = TestRealtime.of(
                () -> Game.open().limits(Limits.DEFAULT.maxConnections(4)).saturationHeader("X-Saturation"));
        realtime.start();
        realtime.connect("/", "ann");
        assertThat(get(polling()).header("x-saturation")).contains("0.50");
        UpgradeDecision decision =
                realtime.await(realtime.realtime().doors().upgrade(webSocket().view()));
        assertThat(((UpgradeDecision.Accepted) decision).headers()).containsEntry("X-Saturation", "0.50");
        assertThatThrownBy(() -> Game.open().saturationHeader("X Saturation")).hasMessageContaining("name of a header");
    }

    @Test
    void othersAreToldHowAClientHasConnectedAndNoSecret() {
        realtime.start();
        InMemoryConnection socket = realtime.transport()
                .open(webSocket()
                        .query("token", "secret")
                        .header("cookie", "io=secret")
                        .header("authorization", "Bearer secret")
                        .header("x-api-key", "secret")
                        .header("origin", "https://game.example")
                        .header("user-agent", "Game/7")
                        .header("accept-language", "x".repeat(HandshakeView.MAX_LENGTH + 1))
                        .from("203.0.113.7")
                        .view());
        socket.send("40{\"token\":\"secret\"}");
        realtime.settle();
        HandshakeView handshake = view();
        assertThat(handshake)
                .isEqualTo(new HandshakeView(
                        realtime.time().now(),
                        "203.0.113.7",
                        false,
                        "/socket.io/",
                        Map.of("EIO", "4", "transport", "websocket"),
                        Map.of("host", "localhost", "origin", "https://game.example", "user-agent", "Game/7")));
        socket.lose();
        realtime.advance(Duration.ofSeconds(11));
        assertThat(view()).as("of a client that is away").isNull();
    }

    private @Nullable HandshakeView view() {
        return realtime.await(realtime.namespace("/").fetch())
                .sessions()
                .get(0)
                .handshake()
                .orElse(null);
    }

    @Test
    void anUnknownTransportIsErrorZero() throws Exception {
        realtime.start();
        assertError(get(path().query("EIO", "4").query("transport", "carrier-pigeon")), 400, 0, "Transport unknown");
        assertError(get(path().query("EIO", "4")), 400, 0, "Transport unknown");
        assertError(get(path().query("EIO", "4").query("transport", "constructor")), 400, 0, "Transport unknown");
    }

    @Test
    void aTransportThatIsSwitchedOffIsUnknownToo() throws Exception {
        realtime = TestRealtime.of(() -> Game.open().transports(Transport.WEBSOCKET))
                .start();
        assertError(get(polling()), 400, 0, "Transport unknown");
    }

    @Test
    void anUnknownSessionIdIsErrorOne() throws Exception {
        realtime.start();
        assertError(get(polling().query("sid", "guessed")), 400, 1, "Session ID unknown");
        assertError(refusal(webSocket().query("sid", "guessed")), 400, 1, "Session ID unknown");
    }

    @Test
    void anEmptySessionIdIsNone() {
        realtime.start();
        assertThat(get(polling().query("sid", "")).status()).isEqualTo(200);
    }

    @Test
    void aRequestOfAConnectionInAnotherProtocolVersionIsErrorThree() throws Exception {
        realtime.start();
        String sid =
                JSON.readTree(get(polling()).text().substring(1)).path("sid").asText();
        assertError(
                get(path().query("EIO", "3").query("transport", "polling").query("sid", sid)), 400, 3, "Bad request");
        assertError(get(path().query("transport", "polling").query("sid", sid)), 400, 3, "Bad request");
    }

    @Test
    void aClientWithoutBinaryFramesSendsAndGetsBase64() {
        realtime = TestRealtime.of(() -> Realtime.builder()
                        .namespace(
                                "/",
                                game -> game.allowAnonymous()
                                        .onUnknown((session, event) -> event.reply(event.argument(0, byte[].class)))))
                .start();
        InMemoryConnection socket =
                realtime.transport().open(webSocket().query("b64", "1").view());
        socket.send("40");
        realtime.settle();
        socket.send("451-7[\"echo\",{\"_placeholder\":true,\"num\":0}]");
        socket.send("bAQID");
        realtime.settle();
        assertThat(socket.texts()).endsWith("461-7[{\"_placeholder\":true,\"num\":0}]", "bAQID");
        assertThat(socket.frames()).noneMatch(Frame::isBinary);
        socket.send("b!");
        realtime.settle();
        assertThat(socket.closeCode()).isEqualTo(1002);
    }

    @Test
    void aCacheDoesNotGiveToAPageWhatWasSaidToNone() {
        realtime.start();
        assertThat(get(polling()).header("Vary")).contains("Origin");
        assertThat(get(polling()).header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void aHandshakeWithAnotherMethodIsErrorTwo() throws Exception {
        realtime.start();
        assertError(get(polling().method("POST")), 400, 2, "Bad handshake method");
        assertError(get(polling().method("PUT")), 400, 2, "Bad handshake method");
    }

    @Test
    void aWebSocketTransportWithoutAnUpgradeIsErrorThree() throws Exception {
        realtime.start();
        assertError(get(webSocket()), 400, 3, "Bad request");
    }

    @Test
    void anotherProtocolVersionIsErrorFive() throws Exception {
        realtime.start();
        for (String version : new String[] {"3", "5", "", "four", "4x"}) {
            assertError(
                    get(path().query("EIO", version).query("transport", "polling")),
                    400,
                    5,
                    "Unsupported protocol version");
        }
        assertError(get(path().query("transport", "polling")), 400, 5, "Unsupported protocol version");
        assertError(
                refusal(path().query("EIO", "3").query("transport", "websocket")),
                400,
                5,
                "Unsupported protocol version");
    }

    @Test
    void aForeignOriginIsForbiddenForBothTransports() throws Exception {
        realtime.start();
        assertThat(get(polling().header("Origin", "https://evil.example")).status())
                .isEqualTo(403);
        HttpReply refused = refusal(webSocket().header("Origin", "https://evil.example"));
        assertError(refused, 403, 4, "Forbidden");
    }

    @Test
    void anAllowedOriginMayUpgradeAndReadsItsReplies() {
        realtime.start();
        assertThat(realtime.transport()
                        .open(webSocket()
                                .header("Origin", "https://game.example")
                                .view())
                        .isOpen())
                .isTrue();
        InMemoryExchange reply = get(polling().header("Origin", "https://game.example"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Access-Control-Allow-Origin")).contains("https://game.example");
    }

    @Test
    void aPageOfTheServerItselfIsAllowed() {
        realtime.start();
        assertThat(get(polling().header("Origin", "http://localhost")).status()).isEqualTo(200);
    }

    @Test
    void aPreflightIsAnsweredWithoutAHandshake() {
        realtime.start();
        InMemoryExchange reply = get(polling()
                .method("OPTIONS")
                .header("Origin", "https://game.example")
                .header("Access-Control-Request-Method", "POST"));
        assertThat(reply.status()).isBetween(200, 204);
        assertThat(reply.header("Access-Control-Allow-Origin")).contains("https://game.example");
        assertThat(realtime.realtime().stats().connections()).isZero();
    }

    @Test
    void noCookieIsSetUnlessAskedFor() {
        realtime.start();
        assertThat(get(polling()).header("Set-Cookie")).isEmpty();
    }

    @Test
    void theCookieCarriesTheConnectionsIdAndItsFlags() throws Exception {
        realtime = TestRealtime.of(() -> Game.open().cookie(Cookie.DEFAULT)).start();
        InMemoryExchange reply = get(polling());
        String sid = JSON.readTree(reply.text().substring(1)).path("sid").asText();
        assertThat(reply.header("Set-Cookie").orElseThrow())
                .startsWith("io=" + sid)
                .contains("Path=/", "HttpOnly", "SameSite=Lax");
    }

    @Test
    void handshakesBeyondTheRateAreRefusedAndLaterOnesAreNot() {
        realtime = TestRealtime.of(() -> Game.open().limits(Limits.DEFAULT.handshakesPerSecond(5)))
                .start();
        long accepted = 0;
        for (int i = 0; i < 20; i++) {
            if (get(polling()).status() == 200) {
                accepted++;
            }
        }
        assertThat(accepted).isEqualTo(5);
        realtime.advance(Duration.ofSeconds(2));
        assertThat(get(polling()).status()).isEqualTo(200);
    }

    @Test
    void connectionsBeyondTheCapsAreRefusedUntilOneEnds() {
        realtime = TestRealtime.of(() ->
                        Game.open().limits(Limits.DEFAULT.maxConnections(3).maxConnectionsPerIp(2)))
                .start();
        InMemoryConnection first = realtime.transport().open(webSocket().view());
        realtime.transport().open(webSocket().view());
        assertThat(catchThrowableOfType(
                        UpgradeRefused.class,
                        () -> realtime.transport().open(webSocket().view())))
                .as("the third from one address")
                .isNotNull();
        realtime.transport().open(webSocket().from("10.0.0.2").view());
        assertThat(catchThrowableOfType(
                        UpgradeRefused.class,
                        () -> realtime.transport()
                                .open(webSocket().from("10.0.0.3").view())))
                .as("the fourth of all")
                .isNotNull();
        first.reset();
        realtime.settle();
        assertThat(realtime.transport().open(webSocket().view()).isOpen()).isTrue();
    }

    private TestRequest path() {
        return TestRequest.of("GET", "/socket.io/");
    }

    private TestRequest polling() {
        return path().query("EIO", "4").query("transport", "polling");
    }

    private TestRequest webSocket() {
        return path().query("EIO", "4").query("transport", "websocket");
    }

    private InMemoryExchange get(TestRequest request) {
        InMemoryExchange exchange = realtime.transport().exchange(request.view(), new byte[0]);
        realtime.settle();
        return exchange;
    }

    private HttpReply refusal(TestRequest request) {
        UpgradeRefused refused = catchThrowableOfType(
                UpgradeRefused.class, () -> realtime.transport().open(request.view()));
        assertThat(refused).as("refusal").isNotNull();
        return refused.reply();
    }

    private static void assertError(InMemoryExchange exchange, int status, int code, String message) throws Exception {
        assertError(exchange.reply().orElseThrow(), status, code, message);
    }

    private static void assertError(HttpReply reply, int status, int code, String message) throws Exception {
        String body = new String(reply.body(), StandardCharsets.UTF_8);
        assertThat(reply.status()).as(body).isEqualTo(status);
        assertThat(reply.headers().toString().toLowerCase(java.util.Locale.ROOT))
                .contains("application/json");
        assertThat(JSON.readTree(body).path("code").asInt(-1)).as(body).isEqualTo(code);
        assertThat(JSON.readTree(body).path("message").asText()).isEqualTo(message);
    }
}
