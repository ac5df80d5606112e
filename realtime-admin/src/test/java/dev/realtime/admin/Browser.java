package dev.realtime.admin;

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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A headless Chromium with one page, driven over its DevTools protocol. */
final class Browser implements AutoCloseable, WebSocket.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private final String session;

    private Browser(Process process, URI devTools) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, this)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        ObjectNode target = JSON.createObjectNode().put("url", "about:blank").put("newWindow", true);
        String id = send(null, "Target.createTarget", target).path("targetId").asText();
        ObjectNode attach = JSON.createObjectNode().put("targetId", id).put("flatten", true);
        this.session =
                send(null, "Target.attachToTarget", attach).path("sessionId").asText();
        call("Runtime.enable", JSON.createObjectNode());
        call("Emulation.setFocusEmulationEnabled", JSON.createObjectNode().put("enabled", true));
        call(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", 1400)
                        .put("height", 900)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** The browser of this machine, if there is one. The property {@code chromium} may name another. */
    static Optional<Path> find() {
        return Stream.of(System.getProperty("chromium", ""), "/usr/bin/chromium", "/usr/bin/chromium-browser")
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
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-background-timer-throttling",
                        "--disable-renderer-backgrounding",
                        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", // the page asks others for its
                        // fonts
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

    void open(String address) {
        call("Page.navigate", JSON.createObjectNode().put("url", address));
    }

    /** The value of an expression of the page. */
    JsonNode value(String expression) {
        JsonNode result = call(
                "Runtime.evaluate",
                JSON.createObjectNode().put("expression", expression).put("returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Waits until an expression holds. What it throws meanwhile counts as false: the page may still be loading. */
    void until(String what, String expression) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> value("(() => { try { return Boolean(" + expression + "); } catch { return false; } })()")
                        .asBoolean());
    }

    /** Waits for a text on the page. */
    void sees(String text) {
        until("the page to show " + text, "document.querySelector('main').innerText.includes('" + text + "')");
    }

    /** Types into the field with this label. */
    void type(String label, String text) {
        until("the field " + label, field(label));
        value("(" + field(label) + ".focus(), " + field(label) + ".select())");
        call("Input.insertText", JSON.createObjectNode().put("text", text));
    }

    private static String field(String label) {
        return "[...document.querySelectorAll('.v-dialog--active .v-text-field, main .v-text-field')]"
                + ".find((field) => field.innerText.trim() === '" + label + "').querySelector('input')";
    }

    /** Clicks on what an expression finds. */
    void click(String what, String element) {
        until(what, element + " && !" + element + ".disabled");
        value(element + ".click()");
    }

    void screenshot(Path file) {
        call("Page.bringToFront", JSON.createObjectNode());
        JsonNode shot = call("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(shot.path("data").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode call(String method, ObjectNode parameters) {
        return send(session, method, parameters);
    }

    private JsonNode send(String to, String method, ObjectNode parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode request = JSON.createObjectNode();
        request.put("id", id).put("method", method).set("params", parameters);
        if (to != null) {
            request.put("sessionId", to);
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
