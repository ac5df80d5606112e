package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.GUARDED;
import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.PollingClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine.IO 4, "Upgrade": probe, pause, and not a packet lost. */
abstract class UpgradeRules extends TransportContract.Rules {

    @Test
    void probedWebSocketTakesOver() {
        PollingClient client = polling(OPEN);
        client.connect();
        CompletableFuture<Reply> held = client.poll();
        try (RawWebSocket socket = probe(client)) {
            assertThat(PollingClient.await(held).body())
                    .as("a held poll is let go so that the client can pause")
                    .isEqualTo("6");
            socket.send("5");
            socket.send("42[\"message\",\"over the WebSocket\"]");

            assertThat(socket.text()).isEqualTo("42[\"message-back\",\"over the WebSocket\"]");
        }
    }

    @Test
    void pollDuringTheUpgradeIsLetGo() {
        PollingClient client = polling(OPEN);
        client.connect();
        try (RawWebSocket socket = probe(client)) {
            Reply poll = client.get();
            assertThat(poll.status()).isEqualTo(200);
            assertThat(poll.body()).isEqualTo("6");
            socket.send("5");
            socket.send("42[\"message\",1]");
            assertThat(socket.text()).isEqualTo("42[\"message-back\",1]");
        }
    }

    @Test
    void namespaceMayBeJoinedWhileTheUpgradeIsUnderWay() {
        PollingClient client = polling(OPEN);
        try (RawWebSocket socket = probe(client)) {
            client.send("40");
            socket.send("5");

            assertThat(socket.text()).startsWith("40{");
            assertThat(socket.text()).isEqualTo("42[\"auth\",{}]");
        }
    }

    @Test
    void nothingIsLostByAnUpgradeInTheMiddleOfABurst() {
        PollingClient client = polling(OPEN);
        client.connect();
        List<String> received = new ArrayList<>();

        client.send("42[\"burst\",0,300,200]");
        received.addAll(client.get().packets());
        client.send("42[\"burst\",300,300,200]");
        CompletableFuture<Reply> held = client.poll();
        try (RawWebSocket socket = probe(client)) {
            client.send("42[\"burst\",600,300,200]");
            received.addAll(PollingClient.await(held).packets());
            socket.send("5");
            socket.send("42[\"burst\",900,300,200]");
            while (received.stream().filter(packet -> !packet.equals("6")).count() < 1200) {
                received.add(socket.text());
            }
        }

        received.removeIf("6"::equals);
        for (int i = 0; i < 1200; i++) {
            assertThat(received.get(i)).startsWith("42[\"numbered\"," + i + ",");
        }
    }

    @Test
    void pollAfterTheUpgradeIsRefused() {
        PollingClient client = polling(OPEN);
        client.connect();
        try (RawWebSocket socket = upgraded(client)) {
            Reply poll = client.get();
            assertThat(poll.status()).isEqualTo(400);
            assertThat(FlatJson.raw(poll.body(), "code")).isEqualTo("3");
            assertThat(client.post("42[\"message\",1]").status()).isEqualTo(400);

            socket.send("42[\"message\",2]");
            assertThat(socket.text()).isEqualTo("42[\"message-back\",2]");
        }
    }

    @Test
    void secondWebSocketAfterTheUpgradeIsRefused() {
        PollingClient client = polling(OPEN);
        client.connect();
        try (RawWebSocket socket = upgraded(client);
                RawWebSocket second = RawWebSocket.attempt(server(OPEN), client.upgradeQuery())) {
            assertRefused(second);

            socket.send("42[\"message\",1]");
            assertThat(socket.text()).isEqualTo("42[\"message-back\",1]");
        }
    }

