package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.CRAMPED;
import static dev.realtime.testkit.contract.ServerVariant.CRAMPED_PAYLOAD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Clients that announce or hold as much as they may, and more: others get in meanwhile, and nothing of it stays counted behind them. */
@Tag(TransportContract.STRICTER)
@Execution(ExecutionMode.SAME_THREAD) // they look at the budget of one server
abstract class HostileBudgetRules extends TransportContract.Rules {
    private static final int MOST = 64; // of which far fewer find room

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void nothingStaysCounted() throws Exception {
        for (AutoCloseable client : open) {
            client.close();
        }
        open.clear();
        try (Figures figures = Figures.of(server(CRAMPED))) {
            Waiting.until("nothing to be held", () -> figures.gauge("inbound.bytes") == 0);
        }
    }

    private <T extends AutoCloseable> T keep(T client) {
        open.add(client);
        return client;
    }

    /** By WebSocket and by polling. */
    private void newcomersGetIn() {
        try (SocketClient client = client(CRAMPED)) {
            client.echoes("here");
        }
        PollingClient client = polling(CRAMPED);
        client.connect();
        client.send("41", "1");
    }

    @Test
    void bodiesThatAreAnnouncedAndDoNotComeKeepNobodyOut() {
        Figures figures = keep(Figures.of(server(CRAMPED)));
        long refused = figures.counter("inbound.refused");
        boolean full = false;
        for (int i = 0; i < MOST && !full; i++) {
            PollingClient client = polling(CRAMPED);
            client.connect();
            RawHttp post = keep(RawHttp.announce(server(CRAMPED), "POST", client.query(), CRAMPED_PAYLOAD));
            post.write("42[\"message\",\"" + "x".repeat(1_000));
            long held = i < 2 ? CRAMPED_PAYLOAD * (i + 1L) : 0;
            Waiting.until("the body to be counted", () -> figures.gauge("inbound.bytes") >= held);
            full = figures.counter("inbound.refused") > refused;
        }
        assertThat(full).as("there is an end to it").isTrue();
        newcomersGetIn();
    }

    @Test
    void messagesThatAreNeverFinishedKeepNobodyOut() {
        for (int i = 0; i < MOST; i++) {
            SocketClient client = keep(client(CRAMPED));
            client.socket()
                    .trySend(
                            RawWebSocket.TEXT, ("42[\"message\",\"" + "x".repeat(CRAMPED_PAYLOAD / 2)).getBytes(UTF_8));
        }
        newcomersGetIn();
    }

    @Test
    void connectsThatAreAsLargeAsTheyMayKeepNobodyOut() {
        for (int i = 0; i < MOST; i++) {
            RawWebSocket socket = keep(webSocket(CRAMPED));
            SocketClient.opened(socket);
            socket.trySend("40{\"token\":\"" + "x".repeat(30_000) + "\"}");
        }
        newcomersGetIn();
    }
}
