package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.RECOVERING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Replays that are asked for again and again, and not read: others are served all the same, and whose they are loses nothing. How long they wait is no
 * measure on a busy machine; that a replay comes in portions, and others between them, is shown on virtual time.
 */
@Tag(TransportContract.STRICTER)
abstract class HostileReplayRules extends TransportContract.Rules {
    /** Far more than an outbox holds, and with all echoes beside it far less than the 100,000 entries that a log keeps. */
    private static final int MISSED = 30_000;

    private static final int ATTEMPTS = 48;

    @Test
    void replaysThatAreAskedForAgainAndAgainAndNotReadKeepNobodyFromBeingServed() {
        try (SocketClient bystander = SocketClient.connect(server(RECOVERING))) {
            String privateId = missMuch();
            for (int i = 0; i < ATTEMPTS; i++) {
                RawWebSocket socket = comeBack(privateId);
                try {
                    echo(bystander);
                } finally {
                    socket.close(); // without having read anything
                }
            }
        }
    }

    @Test
    void oneWhoMissedMuchGetsAllOfItWhileOthersAreServed() throws InterruptedException {
        try (SocketClient bystander = SocketClient.connect(server(RECOVERING))) {
            String privateId = missMuch();
            try (RawWebSocket socket = comeBack(privateId)) {
                Thread reader = new Thread(() -> readAll(socket));
                reader.start();
                while (reader.isAlive()) {
                    echo(bystander);
                }
                reader.join();
            }
            try (RawWebSocket socket = comeBack(privateId)) {
                assertThat(FlatJson.text(socket.text(), "pid"))
                        .as("it is the same session, whose log has not been trimmed")
                        .isEqualTo(privateId);
                for (int i = 0; i < MISSED; ) {
                    String text = socket.text();
                    if (text.startsWith("42[\"numbered\"")) {
                        assertThat(text).startsWith("42[\"numbered\"," + i + ",");
                        i++;
                    }
                }
            }
        }
    }

    private static void readAll(RawWebSocket socket) {
        int seen = 0;
        while (seen < MISSED) {
            if (socket.text().startsWith("42[\"numbered\"")) {
                seen++;
            }
        }
    }

    /** A session to which much was sent when its client had gone; gives its private id. */
    private String missMuch() {
        try (RawWebSocket socket = RawWebSocket.open(server(RECOVERING), SocketClient.WEBSOCKET)) {
            SocketClient.opened(socket);
            socket.send("40");
            String privateId = FlatJson.text(socket.text(), "pid");
            socket.send("42[\"burst\",0," + MISSED + ",8]");
            return privateId;
        }
    }

    private RawWebSocket comeBack(String privateId) {
        RawWebSocket socket = RawWebSocket.open(server(RECOVERING), SocketClient.WEBSOCKET);
        SocketClient.opened(socket);
        socket.send("40{\"pid\":\"" + privateId + "\"}");
        return socket;
    }

    /** Through the log and back, as everything that is sent to others. */
    private static void echo(SocketClient client) {
        client.socket().send("42[\"message\",\"undisturbed\"]");
        assertThat(client.socket().text()).startsWith("42[\"message-back\",\"undisturbed\"");
    }
}
