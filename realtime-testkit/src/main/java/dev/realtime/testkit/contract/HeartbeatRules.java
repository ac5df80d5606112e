package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.BRISK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.PollingClient.Reply;
import org.junit.jupiter.api.Test;

/** Engine.IO 4, "Heartbeat": the server pings, the client answers in time or is gone. */
abstract class HeartbeatRules extends TransportContract.Rules {

    @Test
    void webSocketLivesAsLongAsPingsAreAnswered() {
        try (RawWebSocket socket = webSocket(BRISK)) {
            SocketClient.opened(socket);
            for (int i = 0; i < 5; i++) {
                assertThat(ping(socket)).isEqualTo("2");
                socket.send("3");
            }
            socket.send("40");
            assertThat(socket.text()).startsWith("40{");
        }
    }

    @Test
    void webSocketWithoutPongIsClosed() {
        try (RawWebSocket socket = webSocket(BRISK)) {
            SocketClient.opened(socket);
            assertThat(ping(socket)).isEqualTo("2");
            RawWebSocket.Frame frame = socket.frame();
            while (frame != null && frame.opcode() != RawWebSocket.CLOSE) {
                assertThat(frame.opcode()).isEqualTo(RawWebSocket.PING);
                frame = socket.frame();
            }
        }
    }

    @Test
    void otherPacketsDoNotReplaceThePong() {
        try (RawWebSocket socket = webSocket(BRISK)) {
            SocketClient.opened(socket);
            socket.send("40");
            RawWebSocket.Frame frame = socket.frame();
            while (frame != null && frame.opcode() != RawWebSocket.CLOSE) {
                socket.trySend("42[\"message\"]");
                frame = socket.frame();
            }
        }
    }

    @Test
    void pollingLivesAsLongAsPingsAreAnswered() {
        PollingClient client = polling(BRISK);
        for (int i = 0; i < 5; i++) {
            Reply poll = client.get();
            assertThat(poll.status()).isEqualTo(200);
            assertThat(poll.body()).isEqualTo("2");
            client.send("3");
        }
    }

    @Test
    void pollingWithoutPongIsClosed() {
        PollingClient client = polling(BRISK);
        assertThat(client.get().body()).isEqualTo("2");

        Reply held = client.get();

        if (held.status() == 200) {
            assertThat(held.body()).isIn("1", "6");
            held = client.get();
        }
        assertThat(held.status()).isEqualTo(400);
        assertThat(FlatJson.raw(held.body(), "code")).isEqualTo("1");
    }

    @Test
    void pingComesFromTheServerOnly() {
        try (RawWebSocket socket = webSocket(BRISK)) {
            SocketClient.opened(socket);
            socket.send("2");
            socket.closed();
        }
    }

    private static String ping(RawWebSocket socket) {
        RawWebSocket.Frame frame = socket.frame();
        return frame == null ? "the end" : new String(frame.payload(), UTF_8);
    }
}
