package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.events.ClientEvents;
import dev.realtime.events.LifecycleEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client hears what becomes of its session, and comes back to it all the same. */
class LifecycleEventsClientTest {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "")).resolve("src/test/js");
    private static final Event<String> SAY = Event.of("say", String.class);
    private static final Event<String> SAID = Event.of("said", String.class);
    private static final Event<Void> LEAVE = Event.of("leave");

    @Test
    void theOfficialClientIsToldOnceOfEachTransition(@TempDir Path scratch) throws Exception {
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io-client")),
                "skipped: the client is not installed; run: npm ci --prefix realtime-standalone/src/test/js");
        Realtime realtime = Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(1)))
                .clientEvents(ClientEvents.DEFAULT.lifecycle(LifecycleEvents.SESSION))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .features(principal -> List.of("emotes"))
                                .onConnect(session -> session.emit(SAID, "welcome"))
                                .on(SAY, (session, text) -> session.emit(SAID, text))
                                .on(LEAVE, (session, nothing) -> session.disconnect()))
                .build();
        StandaloneServer server = StandaloneServer.start(realtime, 0);
        Path output = scratch.resolve("output.txt");
        ProcessBuilder command = new ProcessBuilder("node", "--test", "--test-reporter=spec", "lifecycle.test.mjs")
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put("REALTIME_URL", "http://127.0.0.1:" + server.port());
        Process node = command.start();
        try {
            boolean ended = node.waitFor(3, TimeUnit.MINUTES);
            assertThat(ended && node.exitValue() == 0)
                    .withFailMessage("lifecycle.test.mjs:\n" + Files.readString(output))
                    .isTrue();
        } finally {
            node.destroyForcibly();
            server.close();
        }
    }
}