    @Test
    void secondWebSocketDuringTheUpgradeIsRefused() {
        PollingClient client = polling(OPEN);
        client.connect();
        try (RawWebSocket socket = probe(client);
                RawWebSocket second = RawWebSocket.attempt(server(OPEN), client.upgradeQuery())) {
            assertRefused(second);

            socket.send("5");
            socket.send("42[\"message\",1]");
            assertThat(socket.text()).isEqualTo("42[\"message-back\",1]");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void webSocketOfAWebSocketSessionIsRefused() {
        try (RawWebSocket first = webSocket(OPEN)) {
            String sid = FlatJson.text(SocketClient.opened(first), "sid");
            try (RawWebSocket second = RawWebSocket.attempt(server(OPEN), "EIO=4&transport=websocket&sid=" + sid)) {
                if (second.answer().status() == 101) {
                    second.trySend("2probe");
                    second.trySend("5");
                }
                assertRefused(second);
            }
            assertThat(SocketClient.join(first, "/", "")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3probe", "42[\"message\",\"too early\"]", "5too", "nonsense", "1"})
    void otherFirstPacketEndsTheProbeOnly(String packet) {
        PollingClient client = polling(OPEN);
        client.connect();
        try (RawWebSocket socket = RawWebSocket.open(server(OPEN), client.upgradeQuery())) {
            socket.send(packet);
            if (!packet.startsWith("5")) { // an upgrade without a probe is left to the server
                socket.closed();
                client.send("42[\"message\",1]");
                assertThat(client.next()).isEqualTo("42[\"message-back\",1]");
            }
        }
    }

    @Test
    void probeThatIsNotCompletedIsLetGoAndPollingGoesOn() {
        PollingClient client = polling(GUARDED);
        client.connect();
        try (RawWebSocket socket = RawWebSocket.open(server(GUARDED), client.upgradeQuery())) {
            socket.send("2probe");
            assertThat(socket.text()).isEqualTo("3probe");
            socket.closed();
        }
        client.send("42[\"message\",1]");
        assertThat(nextButNoop(client)).isEqualTo("42[\"message-back\",1]");
    }

    @Test
    void resetInTheMiddleOfTheUpgradeLeavesPollingAlive() {
        PollingClient client = polling(OPEN);
        client.connect();
        probe(client).reset();

        client.send("42[\"message\",1]");

        assertThat(nextButNoop(client)).isEqualTo("42[\"message-back\",1]");
    }

    @Test
    void failedUpgradeMayBeTriedAgain() {
        PollingClient client = polling(OPEN);
        client.connect();
        try (RawWebSocket failed = probe(client)) {
            failed.send(RawWebSocket.FIN | RawWebSocket.CLOSE, new byte[] {0x03, (byte) 0xe8});
            failed.closed();
        }
        try (RawWebSocket socket = upgraded(client)) {
            socket.send("42[\"message\",1]");
            assertThat(socket.text()).isEqualTo("42[\"message-back\",1]");
        }
    }

    @Test
    void endOfTheSessionEndsTheProbeToo() {
        PollingClient client = polling(OPEN);
        client.connect();
        try (RawWebSocket socket = probe(client)) {
            client.send("1");
            socket.closed();
        }
    }

    /** Probes; again where the server still sees to the end of an earlier attempt. */
    private RawWebSocket probe(PollingClient client) {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        RawWebSocket socket = RawWebSocket.attempt(server(OPEN), client.upgradeQuery());
        while (socket.answer().status() != 101) {
            socket.close();
            assertThat(System.nanoTime()).as("refused with " + socket.answer()).isLessThan(deadline);
            socket = RawWebSocket.attempt(server(OPEN), client.upgradeQuery());
        }
        socket.send("2probe");
        assertThat(socket.text()).isEqualTo("3probe");
        return socket;
    }

    private RawWebSocket upgraded(PollingClient client) {
        RawWebSocket socket = probe(client);
        socket.send("5");
        socket.send("42[\"message\",\"upgraded\"]");
        assertThat(socket.text()).isEqualTo("42[\"message-back\",\"upgraded\"]");
        return socket;
    }

    /** Over HTTP, or by closing what was opened without a word. */
    private static void assertRefused(RawWebSocket socket) {
        if (socket.answer().status() == 101) {
            socket.closed();
        } else {
            assertThat(socket.answer().status()).isEqualTo(400);
        }
    }

    private static String nextButNoop(PollingClient client) {
        String packet = client.next();
        while (packet.equals("6")) {
            packet = client.next();
        }
        return packet;
    }
}
