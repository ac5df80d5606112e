package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.RequestView;
import dev.realtime.spi.UpgradeDecision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Whoever comes behind many others does not wait a turn of the I/O thread for each of them. */
@EnabledOnOs(OS.LINUX)
class AcceptingTest {
    private static final int CLIENTS = 12; // fewer than are accepted in one turn

    private final FakeDoors doors = new FakeDoors();

    @Test
    void thoseWhoWaitAreAcceptedTogether() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        doors.judge = request -> hold(request, reached, release);
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).selectors(1))) {
            List<Socket> sockets = new ArrayList<>();
            sockets.add(ask(server.port()));
            assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue(); // the I/O thread is busy now
            for (int i = 0; i < CLIENTS; i++) {
                sockets.add(ask(server.port()));
            }
            assertThat(waiting(server.port())).isEqualTo(CLIENTS);
            CompletableFuture<Long> behindTheFirst = new CompletableFuture<>();
            doors.judge = request -> {
                behindTheFirst.complete(waiting(server.port()));
                return doors.accept(request);
            };
            release.countDown();
            assertThat(behindTheFirst.get(30, TimeUnit.SECONDS))
                    .as("who still waits when the first of them is served")
                    .isZero();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private UpgradeDecision hold(RequestView request, CountDownLatch reached, CountDownLatch release) {
        reached.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return doors.accept(request);
    }

    private static Socket ask(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream()
                .write(
                        ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                                        + RawWebSocket.KEY + "\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** Connections that the kernel has for the server and the server has not taken: the receive queue of what listens. */
    private static long waiting(int port) {
        String local = String.format(":%04X", port);
        AtomicLong waiting = new AtomicLong();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                lines.map(line -> line.trim().split("\\s+"))
                        .filter(fields -> fields[1].endsWith(local) && fields[3].equals("0A"))
                        .forEach(fields -> waiting.addAndGet(Long.parseLong(fields[4].substring(9), 16)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return waiting.get();
    }
}
