package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a server clients can take over HTTP, without a session and without ever sending a whole request. */
class HttpBoundsTest {
    /** A piece of each fits into the share of their address, whatever the kernel takes of it. */
    private static final int STALLED = 24;

    private final FakeDoors doors = new FakeDoors();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Socket> sockets = new ArrayList<>();

    @TempDir
    Path directory;

    private StandaloneOptions options() {
        return StandaloneOptions.DEFAULT.host("127.0.0.1").port(0);
    }

    @AfterEach
    void stop() throws IOException {
        release.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket connect(StandaloneServer server, String bytes) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(10_000);
        sockets.add(socket);
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static boolean isServed(StandaloneServer server) {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
                    .startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            return false; // reset
        }
    }

    @Test
    void connectionsOfOneAddressAreCappedEvenIfTheyNeverSendAWholeHead() throws Exception {
        try (StandaloneServer server =
                StandaloneServer.start(doors.engine(), options().maxHttpConnectionsPerAddress(20))) {
            for (int i = 0; i < 20; i++) {
                connect(server, i % 2 == 0 ? "" : "GET /health HTTP/1.1\r\nHo");
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> !isServed(server));
            sockets.get(0).close();
            await().atMost(Duration.ofSeconds(5)).until(() -> isServed(server));
        }
    }

    @Test
    void nothingWaitsForAConnectionThatIsOver() throws Exception {
        doors.patience = Duration.ofMinutes(1);
        try (StandaloneServer server = StandaloneServer.start(doors.engine(), options())) {
            int before = server.deadlines();
            for (int i = 0; i < 10; i++) {
                assertThat(isServed(server)).isTrue();
                try (Socket malformed = connect(server, "GET\r\n\r\n")) {
                    malformed.getInputStream().readAllBytes();
                }
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> server.deadlines() <= before);
        }
    }

