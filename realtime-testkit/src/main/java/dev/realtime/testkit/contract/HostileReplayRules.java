package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.RECOVERING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replays that are asked for again and again, and not read: nobody else waits for them, and whose they are loses nothing. */
@Tag(TransportContract.STRICTER)
abstract class HostileReplayRules extends TransportContract.Rules {
    /** Far more than an outbox holds, and with all echoes beside it far less than the 100,000 entries that a log keeps. */
    private static final int MISSED = 30_000;

    private static final int ATTEMPTS = 48;
    private static final Duration QUIET_ECHO = Duration.ofMillis(500);
    private static final Duration BOUND = Duration.ofSeconds(12);
    private static final int QUIET = 20;

    @Test
    void replaysThatAreAskedForAgainAndAgainAndNotReadHoldNobodyUp() {
        try (SocketClient bystander = SocketClient.connect(server(RECOVERING))) {
            String privateId = missMuch();
            Duration bound = bound(bystander);
            long worst = 0;
            for (int i = 0; i < ATTEMPTS; i++) {
                RawWebSocket socket = comeBack(privateId);
                try {
                    worst = Math.max(worst, echo(bystander));
                } finally {
                    socket.close(); // without having read anything
                }
            }
            assertThat(Duration.ofNanos(worst))
                    .as("the longest that another client waited")
                    .isLessThan(bound);
        }
    }

    @Test
    void oneWhoMissedMuchGetsAllOfItAndHoldsNobodyUp() throws InterruptedException {
        try (SocketClient bystander = SocketClient.connect(server(RECOVERING))) {
            String privateId = missMuch();
            Duration bound = bound(bystander);
            long[] worst = new long[1];
            try (RawWebSocket socket = comeBack(privateId)) {
                Thread reader = new Thread(() -> readAll(socket));
                reader.start();
                while (reader.isAlive()) {
                    worst[0] = Math.max(worst[0], echo(bystander));
                }
                reader.join();
            }
            assertThat(Duration.ofNanos(worst[0]))
                    .as("the longest that another client waited")
                    .isLessThan(bound);
            try (RawWebSocket socket = comeBack(privateId)) {
                assertThat(Json.text(socket.text(), "pid"))
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

    /**
     * When all that was missed has been emitted. Without load it is a few milliseconds, but this is no measurement: a machine may be busy with other
     * things. An engine that collects replays in the turn of what is live gives no answer for longer than any read waits.
     */
    private static Duration bound(SocketClient bystander) {
        long[] slowest = new long[1];
        Waiting.until("quiet after the emits", () -> {
            slowest[0] = 0;
            for (int i = 0; i < QUIET; i++) {
                slowest[0] = Math.max(slowest[0], echo(bystander));
            }
            return slowest[0] < QUIET_ECHO.toNanos();
        });
        return BOUND.plusNanos(4 * slowest[0]);
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
            String privateId = Json.text(socket.text(), "pid");
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

    /** Through the log and back, as everything that is sent to others; in nanoseconds. */
    private static long echo(SocketClient client) {
        long start = System.nanoTime();
        client.socket().send("42[\"message\",\"undisturbed\"]");
        assertThat(client.socket().text()).startsWith("42[\"message-back\",\"undisturbed\"");
        return System.nanoTime() - start;
    }
}
