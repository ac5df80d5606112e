package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.limits.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers and authenticators that block stop their own clients and nobody else, on every JVM. */
class BlockedHandlersTest {
    private static final int CLIENTS = 64;
    private static final int SHARE = 80;
    private static final int PATIENCE_SECONDS = 30;
    private static final Event<Void> BLOCK = Event.of("block");
    private static final Event<Void> NEWS = Event.of("news");

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch blocked = new CountDownLatch(CLIENTS);
    private final Realtime realtime = Realtime.builder()
            .limits(Limits.DEFAULT.handshakesPerSecond(10_000).maxHandlersPerIp(SHARE))
            .namespace(
                    "/",
                    game -> game.allowAnonymous().on(BLOCK, (session, nothing) -> {
                        blocked.countDown();
                        end.await();
                    }))
            .build();
    private final StandaloneServer server = StandaloneServer.start(realtime, 0);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<WebSocket> open = new ArrayList<>();

    @AfterEach
    void stop() {
        end.countDown();
        open.forEach(WebSocket::abort);
        server.close();
    }

    private BlockingQueue<String> connect(String first, String... more) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + server.port() + "/socket.io/?EIO=4&transport=websocket"),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                heard.add(data.toString());
                                from.request(1);
                                return null;
                            }
                        })
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        open.add(socket);
        socket.sendText(first, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        for (String packet : more) {
            socket.sendText(packet, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return heard;
    }

    private static String next(BlockingQueue<String> heard, String start) throws InterruptedException {
        String packet = "";
        while (packet != null && !packet.startsWith(start)) {
            packet = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return packet == null ? "nothing" : packet;
    }

    private List<BlockingQueue<String>> block(int clients) throws Exception {
        List<BlockingQueue<String>> stuck = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            BlockingQueue<String> heard = connect("40");
            assertThat(next(heard, "40")).startsWith("40{");
            open.get(i).sendText("42[\"block\"]", true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            stuck.add(heard);
        }
        assertThat(blocked.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("a handler each")
                .isTrue();
        return stuck;
    }

    /** One request from another address of this machine. */
    private String fromElsewhere(String method, String sid, String body) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getByName("127.0.0.1"), server.port(), InetAddress.getByName("127.0.0.2"), 0)) {
            socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
            String head = method + " /socket.io/?EIO=4&transport=polling" + sid
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: "
                    + body.length() + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void anAddressThatBlocksAllOfItsShareLetsOthersConnect() throws Exception {
        block(SHARE);
        connect("40"); // has to wait: this address has nothing left
        Awaitility.await()
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> realtime.stats().counters().get("handlers.queued") > 0);
        String opened = fromElsewhere("GET", "", "");
        String sid = "&sid=" + opened.replaceAll("(?s).*\"sid\":\"([^\"]+)\".*", "$1");
        assertThat(fromElsewhere("POST", sid, "40")).contains("200");
        assertThat(fromElsewhere("GET", sid, "")).contains("40{");
    }

    @Test
    void othersConnectAndEventsAreDeliveredAlthoughManyHandlersBlock() throws Exception {
        List<BlockingQueue<String>> stuck = block(CLIENTS);
        BlockingQueue<String> late = connect("40");
        assertThat(next(late, "40")).startsWith("40{");
        realtime.namespace("/").emit(NEWS);
        assertThat(next(late, "42")).startsWith("42[\"news\"");
        for (BlockingQueue<String> heard : stuck) {
            assertThat(next(heard, "42")).startsWith("42[\"news\"");
        }
    }
}
