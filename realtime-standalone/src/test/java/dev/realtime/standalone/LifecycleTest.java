package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.OperatorPages;
import dev.realtime.spi.UpgradeDecision;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final FakeDoors doors = new FakeDoors();

    @Test
    void aServerStartsAgainOnThePortOfOneThatHadOpenConnections() throws Exception {
        StandaloneServer first = doors.start();
        int port = first.port();
        List<RawWebSocket> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(RawWebSocket.open(port));
        }
        Socket held = new Socket("127.0.0.1", port);
        held.getOutputStream().write("GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
        doors.exchange();
        first.close();
        assertThat(doors.peers)
                .hasSize(50)
                .allSatisfy(peer -> assertThat(peer.closes).containsExactly(1001));
        for (RawWebSocket client : clients) {
            assertThat(client.closeCode()).isEqualTo(1001);
            assertThat(client.isEnded()).isTrue();
        }
        try (StandaloneServer second = StandaloneServer.start(
                        doors.engine(),
                        StandaloneOptions.DEFAULT.host("127.0.0.1").port(port));
                RawWebSocket client = RawWebSocket.open(second.port())) {
            client.send(RawWebSocket.frame(0x81, "again".getBytes()));
            assertThat(client.read().text()).isEqualTo("again");
        }
        held.close();
    }

    @Test
    void drainingRefusesConnectionsAndTellsHealth() throws Exception {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        CompletableFuture<Void> draining = new CompletableFuture<>();
        AtomicBoolean open = new AtomicBoolean(true);
        OperatorPages pages = (path, inFull) -> CompletableFuture.completedFuture(
                draining.isDone()
                        ? JsonReplies.error(503, "drains")
                        : JsonReplies.reply(200, "{\"status\":\"UP\"}", Map.of()));
        ServedEngine engine = new ServedEngine(doors, open::get, pages, options -> {
            draining.complete(null);
            return drained;
        });
        StandaloneServer server = StandaloneServer.start(
                engine, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
        try (RawWebSocket known = RawWebSocket.connect(server.port(), 0)) {
            known.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            assertThat(known.head()).startsWith("HTTP/1.1 200 ");
            known.in.readNBytes("{\"status\":\"UP\"}".length());
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            draining.get(5, TimeUnit.SECONDS);
            known.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            assertThat(known.head()).startsWith("HTTP/1.1 503 ");
            new Socket("127.0.0.1", server.port()).close(); // it has only been announced
            open.set(false);
            await("the port")
                    .untilAsserted(() -> assertThatThrownBy(() -> new Socket("127.0.0.1", server.port()).close())
                            .isInstanceOf(IOException.class));
            drained.complete(null);
            closing.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void clientsThatNeverHangUpDoNotHoldAStopUpForAsLongAsPatienceLasts() throws Exception {
        doors.patience = Duration.ofMinutes(1);
        StandaloneServer server = doors.start();
        try (RawWebSocket silent = RawWebSocket.connect(server.port(), 0);
                RawWebSocket keptAlive = RawWebSocket.connect(server.port(), 0);
                RawWebSocket abandoned = RawWebSocket.connect(server.port(), 0);
                RawWebSocket leaving = RawWebSocket.connect(server.port(), 0)) {
            keptAlive.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            abandoned.send("GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            leaving.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
            assertThat(keptAlive.head()).startsWith("HTTP/1.1 200 ");
            assertThat(leaving.head()).startsWith("HTTP/1.1 200 ");
            doors.exchange();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            assertThat(abandoned.head()).startsWith("HTTP/1.1 503 ");
            closing.get(30, TimeUnit.SECONDS); // many times a second, and half of the patience
        }
    }

    @Test
    void aClientThatNeverAnswersItsCloseFrameDoesNotHoldAStopUpForAsLongAsPatienceLasts() throws Exception {
        doors.patience = Duration.ofMinutes(2);
        StandaloneServer server = doors.start();
        try (RawWebSocket silent = RawWebSocket.open(server.port())) {
            FakeDoors.Peer peer = doors.peer();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            assertThat(silent.closeCode()).isEqualTo(1001);
            closing.get(60, TimeUnit.SECONDS); // many times what a stop takes, and half of the patience
            assertThat(peer.closes).containsExactly(1001);
        }
    }

    @Test
    void whoeverIsInterruptedDoesNotWaitForAThreadThatIsStuck() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        doors.judge = request -> new UpgradeDecision.Accepted(Map.of(), connection -> {
            opening.countDown();
            awaitWhateverComes(stuck);
            return new FakeDoors.Peer(connection, false);
        });
        ServedEngine engine = new ServedEngine(doors, () -> true, FakeDoors.PAGES, atMost -> {
            Thread.currentThread().interrupt();
            return new CompletableFuture<>();
        });
        StandaloneServer server = StandaloneServer.start(
                engine, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            client.sendHandshake("/socket.io/");
            opening.await();
            Thread closing = new Thread(server::close);
            closing.start();
            closing.join(Duration.ofSeconds(10).toMillis());
            assertThat(closing.isAlive()).isFalse();
        } finally {
            stuck.countDown();
        }
    }

    @Test
    void whoIsInterruptedBeforeItStopsIsSoAfterwards() {
        StandaloneServer server = doors.start();
        Thread.currentThread().interrupt();
        server.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> new Socket("127.0.0.1", server.port()).close()).isInstanceOf(IOException.class);
    }

    /** A selector closes a port when it comes to it: until then the port takes connections, and no other server can have it. */
    @Test
    void aServerThatHasStoppedHasNoIoThreadLeft() throws Exception {
        SelectorThreads threads = new SelectorThreads(new HttpCounters());
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean closed = new AtomicBoolean();
        threads.execute(() -> {
            running.countDown();
            while (!Thread.interrupted()) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 2_000_000; i++) {
                Thread.onSpinWait(); // a selector has something to do when it is told to stop
            }
            closed.set(true);
        });
        running.await();
        threads.end();
        assertThat(closed).isTrue();
    }

    @Test
    void idleConnectionsAreEndedButWebSocketsAndHeldRequestsStay() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(
                        doors.engine(),
                        StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).idleTimeout(Duration.ofMillis(1500)));
                RawWebSocket upgraded = RawWebSocket.open(server.port());
                RawWebSocket held = RawWebSocket.connect(server.port(), 0);
                RawWebSocket silent = RawWebSocket.connect(server.port(), 0);
                RawWebSocket dribbling = RawWebSocket.connect(server.port(), 0);
                RawWebSocket keptAlive = RawWebSocket.connect(server.port(), 0)) {
            held.send("GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            dribbling.send("GET /socket.io/ HTTP/1.1\r\nHo".getBytes());
            keptAlive.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            assertThat(silent.isEnded()).isTrue();
            assertThat(dribbling.isEnded()).isTrue();
            assertThat(keptAlive.head()).startsWith("HTTP/1.1 200 ");
            assertThat(keptAlive.isEnded()).isTrue();
            upgraded.send(RawWebSocket.frame(0x81, "alive".getBytes()));
            assertThat(upgraded.read().text()).isEqualTo("alive");
            doors.exchange().reply(FakeDoors.ok("held"));
            assertThat(held.head()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aPortInUseIsSaid() {
        try (StandaloneServer first = doors.start()) {
            assertThatThrownBy(() -> StandaloneServer.start(
                            doors.engine(),
                            StandaloneOptions.DEFAULT.host("127.0.0.1").port(first.port())))
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + first.port());
        }
    }

    private static void awaitWhateverComes(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // it is the thread that does not listen
            }
        }
    }
}
