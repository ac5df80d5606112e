package dev.realtime.redis.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;

/** Official JavaScript clients behind a balancer that asks nodes whether they are ready: {@code roll.mjs}, in a process of its own. */
final class OfficialClients implements AutoCloseable {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "")).resolve("src/test/js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader answers;

    private OfficialClients(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** Skips the test, visibly, where the client is missing. */
    static OfficialClients start(int count) throws IOException {
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io-client")),
                "skipped: the client is not installed; run: npm ci --prefix realtime-redis/src/test/js");
        return new OfficialClients(new ProcessBuilder("node", "roll.mjs", Integer.toString(count))
                .directory(SCRIPTS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    JsonNode call(String command) throws IOException {
        return call(command, "nothing", 0);
    }

    /** Gives them a command and returns their answer when it is carried out. */
    JsonNode call(String command, String member, int value) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("do", command).put(member, value);
        process.getOutputStream().write((line + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the clients have ended at '" + command + "'");
        }
        return JSON.readTree(answer);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