    @Test
    void connectionsInAllAreCapped() throws Exception {
        try (StandaloneServer server =
                StandaloneServer.start(doors.engine(), options().maxHttpConnections(20))) {
            for (int i = 0; i < 20; i++) {
                connect(server, "GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> !isServed(server));
            doors.exchange().reply(new HttpReply(200, Map.of(), new byte[0]));
            sockets.remove(0).close();
            await().atMost(Duration.ofSeconds(5)).until(() -> isServed(server));
        }
    }

    @Test
    void webSocketsDoNotCountAsHttp() throws Exception {
        try (StandaloneServer server =
                        StandaloneServer.start(doors.engine(), options().maxHttpConnections(2));
                RawWebSocket one = RawWebSocket.open(server.port());
                RawWebSocket two = RawWebSocket.open(server.port());
                RawWebSocket three = RawWebSocket.open(server.port())) {
            assertThat(isServed(server)).isTrue();
            for (RawWebSocket each : List.of(one, two, three)) {
                each.send(RawWebSocket.frame(0x81, "alive".getBytes(StandardCharsets.UTF_8)));
                assertThat(each.read().text()).isEqualTo("alive");
            }
        }
    }

    @Test
    void bodiesOfRestRequestsAreOnTheAccountOfTheNodeUntilTheyAreHandled() throws Exception {
        doors.maxPayload = 1_000_000;
        doors.patience = Duration.ofSeconds(2);
        InboundBudget budget = doors.inbound();
        String post = "POST /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 900000\r\n\r\n"
                + "x".repeat(900_000);
        try (StandaloneServer server =
                StandaloneServer.start(doors.engine(), options().handler("/slow", (request, body) -> {
                    release.await();
                    return FakeDoors.ok("handled");
                }))) {
            int tooMany = (int) (2 * budget.limit() / 900_000);
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < tooMany; i++) {
                Socket socket = connect(server, "");
                Thread sender = new Thread(() -> {
                    try {
                        OutputStream out = socket.getOutputStream();
                        out.write(post.getBytes(StandardCharsets.ISO_8859_1));
                    } catch (IOException e) {
                        // refused before its end
                    }
                });
                sender.start();
                senders.add(sender);
            }
            // what two handlers keep until they are released; more of it may be there for a moment only
            await().atMost(Duration.ofSeconds(20)).until(() -> budget.used() > 1_500_000);
            assertThat(isServed(server)).isTrue();
            assertThat(budget.used()).isLessThanOrEqualTo(budget.limit());
            release.countDown();
            int handled = 0;
            int busy = 0;
            for (Socket socket : sockets) {
                try {
                    String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                    handled += reply.endsWith("handled") ? 1 : 0;
                    busy += reply.startsWith("HTTP/1.1 503 ") ? 1 : 0;
                } catch (SocketException e) {
                    busy++; // its reply came too late for it
                }
            }
            assertThat(handled).isPositive();
            assertThat(handled + busy).isEqualTo(tooMany);
            await().atMost(Duration.ofSeconds(5)).until(() -> budget.used() == 0);
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void aBusyAddressDoesNotKeepOthersFromRestHandlers() throws Exception {
        CountDownLatch busy = new CountDownLatch(RestWorkers.THREADS / 2);
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                options()
                        .handler("/slow", (request, body) -> {
                            busy.countDown();
                            release.await();
                            return FakeDoors.ok("late");
                        })
                        .handler("/fast", (request, body) -> FakeDoors.ok("at once")))) {
            for (int i = 0; i < 3 * RestWorkers.THREADS; i++) {
                connect(server, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
            try (Socket other = new Socket(
                    InetAddress.getByName("127.0.0.1"), server.port(), InetAddress.getByName("127.0.0.2"), 0)) {
                other.setSoTimeout(20_000);
                other.getOutputStream()
                        .write("GET /fast HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1));
                assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .endsWith("at once");
            }
        }
    }

    @Test
    void requestsAheadOfTheirTurnAreOnTheAccountOfTheNode() throws Exception {
        InboundBudget budget = doors.inbound();
        String held = "GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n";
        String next = "GET /x HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(12_000) + "\r\n\r\n";
        try (StandaloneServer server = StandaloneServer.start(doors.engine(), options())) {
            connect(server, held + next);
            await().atMost(Duration.ofSeconds(20)).until(() -> budget.used() > 7_000);
            doors.exchange().reply(FakeDoors.ok("now"));
            await().atMost(Duration.ofSeconds(20)).until(() -> budget.used() == 0);
            for (int i = 0; i < 300; i++) { // of which the share of one address has room for some 250
                connect(server, held + next);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> budget.used() > 1_900_000);
            assertThat(isServed(server)).isTrue();
            for (Socket socket : sockets) {
                socket.close();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> budget.used() == 0);
        }
    }

    @Test
    void repliesThatNobodyReadsAreOnTheAccountOfTheNode() throws Exception {
        InboundBudget budget = doors.inbound();
        int size = 1_500_000;
        String large = "x".repeat(size);
        int share = 2_000_000; // of one address, as FakeDoors says
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                options().sendBuffer(16_384).handler("/large", (request, body) -> FakeDoors.ok(large)))) {
            int tooMany = 8;
            for (int i = 0; i < tooMany; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(16_384);
                socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
                socket.setSoTimeout(10_000);
                sockets.add(socket);
                socket.getOutputStream()
                        .write("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1));
                try {
                    socket.getInputStream().read(); // its reply has begun
                } catch (SocketException e) {
                    // or the node had no room for it
                }
            }
            assertThat(budget.used()).isBetween(1L, (long) share);
            int whole = 0;
            for (Socket socket : sockets) {
                try {
                    whole += socket.getInputStream().readAllBytes().length > size ? 1 : 0;
                } catch (SocketException e) {
                    // reset
                }
            }
            assertThat(whole).as("replies that came whole").isBetween(1, share / (size - 500_000));
            await().atMost(Duration.ofSeconds(5)).until(() -> budget.used() == 0);
        }
    }

    @Test
    void bodiesThatDoNotSayTheirLengthDoNotHoldEachOtherUp() throws Exception {
        doors.maxPayload = 1_000_000;
        doors.patience = Duration.ofSeconds(60);
        InboundBudget budget = doors.inbound();
        int senders = 20; // the address has room for two of them at a time
        String third = "493e0\r\n" + "x".repeat(300_000) + "\r\n";
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                options().handler("/upload", (request, body) -> FakeDoors.ok("handled " + body.length)))) {
            List<Thread> threads = new ArrayList<>();
            CountDownLatch begun = new CountDownLatch(1);
            for (int i = 0; i < senders; i++) {
                Socket socket = connect(
                        server,
                        "POST /upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
                socket.setSoTimeout(30_000);
                Thread sender = new Thread(() -> {
                    try {
                        OutputStream out = socket.getOutputStream();
                        out.write(third.getBytes(StandardCharsets.ISO_8859_1));
                        begun.await();
                        out.write((third + third + "0\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    } catch (IOException | InterruptedException e) {
                        // refused before its end
                    }
                });
                sender.start();
                threads.add(sender);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> budget.used() == 2 * (1_000_000 - InboundBudget.FREE));
            begun.countDown();
            for (Socket socket : sockets) {
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .endsWith("handled 900000");
                socket.close();
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> budget.used() == 0);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void aHandlerThatThrowsAnErrorOrGivesNothingIsAnsweredForIt() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                options()
                        .handler("/error", (request, body) -> {
                            throw new AssertionError("planned");
                        })
                        .handler("/memory", (request, body) -> {
                            throw new OutOfMemoryError("planned");
                        })
                        .handler("/null", (request, body) -> null)
                        .handler(
                                "/split",
                                (request, body) ->
                                        new HttpReply(200, Map.of("X-A", "b\r\nX-Injected: yes"), new byte[0])))) {
            for (String path : new String[] {"/error", "/memory", "/null", "/split"}) {
                Socket socket = connect(server, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .as(path)
                        .startsWith("HTTP/1.1 500 ")
                        .doesNotContain("Injected");
            }
        }
    }

    @Test
    void filesAreReadPieceByPieceAsTheirClientTakesThem() throws Exception {
        byte[] large = new byte[30_000_000];
        new Random(1).nextBytes(large);
        MeteredFile file = new MeteredFile(large);
        doors.patience = Duration.ofMinutes(5);
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(), options().files("/", path -> file, new StaticFiles.Place("memory", null)))) {
            String get = "GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            for (int i = 0; i < STALLED; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(16_384);
                socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
                sockets.add(socket);
                socket.getOutputStream().write(get.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(socket.getInputStream().read())
                        .as("its reply has begun")
                        .isEqualTo('H');
            }
            Socket reader = connect(server, get);
            reader.setSoTimeout(0);
            byte[] reply = reader.getInputStream().readAllBytes();
            assertThat(reply).hasSizeGreaterThan(large.length);
            assertThat(Arrays.copyOfRange(reply, reply.length - large.length, reply.length))
                    .isEqualTo(large);
            assertThat(file.read).hasSize(STALLED + 1);
            assertThat(file.read.stream().filter(bytes -> bytes.get() < 2_000_000))
                    .as("downloads that have stalled: the kernel holds a little of each, and one piece waits")
                    .hasSize(STALLED);
            doors.patience = Duration.ofMillis(200); // for those who have stalled, at the end
        }
    }

    @Test
    void aDownloadWaitsForRoomThatOthersOfItsAddressHold() throws Exception {
        byte[] large = new byte[30_000_000];
        doors.patience = Duration.ofMinutes(5);
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                options().files("/", path -> new MeteredFile(large), new StaticFiles.Place("memory", null)))) {
            doors.inbound.take(InboundBudget.Use.UNREAD, "127.0.0.1", 2_000_000);
            Socket reader = connect(server, "GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            await().atMost(Duration.ofSeconds(20)).until(() -> doors.refused.get() > 0);
            doors.inbound.give(InboundBudget.Use.UNREAD, "127.0.0.1", 2_000_000);
            assertThat(reader.getInputStream().readAllBytes()).hasSizeGreaterThan(large.length);
            await().atMost(Duration.ofSeconds(20)).until(() -> doors.inbound.used() == 0);
        }
    }

    /** A file that knows how far it has been read, each time that it was opened. */
    private record MeteredFile(byte[] content, Queue<AtomicLong> read) implements StaticSource.File {
        MeteredFile(byte[] content) {
            this(content, new ConcurrentLinkedQueue<>());
        }

        @Override
        public long length() {
            return content.length;
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public InputStream open() {
            AtomicLong bytes = new AtomicLong();
            read.add(bytes);
            return new FilterInputStream(new ByteArrayInputStream(content)) {
                @Override
                public int read(byte[] into, int from, int most) throws IOException {
                    int taken = super.read(into, from, most);
                    bytes.addAndGet(Math.max(0, taken));
                    return taken;
                }
            };
        }
    }

    /** It takes several times the patience, which is for each piece that it does not take. */
    @Test
    void whoTakesSomethingAllTheTimeMayTakeAsLongAsItLikes() throws Exception {
        long large = 150_000_000;
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("large.bin").toFile(), "rw")) {
            file.setLength(large);
        }
        doors.patience = Duration.ofMillis(500);
        try (StandaloneServer server =
                        StandaloneServer.start(doors.engine(), options().staticFiles("/", directory));
                Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4_096);
            slow.connect(new InetSocketAddress("127.0.0.1", server.port()));
            slow.getOutputStream().write("GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
            assertThat(slow.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .isGreaterThan(large);
        }
    }

    @Test
    void filesThatAreHiddenAreNotServed() throws Exception {
        Files.writeString(directory.resolve(".env"), "secret");
        Files.writeString(Files.createDirectories(directory.resolve(".git")).resolve("config"), "secret");
        Files.writeString(
                Files.createDirectories(directory.resolve(".well-known")).resolve("game"), "public");
        try (StandaloneServer server =
                StandaloneServer.start(doors.engine(), options().staticFiles("/", directory))) {
            for (String path : new String[] {"/.env", "/%2eenv", "/.git/config", "/.well-known/../.env"}) {
                Socket socket = connect(server, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .as(path)
                        .startsWith("HTTP/1.1 404 ")
                        .doesNotContain("secret");
            }
            Socket socket = connect(server, "GET /.well-known/game HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .endsWith("public");
        }
    }

    @Test
    void anErrorOnAnIoThreadEndsOneConnectionAndNoMore() throws Exception {
        doors.judge = request -> {
            throw new OutOfMemoryError("planned");
        };
        try (StandaloneServer server =
                StandaloneServer.start(doors.engine(), options().selectors(1))) {
            for (int i = 0; i < 5; i++) {
                try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
                    assertThatThrownBy(() -> client.handshake("/socket.io/")).isInstanceOf(IOException.class);
                }
            }
            doors.judge = doors::accept;
            try (RawWebSocket client = RawWebSocket.open(server.port())) {
                client.send(RawWebSocket.frame(0x81, "alive".getBytes(StandardCharsets.UTF_8)));
                assertThat(client.read().text()).isEqualTo("alive");
            }
        }
    }

    @Test
    void theEnginesPathMayGoOn() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(doors.engine(), options())) {
            connect(server, "GET /socket.io/default/?EIO=4 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(doors.exchanges.poll(5, TimeUnit.SECONDS)).isNotNull();
            try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
                assertThat(client.handshake("/socket.io/default/?EIO=4")).startsWith("HTTP/1.1 101 ");
            }
        }
    }

    @Test
    void theClientForPagesCanBeSwitchedOff() throws Exception {
        String get = "GET /socket.io/socket.io.min.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        for (boolean served : new boolean[] {true, false}) {
            Realtime realtime = Realtime.builder()
                    .namespace("/", game -> {})
                    .serveClient(served)
                    .build();
            try (StandaloneServer server = StandaloneServer.start(
                    realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0))) {
                Socket socket = connect(server, get);
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 " + (served ? 200 : 400));
                socket.close();
            } finally {
                realtime.close();
            }
        }
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> options().maxHeaderBytes(100))
                .hasMessageContaining("maxHeaderBytes")
                .hasMessageContaining("100");
        assertThatThrownBy(() -> options().sendBuffer(100)).hasMessageContaining("sendBuffer");
        assertThatThrownBy(() -> options().maxHttpConnections(0)).hasMessageContaining("maxHttpConnections");
        assertThatThrownBy(() -> options().maxHttpConnectionsPerAddress(0))
                .hasMessageContaining("maxHttpConnectionsPerAddress");
        assertThatThrownBy(() -> options().managementPort(70_000)).hasMessageContaining("managementPort");
    }
}
