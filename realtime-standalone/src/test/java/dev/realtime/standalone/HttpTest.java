package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpExchange.BodyTooLargeException;
import dev.realtime.spi.HttpReply;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTest {
    private final FakeDoors doors = new FakeDoors();
    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch release = new CountDownLatch(1);
    private StandaloneServer server;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(Files.createDirectories(directory.resolve("web")).resolve("index.html"), "<p>hi");
        Files.writeString(directory.resolve("web/app.js"), "let a");
        Files.writeString(directory.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(directory.resolve("web/link.txt"), directory.resolve("secret.txt"));
        server = StandaloneServer.start(
                doors.engine(),
                StandaloneOptions.DEFAULT
                        .host("127.0.0.1")
                        .port(0)
                        .staticFiles("/", directory.resolve("web"))
                        .staticFiles("/classes", "dev/realtime/standalone")
                        .handler(
                                "/api/echo",
                                (request, body) -> FakeDoors.ok(Thread.currentThread()
                                                .getName() + " " + new String(body, StandardCharsets.UTF_8)))
                        .handler("/api/fail", (request, body) -> {
                            throw new IOException("planned");
                        })
                        .handler("/api/block", (request, body) -> {
                            release.await();
                            return FakeDoors.ok("released");
                        }));
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aHeldRequestIsAnsweredLaterFromAnyThreadOnAConnectionThatLives() throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<HttpResponse<String>> reply =
                    http.sendAsync(to("/socket.io/?EIO=4&i=" + i).build(), HttpResponse.BodyHandlers.ofString());
            HttpExchange held = doors.exchange();
            assertThat(held.request().parameter("i")).isEqualTo(String.valueOf(i));
            assertThat(reply).isNotDone();
            held.reply(FakeDoors.ok("späť" + i));
            HttpResponse<String> got = reply.get(5, TimeUnit.SECONDS);
            assertThat(got.body()).isEqualTo("späť" + i);
            assertThat(got.headers().firstValue("content-length")).contains("7");
            assertThat(got.headers().firstValue("content-type")).contains("text/plain");
        }
    }

    @Test
    void manyRequestsFollowEachOtherOnOneConnection() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            for (int i = 0; i < 500; i++) {
                socket.getOutputStream()
                        .write("GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                doors.exchange().reply(new HttpReply(200, Map.of("Content-Type", "text/plain"), new byte[] {'o', 'k'}));
                String reply = "";
                while (!reply.endsWith("\r\n\r\nok")) {
                    int next = socket.getInputStream().read();
                    assertThat(next).as("after %s requests", i).isNotNegative();
                    reply += (char) next;
                }
            }
        }
    }

    @Test
    void theBodyIsReadWithoutAThread() throws Exception {
        byte[] sent = new byte[90_000];
        var reply = http.sendAsync(
                to("/socket.io/")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(sent))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        HttpExchange exchange = doors.exchange();
        assertThat(exchange.body(100_000).toCompletableFuture().get(5, TimeUnit.SECONDS))
                .hasSize(90_000);
        exchange.reply(FakeDoors.ok("ok"));
        assertThat(reply.get(5, TimeUnit.SECONDS).body()).isEqualTo("ok");
    }

    @Test
    void connectionsAreReadOnAfterEveryKindOfRequest() throws Exception {
        Thread engine = new Thread(() -> {
            try {
                while (true) {
                    HttpExchange next = doors.exchanges.take();
                    next.body(1_000).thenRun(() -> next.reply(FakeDoors.ok("ok")));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        engine.start();
        try {
            for (int round = 0; round < 100; round++) {
                HttpClient client = HttpClient.newHttpClient();
                for (int i = 0; i < 6; i++) {
                    HttpRequest request = i % 2 == 0
                            ? to("/socket.io/").build()
                            : to("/socket.io/")
                                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(i)))
                                    .build();
                    var reply = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
                    assertThat(reply.get(5, TimeUnit.SECONDS).body())
                            .as("round %s, request %s", round, i)
                            .isEqualTo("ok");
                }
            }
        } finally {
            engine.interrupt();
            engine.join();
        }
    }

    @Test
    void aBodyMayComeInPieces() throws Exception {
        try (Socket socket = post("Content-Length: 9\r\n", "abc")) {
            HttpExchange exchange = doors.exchange();
            var body = exchange.body(100).toCompletableFuture();
            socket.getOutputStream().write("def".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(body).isNotDone();
            socket.getOutputStream().write("ghi".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(body.get(5, TimeUnit.SECONDS))
                    .asString(StandardCharsets.ISO_8859_1)
                    .isEqualTo("abcdefghi");
        }
    }

    @Test
    void anAnnouncedBodyAboveTheLimitFailsAtOnce() throws Exception {
        try (Socket socket = post("Content-Length: 5000000\r\n", "x")) {
            HttpExchange exchange = doors.exchange();
            assertThatThrownBy(() -> exchange.body(1_000).toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(BodyTooLargeException.class);
            exchange.reply(new HttpReply(413, Map.of(), new byte[0]));
            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(reply).startsWith("HTTP/1.1 413 ").contains("Connection: close");
        }
    }

    @Test
    void aChunkedBodyAboveTheLimitFailsWhenItIsSeen() throws Exception {
        try (Socket socket = post("Transfer-Encoding: chunked\r\n", "800\r\n" + "x".repeat(0x800) + "\r\n")) {
            HttpExchange exchange = doors.exchange();
            assertThatThrownBy(() -> exchange.body(1_000).toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(BodyTooLargeException.class);
        }
    }

    @Test
    void aSlowBodyIsGivenUpAfterThePatience() throws Exception {
        try (Socket socket = post("Content-Length: 10\r\n", "slow")) {
            HttpExchange exchange = doors.exchange();
            assertThatThrownBy(() -> exchange.body(1_000).toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class);
            exchange.reply(new HttpReply(408, Map.of(), new byte[0]));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void aClientThatLeavesDuringAHeldRequestIsNoticed() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        HttpExchange held;
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write("GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            held = doors.exchange();
            held.onAbort(() -> gone.complete(null));
            assertThat(gone).isNotDone();
        }
        gone.get(5, TimeUnit.SECONDS);
        CompletableFuture<Void> again = new CompletableFuture<>();
        held.onAbort(() -> again.complete(null));
        assertThat(again).isDone();
        held.reply(FakeDoors.ok("nobody reads this"));
    }

    @Test
    void aClientThatLeavesAfterItsBodyIsNoticedToo() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (Socket socket = post("Content-Length: 4\r\n", "body")) {
            HttpExchange held = doors.exchange();
            held.onAbort(() -> gone.complete(null));
            assertThat(held.body(100).toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .hasSize(4);
        }
        gone.get(5, TimeUnit.SECONDS);
    }

    private Socket post(String headers, String body) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write(("POST /socket.io/ HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body)
                        .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    @Test
    void anHttpClientThatDoesNotReadItsReplyIsCutOff() throws Exception {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()));
            socket.getOutputStream()
                    .write("GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            doors.exchange().reply(new HttpReply(200, Map.of(), new byte[20_000_000]));
            String local = String.format(":%04X", server.port());
            String remote = String.format(":%04X", socket.getLocalPort());
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                            .map(line -> line.trim().split("\\s+"))
                            .noneMatch(f -> f[1].endsWith(local) && f[2].endsWith(remote)));
        }
    }

    @Test
    void playersLearnThatTheServerLivesAndNoMore() throws Exception {
        for (String path : List.of("/health", "/health/live", "/health/ready")) {
            assertThat(get(path).body()).isEqualTo("{\"status\":\"UP\"}");
        }
        assertThat(get("/stats").statusCode()).isEqualTo(404);
        assertThat(get("/metrics").statusCode()).isEqualTo(404);
    }

    @Test
    void detailsAreOnAPortOfTheirOwnOrPublicWhereAskedFor() throws Exception {
        try (StandaloneServer managed = StandaloneServer.start(
                        doors.engine(),
                        StandaloneOptions.DEFAULT
                                .host("127.0.0.1")
                                .port(0)
                                .managementPort(0)
                                .metrics(() -> "up 1\n"));
                StandaloneServer open = StandaloneServer.start(
                        doors.engine(),
                        StandaloneOptions.DEFAULT
                                .host("127.0.0.1")
                                .port(0)
                                .publicDetails(true)
                                .metrics(() -> "up 1\n"))) {
            assertThat(open.managementPort()).isEqualTo(-1);
            for (int port : new int[] {managed.managementPort(), open.port()}) {
                for (String path : List.of("/health", "/health/websocket", "/stats")) {
                    HttpResponse<String> page = http.send(at(port, path), HttpResponse.BodyHandlers.ofString());
                    assertThat(page.body()).isEqualTo("{\"status\":\"healthy\"}");
                    assertThat(page.statusCode()).isEqualTo(200);
                }
                HttpResponse<String> metrics = http.send(at(port, "/metrics"), HttpResponse.BodyHandlers.ofString());
                assertThat(metrics.body()).isEqualTo("up 1\n");
                assertThat(metrics.headers().firstValue("content-type"))
                        .hasValueSatisfying(t -> assertThat(t).startsWith("text/plain"));
            }
            assertThat(http.send(at(managed.port(), "/metrics"), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(404);
            assertThat(http.send(at(managed.managementPort(), "/socket.io/"), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .as("the game is not on the management port")
                    .isEqualTo(404);
        }
    }

    @Test
    void metricsAreWhatTheApplicationGivesAndNobodyElse() throws Exception {
        try (StandaloneServer without = StandaloneServer.start(
                        doors.engine(),
                        StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).managementPort(0));
                StandaloneServer broken = StandaloneServer.start(
                        doors.engine(),
                        StandaloneOptions.DEFAULT
                                .host("127.0.0.1")
                                .port(0)
                                .managementPort(0)
                                .metrics(() -> {
                                    throw new IllegalStateException("no registry");
                                }))) {
            assertThat(http.send(at(without.managementPort(), "/metrics"), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(404);
            assertThat(http.send(at(broken.managementPort(), "/metrics"), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(500);
            assertThat(without.counters()).containsEntry("http.requests", 1L);
            assertThat(without.gauges()).containsEntry("http.connections", 1L);
        }
    }

    private static HttpRequest at(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }

    @Test
    void filesHaveTypesTagsAndAnIndex() throws Exception {
        HttpResponse<String> index = get("/");
        assertThat(index.body()).isEqualTo("<p>hi");
        assertThat(index.headers().firstValue("content-type"))
                .hasValueSatisfying(t -> assertThat(t).startsWith("text/html"));
        HttpResponse<String> script = get("/app.js");
        assertThat(script.headers().firstValue("content-type"))
                .hasValueSatisfying(t -> assertThat(t).startsWith("text/javascript"));
        String tag = script.headers().firstValue("etag").orElseThrow();
        HttpResponse<String> known =
                http.send(to("/app.js").header("If-None-Match", tag).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(known.statusCode()).isEqualTo(304);
        HttpResponse<String> head = http.send(
                to("/app.js")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.headers().firstValue("content-length")).contains("5");
        assertThat(head.body()).isEmpty();
        assertThat(get("/classes/HttpTest.class").statusCode()).isEqualTo(200);
        assertThat(get("/classes").statusCode()).isEqualTo(404);
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/%2e%2e/secret.txt",
                "/..%2fsecret.txt",
                "/%2e%2e%2fsecret.txt",
                "/..%5csecret.txt",
                "/link.txt",
                "/%00",
                "//etc/passwd",
                "/x/../../secret.txt",
                "/%252e%252e/secret.txt",
                "/classes/../../../../../../../etc/passwd"
            })
    void nothingOutsideOfTheFolderIsServed(String path) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(reply)
                    .matches("(?s)HTTP/1.1 40[04] .*")
                    .doesNotContain("root:")
                    .doesNotContain("\nsecret");
        }
    }

    @Test
    void restHandlersRunOnWorkersAndTheirFailureIsA500() throws Exception {
        HttpResponse<String> echo = http.send(
                to("/api/echo")
                        .POST(HttpRequest.BodyPublishers.ofString("hello"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(echo.body()).startsWith("realtime-rest-").endsWith(" hello");
        assertThat(get("/api/fail").statusCode()).isEqualTo(500);
        HttpResponse<String> large = http.send(
                to("/api/echo")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[200_000]))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(large.statusCode()).isEqualTo(413);
    }

    @Test
    void blockedHandlersDoNotBlockTheEngine() throws Exception {
        for (int i = 0; i < RestWorkers.THREADS + 1; i++) {
            http.sendAsync(to("/api/block").build(), HttpResponse.BodyHandlers.ofString());
        }
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }
}
