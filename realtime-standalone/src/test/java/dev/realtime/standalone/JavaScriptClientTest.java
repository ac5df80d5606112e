package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realtime.testkit.contract.RunningServer;
import dev.realtime.testkit.contract.ServerVariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official JavaScript client, unmodified, against the standalone server. The tests themselves are in {@code src/test/js}. */
final class JavaScriptClientTest {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "")).resolve("src/test/js");

    private static RunningServer server;

    @BeforeAll
    static void needsNode() throws Exception {
        assumeTrue(hasNode(), "skipped: the command 'node' (20 or newer) is not on the path");
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io-client")),
                "skipped: the client is not installed; run: npm ci --prefix realtime-standalone/src/test/js");
        server = ReferenceServer.start(ServerVariant.RECOVERING);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.stop().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.test.mjs", "recovery.test.mjs", "connect-order.test.mjs"})
    void officialClientGetsWhatItExpects(String script, @TempDir Path scratch) throws Exception {
        Path output = scratch.resolve("output.txt");
        ProcessBuilder command = new ProcessBuilder("node", "--test", "--test-reporter=spec", script)
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put("REALTIME_URL", server.address().toString());
        Process node = command.start();
        try {
            boolean ended = node.waitFor(3, TimeUnit.MINUTES);
            assertThat(ended && node.exitValue() == 0)
                    .withFailMessage(() -> script + (ended ? " failed:\n" : " did not end in time:\n") + read(output))
                    .isTrue();
        } finally {
            node.destroyForcibly();
        }
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            Process node = new ProcessBuilder("node", "--eval", "process.exit(+(parseInt(process.versions.node) < 20))")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return node.waitFor(1, TimeUnit.MINUTES) && node.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
