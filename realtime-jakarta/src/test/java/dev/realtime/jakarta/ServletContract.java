package dev.realtime.jakarta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.jakarta.FakeDoors.Peer;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Connection.WriteListener;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.transport.Compression;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the servlet promises the engine beyond {@link dev.realtime.testkit.contract.ConnectionContract}, over real sockets; every container runs it.
 */
abstract class ServletContract {
    /** More than any pair of socket buffers holds. */
    private static final int FAR_TOO_MUCH = 64 * 1024 * 1024;

    private final FakeDoors doors = new FakeDoors();
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<UpgradeDecision> decisions = new LinkedBlockingQueue<>();
    private TestServer server;

    abstract TestServer start(TransportDoors served);

    @BeforeEach
    void start() {
        server = start(doors);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    // ---- WebSocket ----

    @Test
    void textAndBinaryTravelBothWays() throws Exception {
        Echo echo = new Echo();
        doors.onMessage = echo::message;
        Client client = connect();
        String large = "ä€😀x".repeat(50_000);
        byte[] bytes = new byte[700_000];
        bytes[0] = 7;
        bytes[bytes.length - 1] = 9;
        for (String message : List.of("hello", large, "")) {
            client.socket.sendText(message, true).join();
            assertThat(client.next()).isEqualTo(message);
        }
        for (byte[] message : List.of(new byte[] {1, 2, 3}, bytes)) {
            client.socket.sendBinary(ByteBuffer.wrap(message), true).join();
            assertThat(client.next()).isEqualTo(message);
        }
        assertThat(doors.next().faults).isEmpty();
    }

    @Test
    void aBatchOfAThousandFramesArrivesInOrder() throws Exception {
        Client client = connect();
        List<Frame> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batch.add(i % 3 == 0 ? Frame.binary(String.valueOf(i).getBytes(UTF_8)) : text(String.valueOf(i)));
        }
        Outcome outcome = new Outcome();
        outcome.of(doors.next().connection.write(batch, outcome));
        for (int i = 0; i < 1_000; i++) {
            Object message = client.next();
            assertThat(message instanceof byte[] bytes ? new String(bytes, UTF_8) : message)
                    .isEqualTo(String.valueOf(i));
        }
        outcome.awaitWritten();
    }

    @Test
    void batchesFollowOneAnotherWithoutOverlapping() throws Exception {
        Client client = connect();
        Peer peer = doors.next();
        CompletableFuture<Void> all = new CompletableFuture<>();
        new Chain(peer, 300, all).run();
        for (int i = 300; i > 0; i--) {
            assertThat(client.next()).isEqualTo("a" + i);
            assertThat(client.next()).isEqualTo(new byte[] {(byte) i});
            assertThat(client.next()).isEqualTo("b" + i);
        }
        all.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aWriteToASlowReaderEndsWhenItHasRead() throws Exception {
        try (RawClient client = RawClient.webSocket(server.uri())) {
            Outcome outcome = new Outcome();
            Frame frame = Frame.binary(new byte[FAR_TOO_MUCH / 2]);
            Peer peer = doors.next();
            assertThat(peer.connection.write(List.of(frame, frame), outcome)).isFalse();
            assertThatThrownBy(() -> peer.connection.write(List.of(text("overlapping")), new Outcome()))
                    .isInstanceOf(IllegalStateException.class);
            aRoundTripOnAnotherConnection();
            assertThat(outcome.calls).hasValue(0);
            for (int read = 0; read < FAR_TOO_MUCH; ) {
                read += client.frame().payload().length;
            }
            outcome.awaitWritten();
        }
    }

    @Test
    void aMessageBeyondTheLimitClosesWith1009() throws Exception {
        Client text = connect();
        text.socket.sendText("ä".repeat(FakeDoors.MAX_PAYLOAD / 2 + 1), true).join();
        assertThat(text.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1009);
        Client binary = connect();
        binary.socket
                .sendBinary(ByteBuffer.allocate(FakeDoors.MAX_PAYLOAD + 1), true)
                .join();
        assertThat(binary.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1009);
        for (int i = 0; i < 2; i++) {
            Peer peer = doors.next();
            await().untilAsserted(() -> assertThat(peer.closes).hasSize(1));
            assertThat(peer.messages).isEmpty();
        }
    }

    @Test
    void aMessageOfExactlyTheLimitIsTaken() throws Exception {
        Client client = connect();
        client.socket.sendText("ä".repeat(FakeDoors.MAX_PAYLOAD / 2), true).join();
        client.socket
                .sendBinary(ByteBuffer.allocate(FakeDoors.MAX_PAYLOAD), true)
                .join();
        Peer peer = doors.next();
        assertThat((String) peer.messages.poll(10, TimeUnit.SECONDS)).hasSize(FakeDoors.MAX_PAYLOAD / 2);
        assertThat((byte[]) peer.messages.poll(10, TimeUnit.SECONDS)).hasSize(FakeDoors.MAX_PAYLOAD);
    }

    @Test
    void endlessFragmentsCloseWith1009() throws Exception {
        try (RawClient client = RawClient.webSocket(server.uri())) {
            byte[] fragment = new byte[10_000];
            client.frame(0x02, fragment);
            for (int i = 0; i < FakeDoors.MAX_PAYLOAD / fragment.length; i++) {
                client.frame(0x00, fragment);
            }
            RawClient.Frame close = client.frame();
            assertThat(close.opcode()).isEqualTo(8);
            assertThat(close.closeCode()).isEqualTo(1009);
        }
        assertThat(doors.next().messages).isEmpty();
    }

    @Test
    void aGoodbyeComesBehindWhatIsWritten() throws Exception {
        Client client = connect();
        Peer peer = doors.next();
        List<Frame> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batch.add(text(i + "x".repeat(1_000)));
        }
        Outcome outcome = new Outcome();
        outcome.of(peer.connection.write(batch, outcome));
        peer.connection.close(1000, "bye");
        for (int i = 0; i < 1_000; i++) {
            assertThat((String) client.next()).startsWith(i + "x");
        }
        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        assertThat(client.reason).isEqualTo("bye");
        await().untilAsserted(() -> assertThat(peer.closes).containsExactly(1000));
        outcome.awaitWritten();
    }

