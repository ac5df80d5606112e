package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that no proper client sends: that session alone ends or gets a coded error, and a bystander notices nothing. */
abstract class HostilePacketRules extends TransportContract.Rules {
    private static final String FIRST = "{\"_placeholder\":true,\"num\":0}";

    private @Nullable SocketClient bystander;

    @BeforeEach
    void bystanderConnects() {
        bystander = client(OPEN);
    }

    @AfterEach
    void bystanderNoticedNothing() {
        try (SocketClient client = Objects.requireNonNull(bystander)) {
            client.echoes("undisturbed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42[]",
                "42{}",
                "42\"message\"",
                "42null",
                "42[null]",
                "42[{\"name\":\"message\"}]",
                "42[[\"message\"]]",
                "42[true]",
                "42[\"message\"",
                "42[\"message\"]]",
                "42[\"message\",]",
                "42[\"message\",NaN]",
                "42[\"message\",'single']",
                "42[\"message\"]trailing",
                "42[\"connect\",1]",
                "42[\"connect_error\",1]",
                "42[\"disconnect\",1]",
                "42[\"disconnecting\",1]",
                "42[\"newListener\",1]",
                "42[\"removeListener\",1]",
                "45[\"message\"]",
                "450-",
                "45-1[\"message\"]",
                "45-[\"message\"]",
                "45--1-[\"message\"," + FIRST + "]",
                "451.5-[\"message\"," + FIRST + "]",
                "4599999999999999999999-[\"message\"," + FIRST + "]",
                "45999-[\"message\"," + FIRST + "]",
                "451",
                "47[\"message\"]",
                "4/",
                "4-"
            })
    void malformedPacketEndsTheSession(String packet) {
        try (SocketClient client = client(OPEN)) {
            client.socket().send(packet);
            client.socket().ended();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"_placeholder\":true,\"num\":1}",
                "{\"_placeholder\":true,\"num\":-1}",
                "{\"_placeholder\":true,\"num\":99999999999}",
                "{\"_placeholder\":true,\"num\":\"0\"}",
                "{\"_placeholder\":true}"
            })
    void placeholderOutOfRangeIsNotEchoed(String placeholder) {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("451-[\"message\"," + placeholder + "]");
            client.socket().trySend(RawWebSocket.FIN | RawWebSocket.BINARY, new byte[] {1});
            assertNotEchoed(client); // a coded error or the end of the session are both fine
        }
    }

    @Tag(TransportContract.STRICTER)
    @ParameterizedTest
    @ValueSource(
            strings = {
                FIRST,
                "{\"_placeholder\" : true,\"num\":0}",
                "{\"\\u005fplaceholder\":true,\"num\":0}",
                "{\"deep\":[{\"num\":0,\"_placeholder\":true}]}"
            })
    void forgedPlaceholderCostsItsEvent(String payload) {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("427[\"message-with-ack\"," + payload + "]");
            assertThat(client.socket().text()).startsWith("437[").contains("invalid_payload");
            client.echoes("goes on");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void moreAttachmentsThanClientsTakeCostTheirEvent() {
        try (SocketClient client = client(OPEN)) {
            StringBuilder placeholders = new StringBuilder();
            for (int i = 0; i < 11; i++) {
                placeholders
                        .append(",{\"_placeholder\":true,\"num\":")
                        .append(i)
                        .append('}');
            }
            client.socket().send("4511-7[\"message-with-ack\"" + placeholders + "]");
            for (int i = 0; i < 11; i++) {
                client.socket().send(new byte[] {1});
            }
            assertThat(client.socket().text()).startsWith("437[").contains("payload_too_large");
            client.echoes("goes on");
        }
    }

    @Tag(TransportContract.STRICTER)
    @ParameterizedTest
    @ValueSource(ints = {2, 300})
    void attachmentThatManyPlaceholdersNameCostsItsEvent(int times) {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("451-7[\"message-with-ack\"" + ("," + FIRST).repeat(times) + "]");
            client.socket().send(new byte[10_000]);
            assertThat(client.socket().text())
                    .startsWith("437[")
                    .contains("invalid_payload")
                    .hasSizeLessThan(1_000);
            client.echoes("goes on");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void largeConnectsAreRefusedOneByOne() {
        try (SocketClient client = client(OPEN)) {
            String large = "40/custom,{\"token\":\"" + "x".repeat(900_000) + "\"}";
            for (int i = 0; i < 4; i++) {
                client.socket().send(large);
                assertThat(client.socket().text()).startsWith("44/custom,").contains("payload_too_large");
            }
            client.echoes("goes on");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void largeConnectBeforeTheFirstSessionEndsTheConnection() {
        try (RawWebSocket socket = webSocket(OPEN)) {
            SocketClient.opened(socket);
            socket.trySend(
                    RawWebSocket.FIN | RawWebSocket.TEXT,
                    ("40{\"token\":\"" + "x".repeat(900_000) + "\"}").getBytes(UTF_8));
            socket.ended();
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void floodOfEventsThatNobodyHandlesIsRefused() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("40" + ReferenceApp.MUTE + ",{\"user\":\"" + client.id() + "\"}");
            assertThat(client.socket().text()).startsWith("40" + ReferenceApp.MUTE + ",{");
            String event = "42" + ReferenceApp.MUTE + ",7[\"nobody\"]";
            String last = "";
            for (int i = 0; i < 100; i++) {
                client.socket().send(event);
                last = client.socket().text();
                assertThat(last).contains(i < 60 ? "unknown_event" : "");
            }
            assertThat(last).contains("rate_limited");
            client.echoes("goes on");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void eventWithoutAPayloadEndsTheSession() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42");
            client.socket().ended();
        }
    }

    @Test
    void textAmongAttachmentsEndsTheSession() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("452-[\"message\"," + FIRST + "]");
            client.socket().send(new byte[] {1});
            client.socket().trySend("42[\"message\",1]");
            client.socket().ended();
        }
    }

    @Test
    void attachmentWithoutAPacketEndsTheSession() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send(new byte[] {1, 2, 3});
            client.socket().ended();
        }
    }

