package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.UpgradeDecision;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Upgrades that the application judges: the connection waits, and no thread with it. */
class JudgedUpgradeTest {
    private final FakeDoors doors = new FakeDoors();
    private final BlockingQueue<UpgradeDecision> decisions = new LinkedBlockingQueue<>();
    private final CompletableFuture<UpgradeDecision> judged = new CompletableFuture<>();
    private StandaloneServer server;

    @BeforeEach
    void start() {
        doors.think = decision -> {
            decisions.add(decision);
            return judged;
        };
        server = doors.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private UpgradeDecision waiting() throws InterruptedException {
        UpgradeDecision decision = decisions.poll(10, TimeUnit.SECONDS);
        if (decision == null) {
            throw new AssertionError("the doors were not asked");
        }
        await().until(() -> judged.getNumberOfDependents() > 0);
        return decision;
    }

    @Test
    void anUpgradeThatIsJudgedLaterBecomesAWebSocketThen() throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            client.sendHandshake("/socket.io/");
            UpgradeDecision decision = waiting();
            try (RawWebSocket other = RawWebSocket.connect(server.port(), 0)) {
                other.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(other.head()).startsWith("HTTP/1.1 200 ");
            }
            judged.complete(decision);
            assertThat(client.head()).startsWith("HTTP/1.1 101 ").contains("X-Engine: yes");
            client.send(RawWebSocket.frame(0x81, "hello".getBytes(StandardCharsets.UTF_8)));
            assertThat(client.read().text()).isEqualTo("hello");
        }
        assertThat(doors.peer().closeCode()).isEqualTo(1006);
    }

    @Test
    void anUpgradeThatIsJudgedLaterMayBeRefusedAndTheConnectionStaysUsable() throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            client.sendHandshake("/socket.io/");
            waiting();
            judged.complete(
                    new UpgradeDecision.Refused(new HttpReply(403, Map.of("X-Why", "banned"), new byte[] {'n', 'o'})));
            assertThat(client.head()).startsWith("HTTP/1.1 403 ").contains("X-Why: banned");
            assertThat(client.in.readNBytes(2)).containsExactly('n', 'o');
            doors.think = CompletableFuture::completedFuture;
            assertThat(client.handshake("/socket.io/")).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void aClientThatGoesAwayCancelsTheJudgement() throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            client.sendHandshake("/socket.io/");
            waiting();
        }
        await().until(judged::isCancelled);
        assertThat(doors.peers).isEmpty();
    }

    @Test
    void framesSentBeforeTheAnswerDoNoHarm() throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            client.sendHandshake("/socket.io/");
            UpgradeDecision decision = waiting();
            client.send(RawWebSocket.frame(0x81, "early".getBytes(StandardCharsets.UTF_8)));
            judged.complete(decision);
            assertThat(client.head()).matches(head -> head.contains(" 101 ") || head.contains(" 400 "));
        }
        await().until(() -> doors.peers.stream().allMatch(peer -> peer.closes.size() == 1));
    }

    @Test
    void aServerThatStopsAnswersWhoIsBeingJudged() throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            client.sendHandshake("/socket.io/");
            UpgradeDecision decision = waiting();
            server.close();
            assertThat(client.head()).startsWith("HTTP/1.1 503 ");
            judged.complete(decision);
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(doors.peers).isEmpty();
    }
}
