package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.standalone.FakeDoors.Peer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketTest {
    /** Takes a parser long, and is then refused by it. */
    private static final String MALFORMED = "x;\"a\"aa=client_max_window_bits15=\"\"==\" ";

    private final FakeDoors doors = new FakeDoors();
    private StandaloneServer server;

    @BeforeEach
    void start() {
        server = doors.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void textAndBinaryGoBothWaysAndTheEngineSeesTheRequest() throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            String head = client.handshake("/socket.io/?EIO=4&token=a%2Bb%2525&q=x+y", "X-Custom: One");
            assertThat(head)
                    .startsWith("HTTP/1.1 101 ")
                    .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .contains("X-Engine: yes");
            client.send(RawWebSocket.frame(0x81, "hellö".getBytes(StandardCharsets.UTF_8)));
            client.send(RawWebSocket.frame(0x82, new byte[70_000]));
            assertThat(client.read().text()).isEqualTo("hellö");
            RawWebSocket.Received binary = client.read();
            assertThat(binary.first()).isEqualTo(0x82);
            assertThat(binary.payload()).hasSize(70_000);
        }
        var request = doors.upgrades.take();
        assertThat(request.parameter("token")).isEqualTo("a+b%25");
        assertThat(request.parameter("q")).isEqualTo("x y");
        assertThat(request.headers()).containsKey("x-custom");
        assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
        assertThat(doors.peer().closeCode()).isEqualTo(1006);
    }

    @Test
    void framesMayArriveByteByByteAndInFragments() throws Exception {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            byte[] text = "grüße".getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(RawWebSocket.frame(0x01, java.util.Arrays.copyOf(text, 3))); // splits the ü
            bytes.writeBytes(RawWebSocket.frame(0x89, "p".getBytes(StandardCharsets.UTF_8)));
            bytes.writeBytes(RawWebSocket.frame(0x80, java.util.Arrays.copyOfRange(text, 3, text.length)));
            bytes.writeBytes(RawWebSocket.frame(0x82, new byte[300]));
            for (byte b : bytes.toByteArray()) {
                client.send(new byte[] {b});
            }
            RawWebSocket.Received pong = client.read();
            assertThat(pong.first()).isEqualTo(0x8a);
            assertThat(pong.text()).isEqualTo("p");
            assertThat(client.read().text()).isEqualTo("grüße");
            assertThat(client.read().payload()).hasSize(300);
        }
    }

    @Test
    void aBatchArrivesInOrder() throws Exception {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            Peer peer = doors.peer();
            Frame[] batch = new Frame[500];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = i % 7 == 0
                        ? Frame.binary(new byte[i * 10])
                        : Frame.text(("m" + i).getBytes(StandardCharsets.UTF_8));
            }
            peer.send(batch);
            for (int i = 0; i < batch.length; i++) {
                RawWebSocket.Received next = client.read();
                assertThat(next.payload()).isEqualTo(batch[i].bytes());
                assertThat(next.first()).isEqualTo(batch[i].isBinary() ? 0x82 : 0x81);
            }
        }
    }

    @Test
    void whatASlowReaderLeavesIsFinishedLaterAndTheListenerIsToldOnce() throws Exception {
        doors.echo = false;
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 4_096)) {
            client.handshake("/socket.io/");
            Peer peer = doors.peer();
            byte[] big = new byte[8_000_000];
            java.util.Arrays.fill(big, (byte) 7);
            assertThat(peer.send(Frame.binary(big), Frame.text("4end".getBytes(StandardCharsets.UTF_8))))
                    .isFalse();
            client.send(RawWebSocket.frame(0x89, "1".getBytes(StandardCharsets.UTF_8)));
            client.send(RawWebSocket.frame(0x89, "2".getBytes(StandardCharsets.UTF_8)));
            client.send(RawWebSocket.frame(0x81, "now".getBytes(StandardCharsets.UTF_8)));
            assertThat(peer.texts.poll(5, TimeUnit.SECONDS)).isEqualTo("now");
            assertThat(client.read().payload()).isEqualTo(big);
            assertThat(client.read().text()).isEqualTo("4end");
            assertThat(client.read().text())
                    .as("only the latest ping is answered")
                    .isEqualTo("2");
            assertThat(peer.writes.poll(5, TimeUnit.SECONDS)).isEqualTo("written");
            peer.sendText("more");
            assertThat(client.read().text()).isEqualTo("more");
        }
    }

    @Test
    void theCloseFrameComesBehindPendingBytesAndTheClientsAnswerEndsIt() throws Exception {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            Peer peer = doors.peer();
            peer.sendText("last");
            peer.connection.close(1001, "bye");
            assertThat(client.read().text()).isEqualTo("last");
            assertThat(client.closeCode()).isEqualTo(1001);
            client.send(RawWebSocket.frame(0x88, new byte[] {3, (byte) 0xe9}));
            assertThat(client.isEnded()).isTrue();
            assertThat(peer.closeCode()).isEqualTo(1001);
            assertThat(peer.closes).isEmpty();
        }
    }

    @Test
    void theClientsCloseIsAnsweredAndTold() throws Exception {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            client.send(RawWebSocket.frame(0x88, new byte[] {15, (byte) 0xa1, 'x'}));
            assertThat(client.closeCode()).isEqualTo(4001);
            assertThat(client.isEnded()).isTrue();
            assertThat(doors.peer().closeCode()).isEqualTo(4001);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closingAStalledReaderFreesItsSocketWithinThePatience() throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 4_096)) {
            client.handshake("/socket.io/");
            Peer peer = doors.peer();
            assertThat(peer.send(Frame.binary(new byte[20_000_000]))).isFalse();
            assertThat(established(client)).isEqualTo(1);
            peer.connection.close(1001, "too slow");
            await().atMost(Duration.ofSeconds(10)).until(() -> established(client) == 0);
            assertThat(peer.closeCode()).isEqualTo(1001);
            assertThat(peer.writes.poll(5, TimeUnit.SECONDS)).isEqualTo("failed");
            assertThat(peer.writes).isEmpty();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void terminatingAStalledReaderFreesItsSocketAtOnce() throws Exception {
        doors.patience = Duration.ofMinutes(5);
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 4_096)) {
            client.handshake("/socket.io/");
            Peer peer = doors.peer();
            assertThat(peer.send(Frame.binary(new byte[20_000_000]))).isFalse();
            peer.connection.terminate();
            await().atMost(Duration.ofSeconds(10)).until(() -> established(client) == 0);
            assertThat(peer.closeCode()).isEqualTo(1006);
            assertThat(peer.writes.poll(5, TimeUnit.SECONDS)).isEqualTo("failed");
        }
    }

    /** The server's half of this client's connection, as the kernel sees it. */
    private int established(RawWebSocket client) throws Exception {
        String local = String.format("%04X", server.port());
        String remote = String.format("%04X", client.socket.getLocalPort());
        int found = 0;
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            found += (int) Files.readAllLines(Path.of(table)).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(f -> f.length > 3
                            && f[1].endsWith(":" + local)
                            && f[2].endsWith(":" + remote)
                            && f[3].equals("01"))
                    .count();
        }
        return found;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "unmasked frame, 8101 61, 1002",
        "reserved bit, c180 01020304, 1002",
        "unknown opcode, 8380 01020304, 1002",
        "continuation of nothing, 8080 01020304, 1002",
        "fragmented ping, 0980 01020304, 1002",
        "long ping, 89fe 0080 01020304, 1002",
        "ping with a long length, 89fe 0001 01020304 05, 1002",
        "text with a long length, 81fe 007d 01020304, 1002",
        "text with a longer length, 81ff 000000000000ffff 01020304, 1002",
        "message inside a message, 0180 01020304 8180 01020304, 1002",
        "close with one byte, 8881 01020304 05, 1002",
        "illegal close code, 8882 00000000 03ec, 1002",
        "invalid UTF-8, 8182 00000000 c328, 1007",
        "overlong UTF-8, 8182 00000000 c080, 1007",
        "surrogate in UTF-8, 8183 00000000 eda080, 1007",
        "text above the limit, 81ff 0000000000020000 01020304, 1009",
        "binary above the limit, 82ff 7fffffffffffffff 01020304, 1009",
        "negative length, 82ff ffffffffffffffff 01020304, 1009"
    })
    void aBrokenFrameEndsTheConnectionWithACode(String what, String hex, int code) throws Exception {
        try (RawWebSocket other = RawWebSocket.open(server.port())) {
            doors.peer();
            RawWebSocket client = RawWebSocket.open(server.port());
            client.send(java.util.HexFormat.of().parseHex(hex.replace(" ", "")));
            client.send(RawWebSocket.frame(0x81, "after".getBytes(StandardCharsets.UTF_8)));
            assertThat(client.closeCode()).isEqualTo(code);
            assertThat(client.isEnded()).isTrue();
            Peer peer = doors.peer();
            assertThat(peer.closeCode()).isEqualTo(code);
            assertThat(peer.texts).isEmpty();
            other.send(RawWebSocket.frame(0x81, "still here".getBytes(StandardCharsets.UTF_8)));
            assertThat(other.read().text()).isEqualTo("still here");
            client.close();
        }
    }

    @Test
    void fragmentsCountTogether() throws Exception {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            client.send(RawWebSocket.frame(0x01, new byte[60_000]));
            client.send(RawWebSocket.frame(0x00, new byte[60_000]));
            assertThat(client.closeCode()).isEqualTo(1009);
        }
        doors.maxPayload = 2_000;
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            client.send(RawWebSocket.frame(0x02, new byte[0]));
            ByteArrayOutputStream tiny = new ByteArrayOutputStream();
            for (int i = 0; i <= doors.maxPayload; i++) {
                tiny.writeBytes(RawWebSocket.frame(0x00, new byte[0]));
            }
            client.send(tiny.toByteArray());
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version: 8, Sec-WebSocket-Version: 13, 426",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 13, Sec-WebSocket-Version: 13, 426",
        "Sec-WebSocket-Key: short, Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, 400",
        "'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, 400",
        "GET /socket.io/../x, GET /socket.io/, 404",
        "X-Nothing: x, Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, 400",
        "Connection: close, 'Connection: keep-alive, Upgrade', 400"
    })
    void aMalformedUpgradeGetsAReplyAndOpensNothing(String instead, String of, int status) throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            String request =
                    "GET /socket.io/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            client.send(request.replace(of, instead.replace("|", "\r\n")).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.head()).startsWith("HTTP/1.1 " + status + " ");
        }
        assertThat(doors.upgrades).isEmpty();
        assertThat(doors.peers).isEmpty();
    }

    @Test
    void aRefusedUpgradeGetsTheEnginesReplyAndTheConnectionStaysUsable() throws Exception {
        doors.judge = request -> new UpgradeDecision.Refused(new HttpReply(
                403, Map.of("Content-Type", "application/json"), "{\"code\":4}".getBytes(StandardCharsets.UTF_8)));
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            String head = client.handshake("/socket.io/");
            assertThat(head).startsWith("HTTP/1.1 403 ").contains("application/json");
            assertThat(new String(client.in.readNBytes(10), StandardCharsets.UTF_8))
                    .isEqualTo("{\"code\":4}");
            doors.judge = doors::accept;
            assertThat(client.handshake("/socket.io/")).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void framesSentTogetherWithTheHandshakeDoNoHarm() throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(("GET /socket.io/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + RawWebSocket.KEY + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            bytes.writeBytes(RawWebSocket.frame(0x81, "early".getBytes(StandardCharsets.UTF_8)));
            client.send(bytes.toByteArray());
            client.head();
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> doors.peers.stream().allMatch(peer -> peer.closes.size() == 1));
    }

    /** One turn of the thread takes 64 KB from the socket, which is more than 9,000 of these frames. */
    @Test
    void whoSendsManySmallFramesAtOnceRestsBetweenThem() throws Exception {
        doors.echo = false;
        int frames = 20_000;
        byte[] frame = RawWebSocket.frame(0x81, new byte[] {'6'});
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int i = 0; i < frames; i++) {
            flood.writeBytes(frame);
        }
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            Peer peer = doors.peer();
            // a machine that is so slow that 4,096 frames take it 100 ms lets nobody rest
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                peer.turns.clear();
                peer.texts.clear();
                peer.connection.pauseReading();
                client.send(flood.toByteArray());
                peer.connection.resumeReading();
                await().atMost(Duration.ofSeconds(20)).until(() -> peer.texts.size() == frames);
                return peer.turns.stream().allMatch(turn -> turn <= 2 * 4_096);
            });
        }
    }

    @Test
    void whatTakesLongToReadGetsAQuarterOfTheTimeOverHoweverManyConnections() throws Exception {
        Duration each = Duration.ofMillis(10);
        int connections = 4;
        int messages = 10;
        AtomicInteger read = new AtomicInteger();
        doors.judge = request -> new UpgradeDecision.Accepted(Map.of(), connection -> new ConnectionListener() {
            @Override
            public void text(String message) {
                long until = System.nanoTime() + each.toNanos();
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                read.incrementAndGet();
            }

            @Override
            public void binary(byte[] message) {}

            @Override
            public void readComplete() {}

            @Override
            public void closed(int code, String reason) {}
        });
        byte[] large = RawWebSocket.frame(0x81, new byte[20_000]);
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int i = 0; i < messages; i++) {
            flood.writeBytes(large);
        }
        List<RawWebSocket> clients = new ArrayList<>();
        long from = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            clients.add(RawWebSocket.open(server.port()));
            clients.get(i).send(flood.toByteArray());
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> read.get() == connections * messages);
        // the last of them, and the first of each connection, wait for nobody
        Duration paid = each.multipliedBy((messages - 2) * (long) connections * HeavyWork.FACTOR)
                .minus(HeavyWork.AHEAD);
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThan(paid);
        for (RawWebSocket client : clients) {
            client.close();
        }
    }

    @Test
    void anUpgradeIsJudgedBeforeItsExtensionsAreRead() throws Exception {
        doors.judge = request -> new UpgradeDecision.Refused(new HttpReply(403, Map.of(), new byte[0]));
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            assertThat(client.handshake("/socket.io/", "Sec-WebSocket-Extensions: " + MALFORMED))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void extensionsThatAreLongerThanAnybodyOffersAreNotRead() throws Exception {
        doors.echo = true;
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            assertThat(client.handshake("/socket.io/", "Sec-WebSocket-Extensions: " + MALFORMED.repeat(200)))
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContain("Extensions");
            client.send(RawWebSocket.frame(0x81, "a".getBytes(StandardCharsets.UTF_8)));
            assertThat(client.read().text()).isEqualTo("a");
        }
    }
}
