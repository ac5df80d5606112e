package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpReply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the kernel keeps for clients that do not read: little while they are there, nothing once the server has let them go. */
@EnabledOnOs(OS.LINUX)
class KernelBuffersTest {
    private static final int READERS = 50;
    private static final Frame MORE_THAN_FITS =
            Frame.binary(new byte[20_000_000]); // one for all: a heap has room for few

    private final FakeDoors doors = new FakeDoors();
    private final List<RawWebSocket> clients = new ArrayList<>();
    private StandaloneServer server = doors.start();

    @AfterEach
    void stop() throws IOException {
        for (RawWebSocket client : clients) {
            client.close();
        }
        server.close();
    }

    @Test
    void aStalledReaderThatIsLetGoLeavesNothingBehind() throws Exception {
        doors.patience = Duration.ofMinutes(5);
        for (int i = 0; i < READERS; i++) {
            stalled().connection.terminate();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sockets(server.port()))
                        .as("sockets of the server, whatever their state")
                        .isEmpty());
    }

    @Test
    void soDoesOneThatIsSaidGoodbyeTo() throws Exception {
        for (int i = 0; i < READERS; i++) {
            stalled().connection.close(1001, "too slow");
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sockets(server.port())).isEmpty());
    }

    @Test
    void soDoesOneThatSaysGoodbyeItselfAndReadsNothing() throws Exception {
        for (int i = 0; i < READERS; i++) {
            FakeDoors.Peer peer = open();
            peer.sendText("x".repeat(50_000)); // the kernel takes it, the client does not
            clients.get(i).send(RawWebSocket.frame(0x88, new byte[] {3, (byte) 0xe8}));
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sockets(server.port())).isEmpty());
    }

    @Test
    void soDoesOneThatEndsItsDirectionAndReadsNothing() throws Exception {
        for (int i = 0; i < READERS; i++) {
            FakeDoors.Peer peer = open();
            peer.sendText("x".repeat(50_000));
            clients.get(i).socket.shutdownOutput();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sockets(server.port())).isEmpty());
    }

    @Test
    void soDoesAnHttpClientThatAskedForItsLastReplyAndReadsNothing() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
            socket.getOutputStream()
                    .write("GET /socket.io/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            doors.exchange().reply(new HttpReply(200, Map.of(), new byte[40_000]));
            sockets.add(socket);
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sockets(server.port())).isEmpty());
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void whatTheKernelHoldsForOneClientIsAnOption() throws Exception {
        long bounded = held();
        server.close();
        server = StandaloneServer.start(
                doors.engine(),
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).sendBuffer(0));
        long unbounded = held();
        assertThat(bounded).isPositive().isLessThan(200_000);
        assertThat(unbounded).as("the system's own choice").isGreaterThan(2 * bounded);
    }

    /** Bytes in the server's send queue for one reader that has stalled. */
    private long held() throws Exception {
        stalled();
        return sockets(server.port()).stream()
                .mapToLong(line -> Long.parseLong(line[4].substring(0, 8), 16))
                .max()
                .orElse(0);
    }

    private FakeDoors.Peer stalled() throws Exception {
        FakeDoors.Peer peer = open();
        assertThat(peer.send(MORE_THAN_FITS)).isFalse();
        return peer;
    }

    private FakeDoors.Peer open() throws Exception {
        RawWebSocket client = RawWebSocket.connect(server.port(), 4_096);
        clients.add(client);
        client.handshake("/socket.io/");
        return doors.peer();
    }

    /** The server's halves of connections, as the kernel sees them; those that are only remembered (TIME-WAIT) do not count. */
    private static List<String[]> sockets(int port) throws IOException {
        String local = String.format(":%04X", port);
        List<String[]> found = new ArrayList<>();
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            Files.readAllLines(Path.of(table)).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(f -> f.length > 4 && f[1].endsWith(local) && !f[3].equals("0A") && !f[3].equals("06"))
                    .forEach(found::add);
        }
        return found;
    }
}