    @Test
    void attachmentsThatNeverComeHoldUpNobodyElse() {
        try (SocketClient client = client(OPEN);
                SocketClient other = client(OPEN)) {
            client.socket().send("452-[\"message\"," + FIRST + "]");
            client.socket().send(new byte[1000]);
            other.echoes("not waiting");
        }
    }

    @Test
    void errorEventIsAnEventLikeOthers() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42[\"error\",\"from the client\"]");
            client.socket().send("42[\"message\",1]");
            String next = client.socket().text();
            while (!next.equals("42[\"message-back\",1]")) {
                assertThat(next).startsWith("42[");
                next = client.socket().text();
            }
        }
    }

    @Tag(TransportContract.STRICTER)
    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "18446744073709551616"})
    void acknowledgementIdThatIsNoNumberOfOursEndsTheSession(String id) {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42" + id + "[\"message-with-ack\",1]");
            client.socket().ended();
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void deepNestingIsNotEchoed() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42[\"message\"," + "[".repeat(100_000) + "]".repeat(100_000) + "]");
            assertNotEchoed(client);
        }
    }

    @Test
    void deepNestingHarmsNobody() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42[\"message\"," + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000) + "]");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void hugeNumberIsNotEchoed() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42[\"message\"," + "9".repeat(100_000) + "]");
            assertNotEchoed(client);
        }
    }

    @Test
    void loneSurrogateHarmsNobody() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42[\"message\",\"\\ud800\"]");
            client.socket().send("42[\"message\",\"after\"]");
            String next = client.socket().text();
            assertThat(next).startsWith("42[");
        }
    }

    @Test
    void lineBreaksInNamesHarmNobody() {
        try (RawWebSocket socket = webSocket(OPEN)) {
            SocketClient.opened(socket);
            socket.send("40/no\r\nsuch: namespace,");
            RawWebSocket.Frame answer = socket.frame();
            if (answer != null
                    && answer.opcode() == RawWebSocket.TEXT) { // otherwise the connection was closed, which is fine
                assertThat(new String(answer.payload(), UTF_8)).startsWith("44/no\r\nsuch: namespace,");
            }
        }
    }

    @Test
    void longNamespaceHarmsNobody() {
        try (RawWebSocket socket = webSocket(OPEN)) {
            SocketClient.opened(socket);
            socket.trySend("40/" + "n".repeat(500_000) + ",");
            assertThat(SocketClient.connect(RawWebSocket.open(server(OPEN), SocketClient.WEBSOCKET))
                            .id())
                    .isNotEmpty();
        }
    }

    @Test
    void burstInOneBodyIsHandled() {
        PollingClient client = polling(OPEN);
        client.connect();

        client.send("42[\"burst\",0,0,0]\u001e".repeat(3_000) + "42[\"message\",\"last\"]");

        assertThat(client.next()).isEqualTo("42[\"message-back\",\"last\"]");
    }

    @Test
    void burstOfSmallPacketsIsHandled() {
        try (SocketClient client = client(OPEN)) {
            byte[] packet =
                    RawWebSocket.encode(RawWebSocket.FIN | RawWebSocket.TEXT, "42[\"burst\",0,0,0]".getBytes(UTF_8));
            java.io.ByteArrayOutputStream burst = new java.io.ByteArrayOutputStream();
            for (int i = 0; i < 5_000; i++) {
                burst.writeBytes(packet);
            }
            client.socket().write(burst.toByteArray());
            client.echoes("behind the burst");
        }
    }

    /** Whatever comes, an error or the end, it is no echo. */
    private static void assertNotEchoed(SocketClient client) {
        client.socket().trySend("42[\"end-connection\"]");
        for (String text = next(client); text != null; text = next(client)) {
            assertThat(text).doesNotContain("\"message-back\"");
        }
    }

    private static @Nullable String next(SocketClient client) {
        RawWebSocket.Frame frame = client.socket().frame();
        return frame == null || frame.opcode() == RawWebSocket.CLOSE ? null : new String(frame.payload(), UTF_8);
    }
}