    @Test
    void closeReturnsAtOnceAndLetsAStalledReaderGo() throws Exception {
        try (RawClient client = RawClient.webSocket(server.uri())) {
            Peer peer = doors.next();
            Outcome outcome = stall(peer);
            peer.connection.close(1000, "bye");
            assertThat(outcome.calls)
                    .as("close() has not waited for the reader")
                    .hasValue(0);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(peer.closes).hasSize(1));
            outcome.awaitFailed();
            assertThat(client.drain()).isLessThan(FAR_TOO_MUCH);
            assertThat(peer.closes).hasSize(1);
        }
    }

    @Test
    void terminateReleasesAStalledSocket() throws Exception {
        try (RawClient client = RawClient.webSocket(server.uri())) {
            Peer peer = doors.next();
            Outcome outcome = stall(peer);
            peer.connection.terminate();
            peer.connection.terminate();
            await().untilAsserted(() -> assertThat(peer.closes).containsExactly(1006));
            outcome.awaitFailed();
            assertThat(client.drain()).isLessThan(FAR_TOO_MUCH);
            assertThat(peer.closes).hasSize(1);
            assertThat(outcome.calls).hasValue(1);
        }
    }

    @Test
    void terminateReleasesAnIdleSocketWithoutAnswer() throws Exception {
        try (RawClient client = RawClient.webSocket(server.uri())) {
            Peer peer = doors.next();
            peer.connection.terminate();
            client.drain();
            released(client);
            await().untilAsserted(() -> assertThat(peer.closes).containsExactly(1006));
        }
    }

    @Test
    void aClientThatDoesNotAnswerTheCloseFrameLosesItsSocket() throws Exception {
        try (RawClient client = RawClient.webSocket(server.uri())) {
            Peer peer = doors.next();
            peer.connection.close(1000, "bye");
            assertThat(client.frame().closeCode()).isEqualTo(1000);
            client.drain();
            released(client);
            await().untilAsserted(() -> assertThat(peer.closes).hasSize(1));
        }
    }

    @Test
    void aClientThatVanishesIsReportedOnce() throws Exception {
        RawClient polite = RawClient.webSocket(server.uri());
        RawClient rude = RawClient.webSocket(server.uri());
        Peer first = doors.next();
        Peer second = doors.next();
        polite.close();
        rude.reset();
        await().untilAsserted(() -> {
            assertThat(first.closes).hasSize(1);
            assertThat(second.closes).hasSize(1);
        });
        assertThat(first.closes.get(0)).isNotEqualTo(1000);
    }

    /** A container has tens of kilobytes for each, and thousands may come and go within the time that a goodbye is given. */
    @Test
    void noConnectionIsKeptBehindItsEnd() throws Exception {
        doors.patience = Duration.ofMinutes(5);
        List<WeakReference<Connection>> connections = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            connections.add(comesAndGoes(i % 2 == 0));
        }
        await().untilAsserted(() -> {
            System.gc();
            assertThat(connections.stream().filter(one -> one.get() != null))
                    .as("a thread of the container may still have its last one")
                    .hasSizeLessThanOrEqualTo(2);
        });
    }

    private WeakReference<Connection> comesAndGoes(boolean politely) throws Exception {
        try (RawClient client = RawClient.webSocket(server.uri())) {
            Peer peer = doors.next();
            if (politely) {
                peer.connection.close(1000, "bye");
                assertThat(client.frame().closeCode()).isEqualTo(1000);
                client.frame(0x88, new byte[] {3, (byte) 0xe8});
            } else {
                client.reset();
            }
            await().untilAsserted(() -> assertThat(peer.closes).hasSize(1));
            return new WeakReference<>(peer.connection);
        }
    }

    @Test
    void closingFromWithinAMessageIsReportedOnceAndLast() throws Exception {
        doors.onMessage = (peer, message) -> {
            peer.connection.terminate();
            peer.connection.close(1000, "too late");
        };
        Client client = connect();
        for (int i = 0; i < 50; i++) {
            var unused = client.socket.sendText("m" + i, true);
        }
        Peer peer = doors.next();
        await().untilAsserted(() -> assertThat(peer.closes).containsExactly(1006));
        assertThat(peer.faults).isEmpty();
    }

    @Test
    void compressionIsNotNegotiatedUnlessSwitchedOn() throws Exception {
        String offer = RawClient.UPGRADE + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
        try (RawClient client = new RawClient(server.uri())) {
            RawClient.Response off = client.request("GET", "/socket.io/?EIO=4", offer, "");
            assertThat(off.status()).isEqualTo(101);
            assertThat(off.header("sec-websocket-extensions")).isNull();
        }
        doors.next();
        doors.compression = Compression.DEFAULT.enabled(true);
        try (RawClient client = new RawClient(server.uri())) {
            RawClient.Response on = client.request("GET", "/socket.io/?EIO=4", offer, "");
            assertThat(on.header("sec-websocket-extensions")).startsWith("permessage-deflate");
            String message = "compress me ".repeat(1_000);
            doors.next().connection.write(List.of(text(message)), new Outcome());
            assertThat(inflated(client, new Inflater(true))).isEqualTo(message);
        }
    }

    /** What compresses them may go on from one message to the next, so it must meet them in their order. */
    @Test
    void aBatchIsCompressedInItsOrder() throws Exception {
        doors.compression = Compression.DEFAULT.enabled(true);
        try (RawClient client = new RawClient(server.uri())) {
            client.request(
                    "GET",
                    "/socket.io/?EIO=4",
                    RawClient.UPGRADE + "Sec-WebSocket-Extensions: permessage-deflate\r\n",
                    "");
            List<Frame> batch = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                batch.add(text("message " + i + " " + i * 7919L + " of many".repeat(i % 100)));
            }
            Outcome outcome = new Outcome();
            outcome.of(doors.next().connection.write(batch, outcome));
            Inflater inflater = new Inflater(true);
            for (Frame frame : batch) {
                assertThat(inflated(client, inflater)).isEqualTo(new String(frame.bytes(), UTF_8));
            }
            outcome.awaitWritten();
        }
    }

    @Test
    void anAcceptedUpgradeCarriesTheHeadersOfTheEngine() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            RawClient.Response response = client.request("GET", "/socket.io/?EIO=4", RawClient.UPGRADE, "");
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.header("x-accepted-by")).isEqualTo("engine");
            assertThat(response.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
    }

    @Test
    void anUpgradeThatIsJudgedLaterBecomesAWebSocketThen() throws Exception {
        CompletableFuture<UpgradeDecision> judged = judgedLater();
        Echo echo = new Echo();
        doors.onMessage = echo::message;
        try (RawClient client = new RawClient(server.uri())) {
            client.send("GET", "/socket.io/?EIO=4", RawClient.UPGRADE, "");
            UpgradeDecision decision = decided();
            await().until(() -> judged.getNumberOfDependents() > 0);
            judged.complete(decision);
            RawClient.Response response = client.response("GET");
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.header("x-accepted-by")).isEqualTo("engine");
            for (String message : List.of("hello", "there")) {
                client.frame(0x81, message.getBytes(UTF_8));
                assertThat(new String(client.frame().payload(), UTF_8)).isEqualTo(message);
            }
        }
        assertThat(doors.next().faults).isEmpty();
    }

    @Test
    void anUpgradeThatIsJudgedLaterMayBeRefused() throws Exception {
        CompletableFuture<UpgradeDecision> judged = judgedLater();
        try (RawClient client = new RawClient(server.uri())) {
            client.send("GET", "/socket.io/?EIO=4", RawClient.UPGRADE, "");
            decided();
            await().until(() -> judged.getNumberOfDependents() > 0);
            judged.complete(
                    new UpgradeDecision.Refused(new HttpReply(403, Map.of("X-Why", "banned"), "no".getBytes(UTF_8))));
            RawClient.Response response = client.response("GET");
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.header("x-why")).isEqualTo("banned");
            assertThat(response.body()).isEqualTo("no");
        }
        assertThat(doors.opened).isEmpty();
    }

    @Test
    void upgradesThatAreJudgedLaterHoldNoThread() throws Exception {
        CompletableFuture<UpgradeDecision> judged = judgedLater();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 3 * Containers.THREADS; i++) {
            RawClient client = new RawClient(server.uri());
            clients.add(client);
            client.send("GET", "/socket.io/?EIO=4", RawClient.UPGRADE, "");
            decided();
        }
        aRoundTripOnAnotherRequest();
        judged.complete(new UpgradeDecision.Refused(new HttpReply(403, Map.of(), new byte[0])));
        for (RawClient client : clients) {
            assertThat(client.response("GET").status()).isEqualTo(403);
            client.close();
        }
    }

    /** Whatever the doors decide from now on is known to the servlet when the test says so. */
    private CompletableFuture<UpgradeDecision> judgedLater() {
        CompletableFuture<UpgradeDecision> judged = new CompletableFuture<>();
        doors.think = decision -> {
            decisions.add(decision);
            return judged;
        };
        return judged;
    }

    private UpgradeDecision decided() throws InterruptedException {
        UpgradeDecision decision = decisions.poll(10, TimeUnit.SECONDS);
        if (decision == null) {
            throw new AssertionError("the doors were not asked");
        }
        return decision;
    }

    private void aRoundTripOnAnotherRequest() throws Exception {
        doors.onExchange = exchange -> exchange.reply(new HttpReply(200, Map.of(), new byte[0]));
        try (RawClient client = new RawClient(server.uri())) {
            assertThat(client.request("GET", "/socket.io/?EIO=4", "", "").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aRefusedUpgradeGetsTheReplyOfTheEngine() throws Exception {
        HttpReply forbidden = json(403, "{\"code\":4,\"message\":\"Förbidden\"}");
        doors.decide = request -> new UpgradeDecision.Refused(forbidden);
        try (RawClient client = new RawClient(server.uri())) {
            RawClient.Response response = client.request("GET", "/socket.io/?EIO=4", RawClient.UPGRADE, "");
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.header("content-type")).startsWith("application/json");
            assertThat(response.body()).isEqualTo("{\"code\":4,\"message\":\"Förbidden\"}");
        }
        assertThat(doors.opened).isEmpty();
    }

    @Test
    void aMalformedUpgradeGets400() throws Exception {
        List<String> malformed = List.of(
                RawClient.UPGRADE.replace("Version: 13", "Version: 8"),
                RawClient.UPGRADE.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"),
                RawClient.UPGRADE.replace("dGhlIHNhbXBsZSBub25jZQ==", "!!!!!!!!!!!!!!!!!!!!!!!!"),
                RawClient.UPGRADE.replace("Connection: Upgrade", "Connection: keep-alive"),
                "Upgrade: websocket\r\n");
        for (String headers : malformed) {
            try (RawClient client = new RawClient(server.uri())) {
                RawClient.Response response = client.request("GET", "/socket.io/?EIO=4", headers, "");
                assertThat(response.status()).as(headers).isEqualTo(400);
                if (headers.contains("Connection: Upgrade")) { // else Jetty has answered before it came to us
                    assertThat(response.body()).isEqualTo("{\"code\":3,\"message\":\"Bad request\"}");
                }
            }
        }
        assertThat(doors.upgrades).isEmpty();
    }

    // ---- HTTP ----

    /** Tomcat and Undertow read a body to its end, on the thread of the request, before they upgrade. */
    @Test
    void anUpgradeWithABodyIsRefusedAndHoldsNoThread() throws Exception {
        for (String body : List.of("Content-Length: 900000\r\n", "Transfer-Encoding: chunked\r\n")) {
            try (Crowd crowd = new Crowd()) {
                crowd.send("GET", RawClient.UPGRADE + body, "1");
                assertThat(crowd.statuses()).containsOnly(400);
                aRoundTripOnAnotherConnection();
            }
        }
        assertThat(doors.upgrades).isEmpty();
    }

    @Test
    void aReplyDoesNotWaitForTheRestOfTheRequest() throws Exception {
        for (HttpReply reply : List.of(
                new HttpReply(204, Map.of(), new byte[0]),
                new HttpReply(200, Map.of(), new byte[0]),
                new HttpReply(400, Map.of(), "no".getBytes(UTF_8)))) {
            doors.onExchange = exchange -> exchange.reply(reply);
            try (Crowd crowd = new Crowd()) {
                crowd.send("OPTIONS", "Content-Length: 900000\r\n", "x");
                assertThat(crowd.statuses()).containsOnly(reply.status());
                aRoundTripOnAnotherConnection();
            }
        }
    }

    @Test
    void heldPollsOccupyNoThreads() throws Exception {
        int polls = 200;
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
        for (int i = 0; i < polls; i++) {
            replies.add(http.sendAsync(get("?sid=" + i).build(), BodyHandlers.ofString()));
        }
        List<HttpExchange> held = new ArrayList<>();
        for (int i = 0; i < polls; i++) {
            held.add(doors.nextExchange());
        }
        aRoundTripOnAnotherConnection();
        for (HttpExchange exchange : held) {
            exchange.reply(plain(200, "4" + exchange.request().parameter("sid")));
        }
        for (int i = 0; i < polls; i++) {
            HttpResponse<String> reply = replies.get(i).get(20, TimeUnit.SECONDS);
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("4" + i);
            assertThat(reply.headers().firstValueAsLong("content-length"))
                    .hasValue(reply.body().length());
        }
    }

    @Test
    void aLargeReplyArrivesWhole() throws Exception {
        doors.inbound = new InboundBudget(1_000_000_000, FAR_TOO_MUCH, () -> {});
        String large = "ä".repeat(2_000_000);
        doors.onExchange = exchange -> exchange.reply(plain(200, large));
        HttpResponse<String> reply = http.send(get("").build(), BodyHandlers.ofString());
        assertThat(reply.body()).isEqualTo(large);
        assertThat(reply.headers().firstValueAsLong("content-length")).hasValue(4_000_000);
    }

    @Test
    void aReplyThatNobodyReadsIsOnTheAccountOfTheNode() throws Exception {
        doors.onExchange = exchange ->
                exchange.reply(new HttpReply(200, Map.of("Content-Type", "text/plain"), new byte[FAR_TOO_MUCH]));
        try (RawClient client = new RawClient(server.uri())) {
            client.send("GET", "/socket.io/?EIO=4&transport=polling", "", "");
            assertThat(client.drain()).isLessThan(FAR_TOO_MUCH);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> doors.inbound.used() == 0);
        aRoundTripOnAnotherConnection();
    }

    @Test
    void whatAClientHasNotReadYetIsGivenBackWhenItHas() throws Exception {
        byte[] body = new byte[9_000_000]; // more than the kernel takes, less than the node has room for
        doors.inbound = new InboundBudget(1_000_000_000, FAR_TOO_MUCH, () -> {});
        doors.onExchange = exchange -> exchange.reply(new HttpReply(200, Map.of("Content-Type", "text/plain"), body));
        try (RawClient client = new RawClient(server.uri())) {
            client.send("GET", "/socket.io/?EIO=4&transport=polling", "", "");
            await().atMost(Duration.ofSeconds(10)).until(() -> doors.inbound.used() > 0);
            assertThat(client.response("GET").body()).hasSize(body.length);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> doors.inbound.used() == 0);
    }

    @Test
    void repliesKeepStatusHeadersAndConnection() throws Exception {
        doors.onExchange = exchange -> exchange.reply(
                switch (exchange.request().method()) {
                    case "OPTIONS" -> new HttpReply(204, Map.of("Access-Control-Allow-Origin", "*"), new byte[0]);
                    case "HEAD" -> plain(200, "12345");
                    case "DELETE" -> json(400, "{\"code\":2}");
                    default -> new HttpReply(200, Map.of("Content-Type", "text/plain"), new byte[0]);
                });
        try (RawClient client = new RawClient(server.uri())) {
            RawClient.Response options = client.request("OPTIONS", "/socket.io/", "", "");
            assertThat(options.status()).isEqualTo(204);
            assertThat(options.header("access-control-allow-origin")).isEqualTo("*");
            RawClient.Response head = client.request("HEAD", "/socket.io/", "", "");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).isEqualTo("5");
            RawClient.Response empty = client.request("GET", "/socket.io/", "", "");
            assertThat(empty.header("content-length")).isEqualTo("0");
            // last: Tomcat closes the connection behind a 400
            RawClient.Response delete = client.request("DELETE", "/socket.io/", "", "");
            assertThat(delete.status()).isEqualTo(400);
            assertThat(delete.body()).isEqualTo("{\"code\":2}");
            assertThat(delete.header("content-type")).startsWith("application/json");
        }
    }

    @Test
    void theEngineSeesACopyOfTheRequest() throws Exception {
        CompletableFuture<HttpResponse<String>> reply = http.sendAsync(
                get("?a=1&b=x%20y+z&a=2&empty=&flag&bad=%zz&u=%C3%A4")
                        .header("X-Mixed", "One")
                        .header("X-Mixed", "Two")
                        .build(),
                BodyHandlers.ofString());
        HttpExchange exchange = doors.nextExchange();
        aRoundTripOnAnotherConnection();
        var request = exchange.request();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo("/socket.io/");
        assertThat(request.query())
                .isEqualTo(Map.of(
                        "a", List.of("1", "2"),
                        "b", List.of("x y z"),
                        "empty", List.of(""),
                        "flag", List.of(""),
                        "bad", List.of("%zz"),
                        "u", List.of("ä")));
        assertThat(request.headers().get("x-mixed")).containsExactly("One", "Two");
        assertThat(request.header("HOST")).isEqualTo(server.uri().getAuthority());
        assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
        assertThat(request.secure()).isFalse();
        exchange.reply(plain(200, "ok"));
        assertThat(reply.get(10, TimeUnit.SECONDS).body()).isEqualTo("ok");
    }

    @Test
    void aBodyIsReadUpToTheLimit() throws Exception {
        doors.onExchange = bodyLength(100_000);
        assertThat(post("x".repeat(100_000)).body()).isEqualTo("100000");
        assertThat(post("").body()).isEqualTo("0");
        HttpRequest form = HttpRequest.newBuilder(uri(""))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("d=4hello"))
                .build();
        assertThat(http.send(form, BodyHandlers.ofString()).body()).isEqualTo("8");
    }

    /** As that of a request which belongs to another node, once it is known that it hears. */
    @Test
    void aBodyIsReadLaterByAnotherThreadToo() throws Exception {
        java.util.function.Consumer<HttpExchange> length = bodyLength(100_000);
        doors.onExchange = exchange -> {
            var unused = CompletableFuture.runAsync(() -> length.accept(exchange));
        };
        for (int i = 0; i < 200; i++) {
            assertThat(post("x".repeat(500 * i)).body()).isEqualTo(String.valueOf(500 * i));
        }
        for (int size : new int[] {0, 70_000}) {
            HttpRequest chunked = HttpRequest.newBuilder(uri(""))
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[size])))
                    .build();
            assertThat(http.send(chunked, BodyHandlers.ofString()).body()).isEqualTo(String.valueOf(size));
        }
    }

    @Test
    void aBodyTooLargeIsRefusedWhetherAnnouncedOrNot() throws Exception {
        doors.onExchange = bodyLength(1_000);
        try (RawClient announced = new RawClient(server.uri())) {
            RawClient.Response response = announced.request("POST", "/socket.io/", "Content-Length: 1001\r\n", "");
            assertThat(response.body()).isEqualTo("BodyTooLargeException");
            assertThat(response.status()).isEqualTo(413);
            announced.drain();
        }
        try (RawClient chunked = new RawClient(server.uri())) {
            String chunk = "1f4\r\n" + "x".repeat(500) + "\r\n";
            RawClient.Response response =
                    chunked.request("POST", "/socket.io/", "Transfer-Encoding: chunked\r\n", chunk + chunk + chunk);
            assertThat(response.body()).isEqualTo("BodyTooLargeException");
        }
    }

    @Test
    void aBodyThatNeverComesFailsAfterPatience() throws Exception {
        doors.onExchange = bodyLength(1_000);
        try (RawClient client = new RawClient(server.uri())) {
            RawClient.Response response = client.request("POST", "/socket.io/", "Content-Length: 10\r\n", "1234");
            assertThat(response.body()).isEqualTo("IOException");
        }
    }

    @Test
    void aClientThatGoesAwayDuringItsBodyIsNoticed() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        doors.onExchange = exchange -> {
            exchange.onAbort(() -> gone.complete(null));
            exchange.body(1_000).whenComplete((body, cause) -> failure.complete(cause));
        };
        RawClient client = new RawClient(server.uri());
        client.send("POST", "/socket.io/", "Content-Length: 10\r\n", "1234");
        client.reset();
        assertThat(failure.get(10, TimeUnit.SECONDS))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("longer");
        gone.get(10, TimeUnit.SECONDS);
    }

    @Test
    void replyingToAClientThatHasGoneDisturbsNobody() throws Exception {
        RawClient client = new RawClient(server.uri());
        client.send("GET", "/socket.io/?sid=gone", "", "");
        HttpExchange exchange = doors.nextExchange();
        client.reset();
        exchange.reply(plain(200, "x".repeat(5_000_000)));
        exchange.reply(plain(200, "twice"));
        aRoundTripOnAnotherConnection();
        AtomicInteger aborts = new AtomicInteger();
        exchange.onAbort(aborts::incrementAndGet);
        assertThat(aborts).as("the reply came first").hasValue(0);
    }

    // ---- helpers ----

    private static Frame text(String message) {
        return Frame.text(message.getBytes(UTF_8));
    }

    private static HttpReply plain(int status, String body) {
        return new HttpReply(status, Map.of("Content-Type", "text/plain; charset=UTF-8"), body.getBytes(UTF_8));
    }

    private static HttpReply json(int status, String body) {
        return new HttpReply(status, Map.of("Content-Type", "application/json"), body.getBytes(UTF_8));
    }

    private static java.util.function.Consumer<HttpExchange> bodyLength(int limit) {
        return exchange -> exchange.body(limit)
                .whenComplete((body, failure) -> exchange.reply(
                        failure == null
                                ? plain(200, String.valueOf(body.length))
                                : plain(413, failure.getClass().getSimpleName())));
    }

    /** Fills every buffer on the way to a client that does not read. */
    private Outcome stall(Peer peer) throws Exception {
        Outcome outcome = new Outcome();
        assertThat(peer.connection.write(List.of(Frame.binary(new byte[FAR_TOO_MUCH])), outcome))
                .isFalse();
        aRoundTripOnAnotherConnection();
        return outcome;
    }

    /** A stream that ended may be half a connection: the server has let go when it resets what still comes. */
    /** More clients than the container has threads, all of which begin a request and do not end it. */
    private final class Crowd implements AutoCloseable {
        private final List<RawClient> clients = new ArrayList<>();

        void send(String method, String headers, String begun) throws IOException {
            for (int i = 0; i < 3 * Containers.THREADS; i++) {
                RawClient client = new RawClient(server.uri());
                clients.add(client);
                client.send(method, "/socket.io/?EIO=4&transport=websocket", headers, begun);
            }
        }

        List<Integer> statuses() throws IOException {
            List<Integer> statuses = new ArrayList<>();
            for (RawClient client : clients) {
                statuses.add(client.response("GET").status());
            }
            return statuses;
        }

        @Override
        public void close() throws IOException {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static void released(RawClient client) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                client.frame(0x89, new byte[0]);
                return false;
            } catch (IOException reset) {
                return true;
            }
        });
    }

    /** Gives the container the chance to do what it should not. */
    private void aRoundTripOnAnotherConnection() throws Exception {
        var earlier = doors.onExchange;
        doors.onExchange = exchange -> exchange.reply(plain(200, "pong"));
        assertThat(http.send(get("").build(), BodyHandlers.ofString()).body()).isEqualTo("pong");
        doors.onExchange = earlier;
    }

    private static String inflated(RawClient client, Inflater inflater) throws Exception {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        RawClient.Frame frame;
        boolean first = true;
        do {
            frame = client.frame();
            assertThat(frame.firstByte() & 0x40).as("RSV1").isEqualTo(first ? 0x40 : 0);
            first = false;
            deflated.write(frame.payload());
        } while ((frame.firstByte() & 0x80) == 0);
        deflated.write(new byte[] {0, 0, -1, -1});
        inflater.setInput(deflated.toByteArray());
        byte[] out = new byte[100_000];
        int length = inflater.inflate(out);
        return new String(out, 0, length, UTF_8);
    }

    private HttpRequest.Builder get(String query) {
        return HttpRequest.newBuilder(uri(query));
    }

    private URI uri(String query) {
        return URI.create(server.uri() + "/socket.io/" + query.replace("%zz", "%25zz"));
    }

    private HttpResponse<String> post(String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri(""))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private Client connect() {
        Client client = new Client();
        client.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(server.uri().toString().replace("http", "ws") + "/socket.io/?EIO=4"), client)
                .join();
        return client;
    }

    /** Writes batches one after another, each when the one before has ended. */
    private record Chain(Peer peer, int left, CompletableFuture<Void> all) implements WriteListener, Runnable {
        @Override
        public void run() {
            for (int i = left; i > 0; i--) {
                List<Frame> batch = List.of(text("a" + i), Frame.binary(new byte[] {(byte) i}), text("b" + i));
                if (!peer.connection.write(batch, new Chain(peer, i - 1, all))) {
                    return;
                }
            }
            all.complete(null);
        }

        @Override
        public void written() {
            run();
        }

        @Override
        public void failed(Throwable cause) {
            all.completeExceptionally(cause);
        }
    }

    /** Sends back what comes, one write at a time: a client may have an answer before its write is reported as ended. */
    private static final class Echo implements WriteListener {
        private final BlockingQueue<Frame> waiting = new LinkedBlockingQueue<>();
        private final AtomicInteger turns = new AtomicInteger();
        private volatile Peer peer;

        void message(Peer from, Object message) {
            peer = from;
            waiting.add(message instanceof byte[] bytes ? Frame.binary(bytes) : text((String) message));
            if (turns.getAndIncrement() == 0) {
                drain();
            }
        }

        private void drain() {
            do {
                if (!peer.connection.write(List.of(waiting.remove()), this)) {
                    return;
                }
            } while (turns.decrementAndGet() != 0);
        }

        @Override
        public void written() {
            if (turns.decrementAndGet() != 0) {
                drain();
            }
        }

        @Override
        public void failed(Throwable cause) {
            peer.faults.add("write failed: " + cause);
        }
    }

    /** How a write ended. */
    private static final class Outcome implements WriteListener {
        final AtomicInteger calls = new AtomicInteger();
        private final CompletableFuture<String> end = new CompletableFuture<>();

        void of(boolean taken) {
            if (taken) {
                end.complete("written");
            }
        }

        @Override
        public void written() {
            calls.incrementAndGet();
            end.complete("written");
        }

        @Override
        public void failed(Throwable cause) {
            calls.incrementAndGet();
            end.complete("failed");
        }

        void awaitWritten() throws Exception {
            assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("written");
        }

        void awaitFailed() throws Exception {
            assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("failed");
        }
    }

    private static final class Client implements WebSocket.Listener {
        final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        volatile String reason;
        volatile WebSocket socket;
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        Object next() throws InterruptedException {
            Object message = messages.poll(10, TimeUnit.SECONDS);
            assertThat(message).as("message").isNotNull();
            return message;
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            binary.writeBytes(bytes);
            if (last) {
                messages.add(binary.toByteArray());
                binary.reset();
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String why) {
            reason = why;
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
