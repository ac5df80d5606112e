package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.drain.DrainOptions;
import dev.realtime.mail.MailOptions;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that were stored by one node of a cluster on a real Redis, which is killed and comes back, reach the official client at whatever node it is. */
class MailClientTest {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "")).resolve("src/test/js");
    private static final Event<String> LETTER = Event.of("letter", String.class).persistOffline();

    private static final Event<String> WRITE = Event.of("write", String.class);

    private static Realtime node(String url) {
        return Realtime.builder()
                .authenticator(new TestUsers())
                .backend(RedisBackend.connect(RedisOptions.of(url)))
                .namespace(
                        "/",
                        game -> game.mail(MailOptions.DEFAULT.ackTimeout(Duration.ofSeconds(2)))
                                .on(
                                        WRITE,
                                        (session, text) -> session.room("user:"
                                                        + session.principal().id())
                                                .emit(LETTER, text)))
                .build();
    }

    private static StandaloneServer start(Realtime realtime) {
        return StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
    }

    @Test
    void theOfficialClientGetsWhatWaited(@TempDir Path scratch) throws Exception {
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io-client")),
                "skipped: the client is not installed; run: npm ci --prefix realtime-redis/src/test/js");
        try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                StandaloneServer first = start(node(redis.url()))) {
            Realtime other = node(redis.url());
            try (StandaloneServer second = start(other)) {
                Namespace game = other.namespace("/");
                for (String text : List.of("one", "two", "three")) {
                    game.user("ann").emit(LETTER, text).toCompletableFuture().get(10, TimeUnit.SECONDS);
                }
                redis.kill();
                redis.startAgain();
                await().atMost(Duration.ofSeconds(30)).until(() -> left(game) == 3);
                run(scratch, first, second);
                await().atMost(Duration.ofSeconds(10)).until(() -> left(game) + left(game, "bob") == 0);
            }
        }
    }

    /** Redis may be away; whoever asks waits. */
    private static int left(Namespace game) {
        return left(game, "ann");
    }

    private static int left(Namespace game, String user) {
        try {
            return game.mail().count(user).toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            return -1;
        }
    }

    private static void run(Path scratch, StandaloneServer first, StandaloneServer second) throws Exception {
        Path output = scratch.resolve("output.txt");
        ProcessBuilder command = new ProcessBuilder("node", "--test", "--test-reporter=spec", "mail.test.mjs")
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put("FIRST_URL", "http://127.0.0.1:" + first.port());
        command.environment().put("SECOND_URL", "http://127.0.0.1:" + second.port());
        Process process = command.start();
        try {
            boolean ended = process.waitFor(1, TimeUnit.MINUTES);
            assertThat(ended && process.exitValue() == 0)
                    .withFailMessage("mail.test.mjs:\n" + Files.readString(output))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
