package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Socket.IO 5, "Connection to a namespace" and "Disconnection from a namespace". */
abstract class NamespaceRules extends TransportContract.Rules {

    @ParameterizedTest
    @ValueSource(strings = {"", "/custom,", "/dynamic-101,"})
    void connectIsAnsweredWithAnIdAndThePayloadArrives(String namespace) {
        try (RawWebSocket socket = webSocket(OPEN)) {
            String sid = FlatJson.text(SocketClient.opened(socket), "sid");

            socket.send("40" + namespace + "{\"token\":\"123\"}");

            String connected = socket.text();
            assertThat(connected).startsWith("40" + namespace + "{");
            assertThat(FlatJson.keys(connected)).containsExactly("sid");
            assertThat(FlatJson.text(connected, "sid"))
                    .as("ids of sessions are public, those of connections are not")
                    .isNotEqualTo(sid);
            assertThat(socket.text()).isEqualTo("42" + namespace + "[\"auth\",{\"token\":\"123\"}]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/custom,", "/custom"})
    void payloadMayBeMissing(String namespace) {
        try (RawWebSocket socket = webSocket(OPEN)) {
            SocketClient.opened(socket);

            socket.send("40" + namespace);

            String prefix = namespace.isEmpty() ? "" : "/custom,";
            assertThat(socket.text()).startsWith("40" + prefix + "{");
            assertThat(socket.text()).isEqualTo("42" + prefix + "[\"auth\",{}]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/random", "/dynamic-", "/dynamic-1x", "/custom/sub", "/Custom"})
    void unknownNamespaceIsRefusedAndTheConnectionStays(String namespace) {
        try (RawWebSocket socket = webSocket(OPEN)) {
            SocketClient.opened(socket);

            socket.send("40" + namespace + ",");

            assertThat(socket.text()).isEqualTo("44" + namespace + ",{\"message\":\"Invalid namespace\"}");
            assertThat(SocketClient.join(socket, "/", "")).isNotEmpty();
        }
    }

    @Test
    void refusalCarriesMessageAndData() {
        try (RawWebSocket socket = webSocket(OPEN)) {
            SocketClient.opened(socket);

            socket.send("40/restricted,{\"token\":\"guessed\"}");

            String refused = socket.text();
            assertThat(refused).startsWith("44/restricted,{");
            assertThat(FlatJson.text(refused, "message")).isEqualTo("not for you");
            assertThat(refused).containsPattern("\"data\":\\{[^}]*\"code\":\"restricted\"");
            assertThat(FlatJson.text(refused, "hint")).isEqualTo("ask for a token");
            assertThat(SocketClient.join(socket, "/restricted", "{\"token\":\"let-me-in\"}"))
                    .isNotEmpty();
        }
    }

    @Test
    void namespacesShareAConnectionAndNothingElse() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            String custom = SocketClient.join(socket, "/custom", "");
            assertThat(custom).isNotEqualTo(client.id());

            socket.send("42/custom,[\"message\",\"a\"]");
            assertThat(socket.text()).isEqualTo("42/custom,[\"message-back\",\"a\"]");
            socket.send("42[\"message\",\"b\"]");
            assertThat(socket.text()).isEqualTo("42[\"message-back\",\"b\"]");
        }
    }

    @Test
    void leavingOneNamespaceLeavesTheOther() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            SocketClient.join(socket, "/custom", "");

            socket.send("41/custom,");
            client.echoes("still in the main namespace");
            assertThat(SocketClient.join(socket, "/custom", "")).isNotEmpty();
        }
    }

    @Test
    void mainNamespaceMayBeLeftAndJoinedAgain() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("41");
            client.socket().roundTrip();
            assertThat(SocketClient.join(client.socket(), "/", "")).isNotEqualTo(client.id());
            client.echoes("back again");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void mainNamespaceMayBeLeftAndJoinedAgainAtOnce() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("41");
            assertThat(SocketClient.join(client.socket(), "/", "")).isNotEqualTo(client.id());
            client.echoes("back again");
        }
    }

    @Test
    void serverMayEndOneSession() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            SocketClient.join(socket, "/custom", "");

            socket.send("42/custom,[\"end-session\"]");

            assertThat(socket.text()).isEqualTo("41/custom,");
            client.echoes("the other stays");
        }
    }

    @Test
    void serverMayEndTheConnection() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42[\"end-connection\"]");

            assertThat(client.socket().text()).isEqualTo("41");
            client.socket().closed();
        }
    }

    /** Each refusal of what it sends too often is told by an event behind the acknowledgement, and so is the last. */
    @Test
    @Tag(TransportContract.STRICTER)
    void whoIsDisconnectedForSendingTooMuchHearsWhyBefore() {
        try (RawWebSocket socket = webSocket(ServerVariant.JUDGED)) {
            SocketClient.opened(socket);
            SocketClient.join(socket, "/", "{\"user\":\"loud over a WebSocket\"}");
            String told = "";
            while (!told.contains("\"action\":\"disconnect\"")) {
                socket.send("421[\"rarely\"]");
                told = socket.text().contains("\"rate_limited\"") ? socket.text() : "";
            }
            assertThat(told).startsWith("42[\"realtime:error\"");
            assertThat(socket.text()).isEqualTo("41");
            socket.closed();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"4abc", "4", "42[\"message\",1]", "41", "43[]", "47", "40{\"token\":", "40[]", "40\"text\""})
    void anythingButConnectFirstClosesTheConnection(String packet) {
        try (RawWebSocket socket = webSocket(OPEN)) {
            SocketClient.opened(socket);
            socket.send(packet);
            socket.closed();
        }
    }

    @Test
    void eventToANamespaceThatWasNotJoinedClosesTheConnection() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42/custom,[\"message\",1]");
            client.socket().closed();
        }
    }

    /** The reference implementation closes the connection and with it all its sessions. */
    @Tag(TransportContract.STRICTER)
    @Test
    void secondConnectToANamespaceReplacesItsSessionAlone() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            String first = SocketClient.join(socket, "/custom", "");

            assertThat(SocketClient.join(socket, "/custom", "")).isNotEqualTo(first);

            client.echoes("the other stays");
        }
    }

    @Test
    void twoConnectsInOneWriteKeepTheOtherNamespace() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            byte[] connect = RawWebSocket.encode(
                    RawWebSocket.FIN | RawWebSocket.TEXT,
                    "40/custom,".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            byte[] both = java.util.Arrays.copyOf(connect, connect.length * 2);
            System.arraycopy(connect, 0, both, connect.length, connect.length);
            socket.write(both);

            int connects = 0;
            boolean greeted = false;
            while (connects < 2 || !greeted) { // each is answered; the first session may end before it is greeted
                String text = socket.text();
                connects += text.startsWith("40/custom,{") ? 1 : 0;
                greeted = connects == 2 && text.startsWith("42/custom,[\"auth\"");
            }
            client.echoes("the other stays");
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void namespacesOfAConnectionAreLimited() {
        try (SocketClient client = client(OPEN)) {
            for (int i = 1; i < ServerVariant.MAX_NAMESPACES; i++) {
                SocketClient.join(client.socket(), "/dynamic-" + i, "");
            }

            client.socket().send("40/dynamic-999,");

            assertThat(client.socket().text()).startsWith("44/dynamic-999,{").contains("too_many_namespaces");
            client.echoes("the others stay");
        }
    }
}
