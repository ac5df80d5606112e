package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.ALLOWED_ORIGIN;
import static dev.realtime.testkit.contract.ServerVariant.GUARDED;
import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.PollingClient.Reply;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may talk to the server from a web page: CORS, and the same list for WebSocket upgrades, which CORS does not cover. */
abstract class OriginRules extends TransportContract.Rules {
    private static final String ALLOWED = "Origin: " + ALLOWED_ORIGIN;
    private static final String EVIL = "Origin: http://evil.example";

    @Test
    void everyPageIsAllowedWhereEveryOriginIs() {
        Reply reply = request(OPEN, "GET", PollingClient.HANDSHAKE, "", EVIL);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("access-control-allow-origin")).isIn("*", "http://evil.example");
        assertThat(reply.header("access-control-allow-credentials")).isEmpty();
    }

    @Test
    void pageMayReadErrorsToo() {
        Reply reply = request(OPEN, "GET", "EIO=4&transport=abc", "", EVIL);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("access-control-allow-origin")).isIn("*", "http://evil.example");
    }

    @Test
    void preflightIsAnswered() {
        Reply reply = request(
                OPEN,
                "OPTIONS",
                PollingClient.HANDSHAKE,
                "",
                EVIL,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type");

        assertThat(reply.status()).isIn(200, 204);
        assertThat(reply.header("access-control-allow-origin")).isIn("*", "http://evil.example");
        assertThat(reply.header("access-control-allow-methods")).contains("GET").contains("POST");
        assertThat(reply.header("access-control-allow-headers")).containsIgnoringCase("content-type");
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void allowedPageGetsItsOriginAndCredentials() {
        Reply reply = request(GUARDED, "GET", PollingClient.HANDSHAKE, "", ALLOWED);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("access-control-allow-origin")).isEqualTo(ALLOWED_ORIGIN);
        assertThat(reply.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(reply.header("vary")).containsIgnoringCase("origin");
    }

    @Test
    void otherPageIsForbidden() {
        Reply reply = request(GUARDED, "GET", PollingClient.HANDSHAKE, "", EVIL);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(FlatJson.raw(reply.body(), "code")).isEqualTo("4");
        assertThat(reply.header("access-control-allow-origin")).isNotIn("*", "http://evil.example");
        assertThat(reply.header("set-cookie")).isEmpty();
    }

    @Test
    void otherPageGetsNoPreflight() {
        Reply reply =
                request(GUARDED, "OPTIONS", PollingClient.HANDSHAKE, "", EVIL, "Access-Control-Request-Method: POST");

        assertThat(reply.header("access-control-allow-origin")).isNotIn("*", "http://evil.example");
    }

    @Test
    void otherPageGetsNoWebSocket() {
        try (RawWebSocket socket = RawWebSocket.attempt(server(GUARDED), SocketClient.WEBSOCKET, EVIL)) {
            assertThat(socket.answer().status()).isIn(400, 403);
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void refusedWebSocketSaysForbidden() {
        try (RawWebSocket socket = RawWebSocket.attempt(server(GUARDED), SocketClient.WEBSOCKET, EVIL)) {
            assertThat(socket.answer().status()).isEqualTo(403);
            assertThat(FlatJson.raw(socket.answer().body(), "code")).isEqualTo("4");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void otherPageMayNotUseASessionThatItLearnedOf() {
        PollingClient client = polling(GUARDED);
        client.connect();

        assertThat(request(GUARDED, "POST", client.query(), "42[\"message\",\"evil\"]", EVIL)
                        .status())
                .isEqualTo(403);
        try (RawWebSocket socket = RawWebSocket.attempt(server(GUARDED), client.upgradeQuery(), EVIL)) {
            assertThat(socket.answer().status()).isEqualTo(403);
        }

        client.send("42[\"message\",\"good\"]");
        assertThat(client.next()).isEqualTo("42[\"message-back\",\"good\"]");
    }

    @Test
    void allowedPageGetsAWebSocket() {
        try (RawWebSocket socket = RawWebSocket.open(server(GUARDED), SocketClient.WEBSOCKET, ALLOWED)) {
            SocketClient.connect(socket).echoes("hello");
        }
    }

    @Test
    void pageOfTheServerItselfIsAllowed() {
        String own = "Origin: http://" + server(GUARDED).getAuthority();

        assertThat(request(GUARDED, "GET", PollingClient.HANDSHAKE, "", own).status())
                .isEqualTo(200);
        try (RawWebSocket socket = RawWebSocket.open(server(GUARDED), SocketClient.WEBSOCKET, own)) {
            SocketClient.connect(socket).echoes("hello");
        }
    }

    @Test
    void headersOfTheApplicationsOwnAreAllowed() {
        Reply reply = request(
                GUARDED,
                "OPTIONS",
                PollingClient.HANDSHAKE,
                "",
                ALLOWED,
                "Access-Control-Request-Method: GET",
                "Access-Control-Request-Headers: x-clientid,authorization");

        assertThat(reply.header("access-control-allow-origin")).isEqualTo(ALLOWED_ORIGIN);
        assertThat(reply.header("access-control-allow-headers")).isEqualTo("x-clientid,authorization");
        assertThat(reply.headers().allValues("vary").toString())
                .containsIgnoringCase("origin")
                .containsIgnoringCase("access-control-request-headers");
    }

    @Tag(TransportContract.STRICTER)
    @ParameterizedTest
    @CsvSource({
        // host and origin name one server, in different spellings
        "game.example,      http://game.example",
        "game.example,      https://game.example",
        "game.example,      https://game.example:443",
        "game.example:443,  https://game.example",
        "game.example:443,  wss://game.example",
        "game.example:80,   http://game.example",
        "GAME.example,      http://game.EXAMPLE",
        "[::1]:8443,        https://[::1]:8443"
    })
    void pageOfTheServerIsKnownByHostAndEffectivePort(String host, String origin) {
        assertThat(statusFor(host, origin)).isEqualTo(101);
    }

    @Tag(TransportContract.STRICTER)
    @ParameterizedTest
    @CsvSource({
        "game.example:8080, http://game.example",
        "game.example:443,  http://game.example:444",
        "game.example:8080, https://game.example:8443",
        "game.example,      http://evil-game.example",
        "game.example,      http://game.example.evil.example",
        "game.example,      http://user@game.example",
        "game.example,      ftp://game.example",
        "game.example,      file://",
        "game.example,      null",
        "game.example,      game.example"
    })
    void pageOfAnotherServerIsForbidden(String host, String origin) {
        assertThat(statusFor(host, origin)).isEqualTo(403);
    }

    private int statusFor(String host, String origin) {
        try (RawWebSocket socket =
                RawWebSocket.attemptAt(server(GUARDED), host, SocketClient.WEBSOCKET, "Origin: " + origin)) {
            return socket.answer().status();
        }
    }
}
