package dev.realtime.samples.arena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A headless Chromium with a profile of its own, driven over its DevTools protocol. */
final class Browser implements AutoCloseable, WebSocket.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> exceptions = new CopyOnWriteArrayList<>();
    private final List<String> targets = new ArrayList<>();
    private final StringBuilder message = new StringBuilder();

    private Browser(Process process, URI devTools) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, this)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** The browser of this machine, if there is one. The property {@code chromium} may name another. */
    static Optional<Path> find() {
        return Stream.of(
                        System.getProperty("chromium", ""),
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start(Path program, Path profile) throws IOException {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-background-timer-throttling",
                        "--disable-backgrounding-occluded-windows",
                        "--disable-renderer-backgrounding",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("chromium.log").toFile())
                .start();
        try {
            Path port = profile.resolve("DevToolsActivePort");
            List<String> lines = Awaitility.await("Chromium to open its DevTools")
                    .atMost(PATIENCE)
                    .until(() -> Files.exists(port) ? Files.readAllLines(port) : List.of(), read -> read.size() == 2);
            return new Browser(process, URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Opens a page in a window of its own. */
    Tab open(URI address) {
        ObjectNode target = JSON.createObjectNode();
        target.put("url", "about:blank").put("newWindow", true);
        String id = call(null, "Target.createTarget", target).path("targetId").asText();
        targets.add(id);
        ObjectNode attach = JSON.createObjectNode();
        attach.put("targetId", id).put("flatten", true);
        String session =
                call(null, "Target.attachToTarget", attach).path("sessionId").asText();
        return new Tab(this, session, address);
    }

    void closeTabs() {
        targets.forEach(
                id -> call(null, "Target.closeTarget", JSON.createObjectNode().put("targetId", id)));
        targets.clear();
    }

    /** What scripts have thrown, in all tabs. */
    List<String> exceptions() {
        return List.copyOf(exceptions);
    }

    JsonNode call(String session, String method, ObjectNode parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode request = JSON.createObjectNode();
        request.put("id", id).put("method", method).set("params", parameters);
        if (session != null) {
            request.put("sessionId", session);
        }
        socket.sendText(request.toString(), true).join();
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            String text = message.toString();
            message.setLength(0);
            receive(text);
        }
        webSocket.request(1);
        return null;
    }

    private void receive(String text) {
        try {
            JsonNode received = JSON.readTree(text);
            CompletableFuture<JsonNode> answer =
                    answers.remove(received.path("id").asInt());
            if (answer != null && received.has("error")) {
                answer.completeExceptionally(new AssertionError(received.path("error")));
            } else if (answer != null) {
                answer.complete(received.path("result"));
            } else if (received.path("method").asText().equals("Runtime.exceptionThrown")) {
                exceptions.add(received.path("params").path("exceptionDetails").toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.abort();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
