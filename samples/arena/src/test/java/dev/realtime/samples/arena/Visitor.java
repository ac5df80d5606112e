package dev.realtime.samples.arena;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody at a running arena, over HTTP and a WebSocket as the page does it, but without a page. */
final class Visitor implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI arena;
    private String token;
    private JsonNode player;
    private final List<String> packets = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private final AtomicInteger asked = new AtomicInteger();
    private final WebSocket socket;
    private CompletionStage<WebSocket> sent; // the last text; guarded by this

    private Visitor(URI arena, String token, JsonNode player) {
        this.arena = arena;
        this.token = token;
        this.player = player;
        CompletableFuture<WebSocket> opening = HTTP.newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + arena.getAuthority() + "/socket.io/?EIO=4&transport=websocket"), this);
        this.sent = opening;
        this.socket = opening.join();
        send("40" + (token.isEmpty() ? "" : JSON.createObjectNode().put("token", token)));
        await("to be let in").until(() -> packets.stream().anyMatch(packet -> packet.startsWith("40")));
    }

    /** Logs in by a name and connects. */
    static Visitor named(String name, URI arena) throws IOException, InterruptedException {
        JsonNode ticket = logIn(name, arena);
        return new Visitor(arena, ticket.path("token").asText(), ticket.path("player"));
    }

    /** Connects without a login. */
    static Visitor watching(URI arena) {
        return new Visitor(arena, "", JSON.createObjectNode());
    }

    /** Logs in on the same session. */
    void become(String name) throws IOException, InterruptedException {
        JsonNode ticket = logIn(name, arena);
        token = ticket.path("token").asText();
        player = ticket.path("player");
        ask("authenticate", "token", token);
    }

    private static JsonNode logIn(String name, URI arena) throws IOException, InterruptedException {
        String body = JSON.createObjectNode().put("name", name).toString();
        return JSON.readTree(HTTP.send(
                        HttpRequest.newBuilder(arena.resolve("/api/login"))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body());
    }

    /** The same player once more, at another node. */
    Visitor again(URI otherArena) {
        return new Visitor(otherArena, token, player);
    }

    String id() {
        return player.path("id").asText();
    }

    JsonNode ask(String event, String field, String value) {
        String id = String.valueOf(asked.incrementAndGet());
        ObjectNode payload = JSON.createObjectNode().put(field, value);
        send("42" + id + JSON.createArrayNode().add(event).add(payload));
        String head = "43" + id + "[";
        await("the answer to " + event)
                .atMost(Duration.ofSeconds(20))
                .until(() -> packets.stream().anyMatch(packet -> packet.startsWith(head)));
        return packets.stream()
                .filter(packet -> packet.startsWith(head))
                .map(packet -> read(packet.substring(head.length() - 1)).path(0))
                .findFirst()
                .orElseThrow();
    }

    void walk(double x, double y) {
        ObjectNode payload = JSON.createObjectNode().put("x", x).put("y", y);
        send("42" + JSON.createArrayNode().add("move").add(payload));
    }

    /** When the text before it has left: the JDK's WebSocket takes one at a time. */
    private synchronized void send(String text) {
        sent = sent.thenCompose(open -> open.sendText(text, true));
    }

    /** The payloads of an event so far. */
    List<JsonNode> heard(String event) {
        return packets.stream()
                .filter(packet -> packet.startsWith("42[\"" + event + "\""))
                .map(packet -> read(packet.substring(2)).path(1))
                .toList();
    }

    boolean hasEnded() {
        return packets.contains("41");
    }

    /** The ids of those in a zone, as presence has told this visitor. */
    Set<String> seesIn(String zone) {
        Set<String> ids = new TreeSet<>();
        for (String packet : packets) {
            if (packet.startsWith("42[\"presence:")) {
                for (JsonNode change : read(packet.substring(2)).path(1)) {
                    if (change.path("room").asText().equals("zone:" + zone)) {
                        note(change, ids);
                    }
                }
            }
        }
        return ids;
    }

    private static void note(JsonNode change, Set<String> ids) {
        if (change.has("users")) {
            ids.clear();
            change.path("users").forEach(who -> ids.add(who.path("user").asText()));
        }
        change.path("left").forEach(who -> ids.remove(who.asText()));
        change.path("joined").forEach(who -> ids.add(who.path("user").asText()));
    }

    /** Why the server has sent this visitor away. */
    String lastWord() {
        return heard("force_disconnect").get(0).asText();
    }

    /** The snapshot as this visitor's node tells it. */
    JsonNode world() throws IOException, InterruptedException {
        return JSON.readTree(HTTP.send(
                        HttpRequest.newBuilder(arena.resolve("/api/world"))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        BodyHandlers.ofString())
                .body());
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            String packet = partial.toString();
            partial.setLength(0);
            if (packet.equals("2")) {
                send("3");
            }
            packets.add(packet);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** Says goodbye. */
    void leave() {
        send("41");
    }
}
