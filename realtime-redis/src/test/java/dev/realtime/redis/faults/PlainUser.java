package dev.realtime.redis.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A user with one client, which answers pings, and comes and goes when it is told to. */
final class PlainUser {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final String name;
    private volatile @Nullable Connection connection;
    private volatile @Nullable String sessionId;
    private volatile @Nullable String privateId;

    PlainUser(HttpClient http, String name) {
        this.http = http;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Comes, or comes back to its session if it has had one. Completes with whether it has the session that it had. */
    CompletableFuture<Boolean> connect(int port) {
        Connection next = new Connection();
        connection = next;
        URI address = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
        http.newWebSocketBuilder().buildAsync(address, next).whenComplete((opened, failure) -> {
            if (failure != null) {
                next.entered.completeExceptionally(failure);
            }
        });
        return next.entered;
    }

    private String credentials() {
        String known = privateId;
        return "40{\"user\":\"" + name + "\"" + (known == null ? "" : ",\"pid\":\"" + known + "\"") + "}";
    }

    /** Says goodbye. */
    void leave() {
        Connection open = connection;
        if (open != null) {
            open.send("41");
        }
    }

    /** Ends its connection without a word. */
    void drop() {
        Connection open = connection;
        if (open != null) {
            open.abort();
        }
    }

    private final class Connection implements WebSocket.Listener {
        final CompletableFuture<Boolean> entered = new CompletableFuture<>();
        private final StringBuilder parts = new StringBuilder();
        private volatile @Nullable TextSender sender;

        @Override
        public void onOpen(WebSocket opened) {
            sender = new TextSender(opened);
            opened.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                packet(parts.toString());
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void packet(String text) {
            if (text.startsWith("0")) {
                send(credentials());
            } else if (text.equals("2")) {
                send("3");
            } else if (text.startsWith("40")) {
                entered(read(text.substring(2)));
            } else if (text.startsWith("44")) {
                entered.completeExceptionally(new IllegalStateException(name + " is refused: " + text));
            }
        }

        private void entered(JsonNode answer) {
            String id = answer.get("sid").textValue();
            boolean resumed = id.equals(sessionId);
            sessionId = id;
            privateId = answer.path("pid").textValue();
            entered.complete(resumed);
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            entered.completeExceptionally(new IllegalStateException(name + " is sent away: " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            entered.completeExceptionally(failure);
        }

        void send(String text) {
            TextSender open = sender;
            if (open != null) {
                var unused = open.send(text);
            }
        }

        void abort() {
            TextSender open = sender;
            if (open != null) {
                open.abort();
            }
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
