package dev.realtime.redis.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.realtime.Namespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A script of {@code src/test/js} that takes one JSON command a line and answers with one JSON message a line. */
final class NodeProcess implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "")).resolve("src/test/js");

    private final Process process;
    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final List<JsonNode> passed = new ArrayList<>();
    private int lastCommand;

    private NodeProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    /** Skips the test, visibly, where Node.js or its packages are missing. */
    static void assumeInstalled() throws InterruptedException {
        boolean node;
        try {
            node = new ProcessBuilder("node", "--eval", "process.exit(+(parseInt(process.versions.node) < 18))")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            node = false;
        }
        assumeTrue(node, "skipped: the command 'node' (18 or newer) is not on the path");
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/@socket.io/redis-streams-adapter")),
                "skipped: the servers are not installed; run: npm ci --prefix realtime-redis/src/test/js");
    }

    static NodeProcess start(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        try {
            return new NodeProcess(new ProcessBuilder(command)
                    .directory(SCRIPTS.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                messages.add(JSON.readTree(line));
            }
        } catch (IOException ended) {
            // with the process
        }
    }

    /** The next message that has this member; those before it are put aside. */
    synchronized JsonNode next(String member) {
        for (JsonNode message : passed) {
            if (message.has(member)) {
                passed.remove(message);
                return message;
            }
        }
        while (true) {
            try {
                JsonNode message = messages.poll(20, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("no message with '" + member + "' came; others: " + passed);
                }
                if (message.has(member)) {
                    return message;
                }
                passed.add(message);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Waits until it is known to read the stream: before its first entry it may miss one between two reads. */
    void awaitReading(Namespace java) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            java.room("zone:nowhere").emit(JavaNode.HELLO, "is anybody there?");
            return result("entriesRead").intValue() > 0;
        });
    }

    /** Sends a command without waiting for what comes of it. Returns its number. */
    int send(String name, Object... members) {
        ObjectNode command = JSON.createObjectNode().put("do", name).put("id", ++lastCommand);
        for (int i = 0; i < members.length; i += 2) {
            command.set((String) members[i], JSON.valueToTree(members[i + 1]));
        }
        try {
            process.getOutputStream().write((command + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lastCommand;
    }

    /** Sends a command and waits for its answer. */
    JsonNode call(String name, Object... members) {
        int id = send(name, members);
        while (true) {
            JsonNode answer = next("id");
            if (answer.get("id").asInt() == id) {
                return answer;
            }
        }
    }

    JsonNode result(String name, Object... members) {
        JsonNode answer = call(name, members);
        if (answer.hasNonNull("error")) {
            throw new AssertionError(name + " failed: " + answer);
        }
        return answer.path("result");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
