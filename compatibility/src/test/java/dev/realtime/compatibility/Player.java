package dev.realtime.compatibility;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A client on a WebSocket that comes back as the official ones do: with its private id and the last offset. */
final class Player {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    // guarded by this
    private final List<JsonNode> events = new ArrayList<>();
    private WebSocket socket;
    private CompletableFuture<?> sent; // the last text on this connection
    private String sessionId;
    private String privateId;
    private String offset;
    private boolean connected;

    /** Connects, and returns when the server has let it in. */
    Player connect(int port) {
        return connect(port, "/socket.io/");
    }

    /** The same where the engine has another path. */
    Player connect(int port, String path) {
        URI address = URI.create("ws://127.0.0.1:" + port + path + "?EIO=4&transport=websocket");
        synchronized (this) {
            sent = CompletableFuture.completedFuture(null);
        }
        WebSocket opened =
                http.newWebSocketBuilder().buildAsync(address, new Listener()).join();
        synchronized (this) {
            socket = opened;
        }
        await().atMost(PATIENCE).until(this::isConnected);
        return this;
    }

    /** Loses its connection without a word. */
    synchronized void drop() {
        socket.abort();
        connected = false;
    }

    synchronized void say(String text) {
        send(socket, "42[\"say\",{\"text\":\"" + text + "\",\"at\":\"" + Game.SINCE + "\"}]");
    }

    /** When the text before it has left, or could not: the JDK's WebSocket takes one at a time. */
    private synchronized void send(WebSocket to, String text) {
        sent = sent.handle((before, failure) -> null)
                .thenCompose(before -> to.sendText(text, true))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        lost(to);
                    }
                });
    }

    synchronized boolean isConnected() {
        return connected;
    }

    synchronized String sessionId() {
        return sessionId;
    }

    /** What it has been told, in order. */
    synchronized List<JsonNode> events() {
        return List.copyOf(events);
    }

    void awaitTexts(String... texts) {
        await().atMost(PATIENCE)
                .until(() -> events().stream()
                        .map(event -> event.get(1).get("text").textValue())
                        .toList()
                        .equals(List.of(texts)));
    }

    private synchronized void message(WebSocket from, String text) {
        if (text.startsWith("0")) {
            send(from, "40" + credentials());
        } else if (text.equals("2")) {
            send(from, "3");
        } else if (text.startsWith("40")) {
            JsonNode answer = read(text.substring(2));
            sessionId = answer.get("sid").textValue();
            privateId = answer.get("pid").textValue();
            connected = true;
        } else if (text.startsWith("42")) {
            JsonNode event = read(text.substring(2));
            events.add(event);
            offset = event.get(event.size() - 1).textValue();
        }
    }

    private String credentials() {
        if (privateId == null) {
            return "";
        }
        return JSON.createObjectNode()
                .put("pid", privateId)
                .put("offset", offset)
                .toString();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void lost(WebSocket which) {
        if (which.equals(socket)) {
            connected = false;
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                String text = parts.toString();
                parts.setLength(0);
                message(from, text);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            lost(from);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            lost(from);
        }
    }
}
