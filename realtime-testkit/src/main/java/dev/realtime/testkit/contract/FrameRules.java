package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.GUARDED;
import static dev.realtime.testkit.contract.ServerVariant.GUARDED_PAYLOAD;
import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine.IO 4, "WebSocket": a packet per message, binary as it is; and RFC 6455 and 7692 below it. */
abstract class FrameRules extends TransportContract.Rules {

    @Test
    void textAndBinaryAreEchoed() {
        try (SocketClient client = client(OPEN)) {
            client.echoes("h\u00e9llo \u20ac \ud83d\ude00");
            client.socket().send("451-[\"message\",{\"_placeholder\":true,\"num\":0}]");
            client.socket().send(new byte[] {1, 2, 3, 4});

            assertThat(client.socket().text()).isEqualTo("451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]");
            assertThat(client.socket().binary()).containsExactly(1, 2, 3, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "9", ""})
    void invalidPacketClosesTheConnection(String packet) {
        try (RawWebSocket socket = webSocket(OPEN)) {
            SocketClient.opened(socket);
            socket.send(packet);
            socket.closed();
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void closePacketClosesTheConnection() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("1");
            client.socket().closed();
        }
    }

    @Test
    void closeFrameIsAnswered() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send(RawWebSocket.FIN | RawWebSocket.CLOSE, new byte[] {0x03, (byte) 0xe8});
            assertThat(client.socket().closed()).isIn(1000, 1005, RawWebSocket.NO_CLOSE_FRAME);
        }
    }

    @Test
    void fragmentsMakeOneMessageAlsoWithAPingBetween() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            socket.send(RawWebSocket.TEXT, "42[\"mess".getBytes(UTF_8));
            socket.send(RawWebSocket.CONTINUATION, "age\",\"in ".getBytes(UTF_8));
            socket.send(RawWebSocket.FIN | RawWebSocket.PING, "are you there".getBytes(UTF_8));
            socket.send(RawWebSocket.FIN | RawWebSocket.CONTINUATION, "pieces\"]".getBytes(UTF_8));

            assertThat(socket.text()).isEqualTo("42[\"message-back\",\"in pieces\"]");
        }
    }

    @Test
    void characterMayBeCutByAFragment() {
        try (SocketClient client = client(OPEN)) {
            byte[] bytes = "42[\"message\",\"\ud83d\ude00\"]".getBytes(UTF_8);
            int cut = "42[\"message\",\"".length() + 2;
            client.socket().send(RawWebSocket.TEXT, Arrays.copyOfRange(bytes, 0, cut));
            client.socket()
                    .send(RawWebSocket.FIN | RawWebSocket.CONTINUATION, Arrays.copyOfRange(bytes, cut, bytes.length));

            assertThat(client.socket().text()).isEqualTo("42[\"message-back\",\"\ud83d\ude00\"]");
        }
    }

    @Test
    void ofManyPingsTheLatestIsAnsweredAtLeast() {
        try (SocketClient client = client(OPEN)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 1; i <= 10_000; i++) {
                all.writeBytes(RawWebSocket.encode(
                        RawWebSocket.FIN | RawWebSocket.PING, new byte[] {(byte) (i >> 8), (byte) i}));
            }
            client.socket().write(all.toByteArray());
            RawWebSocket.Frame pong = Objects.requireNonNull(client.socket().frame());
            while (!Arrays.equals(pong.payload(), new byte[] {(byte) (10_000 >> 8), (byte) 10_000})) {
                assertThat(pong.opcode()).isEqualTo(RawWebSocket.PONG);
                pong = Objects.requireNonNull(client.socket().frame());
            }
            client.echoes("after the flood");
        }
    }

    @Test
    void framePingIsAnsweredByAPong() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send(RawWebSocket.FIN | RawWebSocket.PING, new byte[] {7, 8});
            RawWebSocket.Frame frame = Objects.requireNonNull(client.socket().frame());

            assertThat(frame.opcode()).isEqualTo(RawWebSocket.PONG);
            assertThat(frame.payload()).containsExactly(7, 8);
        }
    }

    @Test
    void severalFramesInOneSegmentKeepTheirOrder() {
        try (SocketClient client = client(OPEN)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 100; i++) {
                all.writeBytes(RawWebSocket.encode(
                        RawWebSocket.FIN | RawWebSocket.TEXT, ("42[\"message\"," + i + "]").getBytes(UTF_8)));
            }
            client.socket().write(all.toByteArray());
            for (int i = 0; i < 100; i++) {
                assertThat(client.socket().text()).isEqualTo("42[\"message-back\"," + i + "]");
            }
        }
    }

    @Test
    void messageOfTheLargestSizeIsTaken() {
        try (SocketClient client = client(GUARDED)) {
            client.echoes("x".repeat(GUARDED_PAYLOAD - "42[\"message\",\"\"]".length()));
        }
    }

    @Test
    void largeMessagesAreCompressedWhereTheClientOffersIt() {
        try (RawWebSocket socket = RawWebSocket.open(
                server(GUARDED),
                SocketClient.WEBSOCKET,
                "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover")) {
            String agreed = socket.answer().headers().getOrDefault("sec-websocket-extensions", "");
            assumeTrue(agreed.contains("permessage-deflate"), "this server does not compress");
            assumeTrue(
                    agreed.contains("server_no_context_takeover"),
                    "this server compresses with a context that the test's client does not keep");
            SocketClient client = SocketClient.connect(socket);
            client.echoes("small"); // containers compress it too
            client.echoes("large ".repeat(1000));
            assertThat(socket.lastWasCompressed()).isTrue();
            client.echoes("again ".repeat(1000));
        }
    }
}
