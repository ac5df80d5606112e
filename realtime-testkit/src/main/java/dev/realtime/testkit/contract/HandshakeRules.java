package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.BRISK;
import static dev.realtime.testkit.contract.ServerVariant.GUARDED;
import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.PollingClient.Reply;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine.IO 4, "Handshake" and "Error codes". */
abstract class HandshakeRules extends TransportContract.Rules {

    @Test
    void pollingHandshakeCarriesFiveFields() {
        Reply reply = request(BRISK, "GET", PollingClient.HANDSHAKE, "");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).startsWithIgnoringCase("text/plain");
        assertThat(reply.body()).startsWith("0{");
        assertThat(FlatJson.keys(reply.body()))
                .containsExactlyInAnyOrder("sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload");
        assertThat(FlatJson.text(reply.body(), "sid")).isNotEmpty();
        assertThat(FlatJson.raw(reply.body(), "upgrades")).isEqualTo("[\"websocket\"]");
        assertThat(FlatJson.raw(reply.body(), "pingInterval")).isEqualTo("300");
        assertThat(FlatJson.raw(reply.body(), "pingTimeout")).isEqualTo("1000");
        assertThat(FlatJson.raw(reply.body(), "maxPayload")).isEqualTo("1000000");
    }

    @Test
    void webSocketHandshakeOffersNoUpgrade() {
        try (RawWebSocket socket = webSocket(BRISK)) {
            String open = SocketClient.opened(socket);

            assertThat(FlatJson.keys(open))
                    .containsExactlyInAnyOrder("sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload");
            assertThat(FlatJson.raw(open, "upgrades")).isEqualTo("[]");
            assertThat(FlatJson.raw(open, "pingInterval")).isEqualTo("300");
            assertThat(FlatJson.raw(open, "pingTimeout")).isEqualTo("1000");
            assertThat(FlatJson.raw(open, "maxPayload")).isEqualTo("1000000");
        }
    }

    @Test
    void everyHandshakeGetsItsOwnId() {
        assertThat(polling(OPEN).sid()).isNotEqualTo(polling(OPEN).sid());
    }

    @Test
    void repliesOfPollingAreNotToBeCached() {
        assertThat(request(OPEN, "GET", PollingClient.HANDSHAKE, "").header("cache-control"))
                .contains("no-store");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    EIO=4,                                        0",
        "GET,    EIO=4&transport=abc,                          0",
        "GET,    EIO=4&transport=,                             0",
        "GET,    EIO=4&transport=polling&sid=unknown,          1",
        "POST,   EIO=4&transport=polling&sid=unknown,          1",
        "GET,    EIO=4&transport=polling&sid=__proto__,        1",
        "GET,    EIO=4&transport=polling&sid=..%2f..%2fetc,    1",
        "POST,   EIO=4&transport=polling,                      2",
        "PUT,    EIO=4&transport=polling,                      2",
        "DELETE, EIO=4&transport=polling,                      2",
        "GET,    EIO=4&transport=websocket,                    3",
        "GET,    transport=polling,                            5",
        "GET,    EIO=abc&transport=polling,                    5",
        "GET,    EIO=3&transport=polling,                      5",
        "GET,    EIO=5&transport=polling,                      5"
    })
    void badRequestIsAnsweredWithItsCode(String method, String query, int code) {
        Reply reply = request(OPEN, method, query, "");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("content-type")).startsWithIgnoringCase("application/json");
        assertThat(FlatJson.keys(reply.body())).containsExactlyInAnyOrder("code", "message");
        assertThat(FlatJson.raw(reply.body(), "code")).isEqualTo(Integer.toString(code));
        assertThat(FlatJson.text(reply.body(), "message")).isEqualTo(message(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EIO=4", "EIO=4&transport=abc", "EIO=4&transport=websocket&sid=unknown"})
    void badUpgradeIsRefusedOverHttp(String query) {
        try (RawWebSocket socket = RawWebSocket.attempt(server(OPEN), query)) {
            assertThat(socket.answer().status()).isEqualTo(400);
        }
    }

    @Tag(TransportContract.STRICTER)
    @ParameterizedTest
    @CsvSource({
        "EIO=4,                                    0",
        "EIO=4&transport=abc,                      0",
        "EIO=4&transport=websocket&sid=unknown,    1",
        "transport=websocket,                      5",
        "EIO=abc&transport=websocket,              5",
        "EIO=3&transport=websocket,                5"
    })
    void badUpgradeIsAnsweredWithItsCode(String query, int code) {
        try (RawWebSocket socket = RawWebSocket.attempt(server(OPEN), query)) {
            assertThat(socket.answer().status()).isEqualTo(400);
            assertThat(socket.answer().headers().get("content-type")).startsWithIgnoringCase("application/json");
            assertThat(FlatJson.raw(socket.answer().body(), "code")).isEqualTo(Integer.toString(code));
            assertThat(FlatJson.text(socket.answer().body(), "message")).isEqualTo(message(code));
        }
    }

    @Test
    void requestOfThousandsOfParametersIsRefused() {
        String many = "&a".repeat(2_000);
        assertThat(request(OPEN, "GET", PollingClient.HANDSHAKE + many, "").status())
                .isEqualTo(400);
        try (RawWebSocket socket = RawWebSocket.attempt(server(OPEN), "EIO=4&transport=websocket" + many)) {
            assertThat(socket.answer().status()).isEqualTo(400);
        }
        String some = "&a".repeat(97);
        assertThat(request(OPEN, "GET", PollingClient.HANDSHAKE + some, "").status())
                .isEqualTo(200);
    }

    @Test
    void headOpensNoSession() {
        Reply reply = request(OPEN, "HEAD", PollingClient.HANDSHAKE, "");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void unsupportedMethodLeavesTheSessionAlone() {
        PollingClient client = polling(OPEN);
        client.connect();

        assertThat(request(OPEN, "PUT", client.query(), "42[\"message\",1]").status())
                .isGreaterThanOrEqualTo(400);
        assertThat(request(OPEN, "HEAD", client.query(), "").status()).isGreaterThanOrEqualTo(400);

        client.send("42[\"message\",2]");
        assertThat(client.next()).isEqualTo("42[\"message-back\",2]");
    }

    @Test
    void cookieCarriesTheIdWhereItIsOn() {
        Reply handshake = request(GUARDED, "GET", PollingClient.HANDSHAKE, "");
        String sid = FlatJson.text(handshake.body(), "sid");

        assertThat(handshake.header("set-cookie")).startsWith("io=" + sid).containsIgnoringCase("httponly");
        assertThat(handshake.header("set-cookie"))
                .containsIgnoringCase("samesite=lax")
                .containsIgnoringCase("path=/");
        assertThat(request(GUARDED, "POST", PollingClient.HANDSHAKE + "&sid=" + sid, "40")
                        .header("set-cookie"))
                .isEmpty();
    }

    @Test
    void thereIsNoCookieUnlessAskedFor() {
        assertThat(request(OPEN, "GET", PollingClient.HANDSHAKE, "").header("set-cookie"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"game.v1 | game.v1", "game.v2, game.v1 | game.v2"})
    void firstSubprotocolThatIsOfferedIsSpoken(String offered, String spoken) {
        try (RawWebSocket socket =
                RawWebSocket.open(server(OPEN), SocketClient.WEBSOCKET, "Sec-WebSocket-Protocol: " + offered)) {
            assertThat(socket.answer().headers().get("sec-websocket-protocol")).isEqualTo(spoken);
            SocketClient.connect(socket).echoes("hello");
        }
    }

    @Test
    void noSubprotocolIsNamedWhereNoneIsOffered() {
        try (RawWebSocket socket = webSocket(OPEN)) {
            assertThat(socket.answer().headers()).doesNotContainKey("sec-websocket-protocol");
        }
    }

    @Test
    void clientThatNeverConnectsIsLetGo() {
        try (RawWebSocket silent = webSocket(GUARDED)) {
            SocketClient.opened(silent);
            silent.closed();
        }
    }

    static String message(int code) {
        return switch (code) {
            case 0 -> "Transport unknown";
            case 1 -> "Session ID unknown";
            case 2 -> "Bad handshake method";
            case 3 -> "Bad request";
            case 4 -> "Forbidden";
            case 5 -> "Unsupported protocol version";
            default -> throw new IllegalArgumentException("no such code: " + code);
        };
    }
}
