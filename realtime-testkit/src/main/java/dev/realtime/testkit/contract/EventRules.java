package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Socket.IO 5, "Sending and receiving data" and "Acknowledgement", over a WebSocket and over polling. */
abstract class EventRules extends TransportContract.Rules {
    private static final String FIRST = "{\"_placeholder\":true,\"num\":0}";
    private static final String SECOND = "{\"_placeholder\":true,\"num\":1}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,\"2\",{\"3\":[true]}",
                "null",
                "{}",
                "[]",
                "-1.5",
                "1e300",
                "9007199254740993",
                "\"\\\"quoted\\\" \\\\ \\n\"",
                "{\"__proto__\":{\"x\":1},\"constructor\":2}",
                "{\"_placeholder\":false}",
                "{\"a\":{\"b\":{\"c\":[[[1]]]}}}"
            })
    void argumentsAreEchoed(String arguments) {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42[\"message\"," + arguments + "]");
            String echo = client.socket().text();
            if (arguments.startsWith("1e300") || arguments.startsWith("9007") || arguments.contains("__proto__")) {
                assertThat(echo)
                        .startsWith("42[\"message-back\","); // numbers and such keys have several good spellings
            } else {
                assertThat(echo).isEqualTo("42[\"message-back\"," + arguments + "]");
            }
        }
    }

    @Test
    void eventMayHaveNoArguments() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42[\"message\"]");
            assertThat(client.socket().text()).isEqualTo("42[\"message-back\"]");
        }
    }

    @Test
    void binaryAttachmentsTravelBesideTheText() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            socket.send("452-[\"message\"," + FIRST + "," + SECOND + "]");
            socket.send(new byte[] {1, 2, 3});
            socket.send(new byte[] {4, 5, 6});

            assertThat(socket.text()).isEqualTo("452-[\"message-back\"," + FIRST + "," + SECOND + "]");
            assertThat(socket.binary()).containsExactly(1, 2, 3);
            assertThat(socket.binary()).containsExactly(4, 5, 6);
        }
    }

    @Test
    void attachmentMayStandDeepInAPayloadAndBeEmpty() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            socket.send("452-[\"message\",{\"a\":[" + SECOND + "],\"b\":" + FIRST + "}]");
            socket.send(new byte[0]);
            socket.send(new byte[] {9});

            // the server numbers what it sends anew, in the order in which it stands in the payload
            assertThat(socket.text()).matches("452-\\[\"message-back\",\\{\"a\":\\[\\{.*}],\"b\":\\{.*}}]");
            assertThat(socket.binary().length + socket.binary().length).isEqualTo(1);
        }
    }

    @Test
    void attachmentsOfAnotherNamespaceKeepApart() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            SocketClient.join(socket, "/custom", "");
            socket.send("451-/custom,[\"message\"," + FIRST + "]");
            socket.send(new byte[] {7});

            assertThat(socket.text()).isEqualTo("451-/custom,[\"message-back\"," + FIRST + "]");
            assertThat(socket.binary()).containsExactly(7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "456", "2147483647", "4294967296"})
    void acknowledgementCarriesTheId(String id) {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("42" + id + "[\"message-with-ack\",1,\"2\",{\"3\":[false]}]");
            assertThat(client.socket().text()).isEqualTo("43" + id + "[1,\"2\",{\"3\":[false]}]");
        }
    }

    @Test
    void acknowledgementMayBeEmpty() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("427[\"message-with-ack\"]");
            assertThat(client.socket().text()).isEqualTo("437[]");
        }
    }

    @Test
    void acknowledgementOfAnotherNamespaceSaysSo() {
        try (SocketClient client = client(OPEN)) {
            SocketClient.join(client.socket(), "/custom", "");
            client.socket().send("42/custom,12[\"message-with-ack\",\"x\"]");
            assertThat(client.socket().text()).isEqualTo("43/custom,12[\"x\"]");
        }
    }

    @Test
    void acknowledgementMayBeBinary() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            socket.send("452-789[\"message-with-ack\"," + FIRST + "," + SECOND + "]");
            socket.send(new byte[] {1, 2, 3});
            socket.send(new byte[] {4, 5, 6});

            assertThat(socket.text()).isEqualTo("462-789[" + FIRST + "," + SECOND + "]");
            assertThat(socket.binary()).containsExactly(1, 2, 3);
            assertThat(socket.binary()).containsExactly(4, 5, 6);
        }
    }

    @Test
    void serverMayAskForAnAcknowledgement() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            socket.send("42[\"ask-me\",\"how are you\"]");
            String question = socket.text();
            assertThat(question).matches("42\\d+\\[\"question\",\"how are you\"]");
            String id = question.substring(2, question.indexOf('['));

            socket.send("43" + id + "[\"fine\"]");

            assertThat(socket.text()).isEqualTo("42[\"answered\",\"fine\"]");
        }
    }

    @Test
    void acknowledgementThatNobodyAskedForIsIgnored() {
        try (SocketClient client = client(OPEN)) {
            client.socket().send("43999[\"forged\"]");
            client.echoes("nothing happened");
        }
    }

    @Test
    void secondAcknowledgementIsIgnored() {
        try (SocketClient client = client(OPEN)) {
            RawWebSocket socket = client.socket();
            socket.send("42[\"ask-me\",\"once\"]");
            String question = socket.text();
            String id = question.substring(2, question.indexOf('['));
            socket.send("43" + id + "[\"first\"]");
            socket.send("43" + id + "[\"second\"]");

            assertThat(socket.text()).isEqualTo("42[\"answered\",\"first\"]");
            client.echoes("and no second answer");
        }
    }

    @Test
    void acknowledgementTravelsOverPollingToo() {
        PollingClient client = polling(OPEN);
        client.connect();

        client.send("451-3[\"message-with-ack\"," + FIRST + "]", "bAQID");

        assertThat(client.next()).isEqualTo("461-3[" + FIRST + "]");
        assertThat(client.next()).isEqualTo("bAQID");
    }

    @Test
    void attachmentsMaySpreadOverPosts() {
        PollingClient client = polling(OPEN);
        client.connect();

        client.send("452-[\"message\"," + FIRST + "," + SECOND + "]", "bAQID");
        client.send("bBAUG");

        assertThat(client.next()).isEqualTo("452-[\"message-back\"," + FIRST + "," + SECOND + "]");
        assertThat(client.next()).isEqualTo("bAQID");
        assertThat(client.next()).isEqualTo("bBAUG");
    }
}
