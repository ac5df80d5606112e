package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.JUDGED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.PollingClient.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The application judges the requests that open connections, each a little later than it came: the query says what it thinks of one. */
abstract class AllowRequestRules extends TransportContract.Rules {
    /** More than a container of the tests has threads. */
    private static final int MANY = 40;

    @Test
    void whoIsAllowedConnectsOverAWebSocket() {
        try (SocketClient client = client(JUDGED)) {
            client.echoes("a");
            client.echoes("b");
        }
    }

    @Test
    void whoIsAllowedConnectsOverPolling() {
        PollingClient client = polling(JUDGED);
        client.connect();
        client.send("42[\"message\",\"a\"]");
        assertThat(client.next()).isEqualTo("42[\"message-back\",\"a\"]");
    }

    @Tag(TransportContract.STRICTER) // which refuses with 403 alone
    @ParameterizedTest
    @CsvSource({"refuse, 401, No \"ticket\"", "fail, 500, Internal error"})
    void whoIsRefusedIsToldWhyOverEitherTransport(String judge, int status, String message) {
        Reply poll =
                request(JUDGED, "GET", PollingClient.HANDSHAKE + "&judge=" + judge, "", "Origin: http://a.example");
        assertThat(poll.status()).isEqualTo(status);
        assertThat(poll.header("content-type")).startsWithIgnoringCase("application/json");
        assertThat(poll.header("access-control-allow-origin")).isIn("*", "http://a.example");
        assertThat(FlatJson.keys(poll.body())).containsExactlyInAnyOrder("code", "message");
        assertThat(FlatJson.raw(poll.body(), "code")).isEqualTo("4");
        assertThat(poll.body()).contains(message.replace("\"", "\\\""));
        try (RawWebSocket socket = RawWebSocket.attempt(server(JUDGED), SocketClient.WEBSOCKET + "&judge=" + judge)) {
            assertThat(socket.answer().status()).isEqualTo(status);
            assertThat(socket.answer().headers().get("content-type")).startsWithIgnoringCase("application/json");
            assertThat(socket.answer().body()).isEqualTo(poll.body());
        }
    }

    @Test
    void whatBelongsToAConnectionIsNotJudgedAgain() {
        PollingClient client = polling(JUDGED);
        client.connect();
        try (RawWebSocket socket = RawWebSocket.open(server(JUDGED), client.upgradeQuery() + "&judge=refuse")) {
            socket.send("2probe");
            assertThat(socket.text()).isEqualTo("3probe");
        }
    }

    @Tag(TransportContract.STRICTER) // which waits for ever
    @Test
    void whoIsNotJudgedInTimeIsToldToComeAgainAndHoldsNobodyUp() {
        List<RawHttp> undecided = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            undecided.add(RawHttp.upgrade(server(JUDGED), SocketClient.WEBSOCKET + "&judge=never"));
            undecided.add(RawHttp.send(server(JUDGED), "GET", PollingClient.HANDSHAKE + "&judge=never", ""));
        }
        try (SocketClient client = client(JUDGED)) {
            client.echoes("meanwhile");
        }
        assertThat(undecided).allSatisfy(request -> assertThat(request.status()).isEqualTo(503));
        undecided.forEach(RawHttp::close);
    }

    @Test
    void whoGoesAwayWhileItIsJudgedDisturbsNobody() {
        for (int i = 0; i < MANY; i++) {
            RawHttp.upgrade(server(JUDGED), SocketClient.WEBSOCKET).reset();
            RawHttp.send(server(JUDGED), "GET", PollingClient.HANDSHAKE, "").reset();
        }
        try (SocketClient client = client(JUDGED)) {
            client.echoes("still here");
        }
    }
}
