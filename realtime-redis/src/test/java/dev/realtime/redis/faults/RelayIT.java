package dev.realtime.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realtime.redis.server.RedisServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client polls over a balancer that keeps nobody on a node; one of the two nodes is killed in the end. */
@Tag("faults")
class RelayIT {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "")).resolve("src/test/js");

    @Test
    void officialClientsThatPollNeedNoStickySessions(@TempDir Path directory) throws Exception {
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io-client")),
                "skipped: the client is not installed; run: npm ci --prefix realtime-redis/src/test/js");
        try (RedisServer redis = RedisServer.start();
                NodeProcess first = NodeProcess.start(
                        RelayNode.class, directory.resolve("first.log").toFile(), redis.url());
                NodeProcess second = NodeProcess.start(
                        RelayNode.class, directory.resolve("second.log").toFile(), redis.url())) {
            ProcessBuilder command = new ProcessBuilder("node", "relay.test.mjs")
                    .directory(SCRIPTS.toFile())
                    .redirectErrorStream(true);
            command.environment().put("FIRST_URL", "http://127.0.0.1:" + first.port());
            command.environment().put("SECOND_URL", "http://127.0.0.1:" + second.port());
            Process clients = command.start();
            StringBuilder said = new StringBuilder();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    said.append(line).append('\n');
                    if (line.endsWith("KILL")) {
                        first.kill();
                    }
                }
                assertThat(clients.waitFor(1, TimeUnit.MINUTES) && clients.exitValue() == 0)
                        .withFailMessage("relay.test.mjs:\n" + said)
                        .isTrue();
            } finally {
                clients.destroyForcibly();
            }
        }
    }
}
