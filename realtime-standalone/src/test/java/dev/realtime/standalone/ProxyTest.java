package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.drain.DrainOptions;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.RequestView;
import dev.realtime.transport.Origins;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server behind a proxy: 127.0.0.1, which is where these tests connect from. */
class ProxyTest {
    private static final TrustedProxies HERE = TrustedProxies.xForwarded("127.0.0.1");
    private static final TrustedProxies ELSEWHERE = TrustedProxies.xForwarded("192.0.2.0/24");
    private static final String POLLING = "/socket.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";

    private final FakeDoors doors = new FakeDoors();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private StandaloneOptions options(TrustedProxies proxies) {
        return StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).trustedProxies(proxies);
    }

    private StandaloneServer start(RealtimeBuilder realtime, TrustedProxies proxies) {
        Realtime engine = realtime.namespace("/", game -> {})
                .outbox(OutboxLimits.DEFAULT.stallTimeout(Duration.ofMillis(200))) // for the end
                .build();
        StandaloneServer server = StandaloneServer.start(
                engine,
                StandaloneOptions.DEFAULT
                        .host("127.0.0.1")
                        .port(0)
                        .drain(DrainOptions.within(Duration.ofMillis(100))) // whoever polls here does not come back
                        .trustedProxies(proxies));
        open.add(server);
        open.add(engine);
        return server;
    }

    private Socket get(StandaloneServer server, String target, String... headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(10_000);
        open.add(0, socket);
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: inner.example:8080\r\n" + lines + "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** The status and the rest of the first line. */
    private static String status(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\r';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.substring("HTTP/1.1 ".length());
    }

    private static String webSocket(StandaloneServer server, String... headers) throws IOException {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            return client.handshake(WEBSOCKET, headers).substring("HTTP/1.1 ".length());
        }
    }

    @Test
    void theEngineSeesTheClientThatATrustedProxyTells() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(doors.engine(), options(HERE))) {
            get(
                    server,
                    POLLING,
                    "X-Forwarded-For: 6.6.6.6, 203.0.113.9:1234",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: game.example");
            RequestView request = doors.exchange().request();
            assertThat(request.remoteAddress()).isEqualTo("203.0.113.9");
            assertThat(request.secure()).isTrue();
            assertThat(request.header("host")).isEqualTo("game.example");
        }
    }

    @Test
    void itIsJudgedForEachRequestOfAConnection() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(doors.engine(), options(HERE))) {
            Socket socket = get(server, POLLING, "X-Forwarded-For: 203.0.113.1");
            for (int i = 2; i < 5; i++) {
                HttpExchange exchange = doors.exchange();
                assertThat(exchange.request().remoteAddress()).isEqualTo("203.0.113." + (i - 1));
                exchange.reply(FakeDoors.ok("ok"));
                socket.getOutputStream()
                        .write(("GET " + POLLING + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113." + i
                                        + "\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            assertThat(doors.exchange().request().header("host")).isEqualTo("x");
        }
    }

    @Test
    void theStandardHeaderWorksLikewise() throws Exception {
        try (StandaloneServer server =
                StandaloneServer.start(doors.engine(), options(TrustedProxies.forwarded("127.0.0.0/8")))) {
            get(
                    server,
                    POLLING,
                    "X-Forwarded-For: 6.6.6.6",
                    "Forwarded: for=\"[2001:db8::1]:47\";proto=https;host=\"game.example:8443\"");
            RequestView request = doors.exchange().request();
            assertThat(request.remoteAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
            assertThat(request.secure()).isTrue();
            assertThat(request.header("host")).isEqualTo("game.example:8443");
        }
    }

    @Test
    void whatAnybodyElseSaysIsIgnored() throws Exception {
        for (TrustedProxies proxies : List.of(ELSEWHERE, TrustedProxies.none())) {
            try (StandaloneServer server = StandaloneServer.start(doors.engine(), options(proxies))) {
                get(
                        server,
                        POLLING,
                        "X-Forwarded-For: 203.0.113.9",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: game.example",
                        "Forwarded: for=203.0.113.9;proto=https");
                RequestView request = doors.exchange().request();
                assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
                assertThat(request.secure()).isFalse();
                assertThat(request.header("host")).isEqualTo("inner.example:8080");
            }
        }
    }

    @Test
    void upgradesAreJudgedAlike() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(doors.engine(), options(HERE))) {
            assertThat(webSocket(
                            server,
                            "X-Forwarded-For: 203.0.113.9",
                            "X-Forwarded-Proto: wss",
                            "X-Forwarded-Host: game.example"))
                    .startsWith("101 ");
            RequestView request = doors.upgrades.poll(5, TimeUnit.SECONDS);
            assertThat(request).isNotNull();
            assertThat(request.remoteAddress()).isEqualTo("203.0.113.9");
            assertThat(request.secure()).isTrue();
            assertThat(request.header("host")).isEqualTo("game.example");
        }
    }

    @Test
    void pagesOfTheServerAreThoseOfTheHostThatTheProxyIsAskedFor() throws Exception {
        StandaloneServer behind = start(Realtime.builder().origins(Origins.sameHost()), HERE);
        StandaloneServer alone = start(Realtime.builder().origins(Origins.sameHost()), ELSEWHERE);
        String[] page = {
            "X-Forwarded-For: 203.0.113.9",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: game.example",
            "Origin: https://game.example"
        };
        assertThat(status(get(behind, POLLING, page))).startsWith("200");
        assertThat(webSocket(behind, page)).startsWith("101 ");
        assertThat(status(get(alone, POLLING, page))).startsWith("403");
        assertThat(webSocket(alone, page)).startsWith("403 ");

        page[3] = "Origin: http://game.example"; // anybody on the way can change that page
        assertThat(status(get(behind, POLLING, page))).startsWith("403");
        page[3] = "Origin: http://inner.example:8080"; // what the server is called inside
        assertThat(webSocket(behind, page)).startsWith("403 ");
    }

    @Test
    void limitsPerAddressAreThoseOfTheClients() throws Exception {
        Limits limits = Limits.DEFAULT.maxConnectionsPerIp(2);
        StandaloneServer behind = start(Realtime.builder().limits(limits), HERE);
        List<String> statuses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            statuses.add(
                    status(get(behind, POLLING, "X-Forwarded-For: 203.0.113.9")).substring(0, 3));
        }
        assertThat(statuses).containsExactly("200", "200", "429");
        assertThat(status(get(behind, POLLING, "X-Forwarded-For: 203.0.113.10")))
                .startsWith("200");
        assertThat(webSocket(behind, "X-Forwarded-For: 203.0.113.9")).startsWith("429 ");

        StandaloneServer alone = start(Realtime.builder().limits(limits), ELSEWHERE);
        statuses.clear();
        for (int i = 0; i < 3; i++) {
            statuses.add(status(get(alone, POLLING, "X-Forwarded-For: 203.0.113." + i))
                    .substring(0, 3));
        }
        assertThat(statuses).containsExactly("200", "200", "429");
    }

    @Test
    void aTrustedProxyOpensMoreConnectionsThanOneAddressMay() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(), options(HERE).maxHttpConnectionsPerAddress(3).maxHttpConnections(10))) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sockets.add(get(server, "/health"));
                assertThat(status(sockets.get(i))).startsWith("200");
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> !isServed(server)); // but not more than all together
            sockets.get(0).close();
            await().atMost(Duration.ofSeconds(10)).until(() -> isServed(server));
        }
        try (StandaloneServer server =
                StandaloneServer.start(doors.engine(), options(ELSEWHERE).maxHttpConnectionsPerAddress(3))) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(get(server, "/health"))).startsWith("200");
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> !isServed(server));
        }
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
    void aClientThatTheProxyDoesNotTellIsCounted() throws Exception {
        try (StandaloneServer server =
                StandaloneServer.start(doors.engine(), options(HERE).publicDetails(true))) {
            assertThat(status(get(server, "/health", "X-Forwarded-For: unknown")))
                    .startsWith("200");
            assertThat(server.counters()).containsEntry("http.requests.unknown_client", 1L);
        }
    }
}
