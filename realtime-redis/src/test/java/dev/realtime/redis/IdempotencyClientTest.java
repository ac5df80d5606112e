package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.drain.DrainOptions;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client sends a request again, to another node of a cluster on a real Redis: it is handled once. */
class IdempotencyClientTest {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "")).resolve("src/test/js");
    private static final Executor LATER = CompletableFuture.delayedExecutor(400, TimeUnit.MILLISECONDS);

    record Order(String id, String item) {}

    record Receipt(int run, String item) {}

    private static final Event<Integer> HANDLING = Event.of("handling", Integer.class);
    private static final Request<Order, Receipt> ORDER =
            Request.of("order", Order.class, Receipt.class).idempotentBy(Order::id, Duration.ofMinutes(1));

    private final List<String> handled = new CopyOnWriteArrayList<>();

    private StandaloneServer start(String url) {
        Realtime realtime = Realtime.builder()
                .authenticator(new TestUsers())
                .backend(RedisBackend.connect(RedisOptions.of(url)))
                .namespace("/", game -> game.onAsync(ORDER, this::handle))
                .build();
        return StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
    }

    private CompletionStage<Receipt> handle(Session session, Order order) {
        handled.add(order.item());
        int run = handled.size();
        session.emit(HANDLING, run);
        return CompletableFuture.supplyAsync(() -> new Receipt(run, order.item()), LATER);
    }

    @Test
    void theOfficialClientGetsTheSameAnswerFromTheOtherNode(@TempDir Path scratch) throws Exception {
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io-client")),
                "skipped: the client is not installed; run: npm ci --prefix realtime-redis/src/test/js");
        try (RedisServer redis = RedisServer.start();
                StandaloneServer first = start(redis.url());
                StandaloneServer second = start(redis.url())) {
            Path output = scratch.resolve("output.txt");
            ProcessBuilder command = new ProcessBuilder("node", "--test", "--test-reporter=spec", "retries.test.mjs")
                    .directory(SCRIPTS.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            command.environment().put("FIRST_URL", "http://127.0.0.1:" + first.port());
            command.environment().put("SECOND_URL", "http://127.0.0.1:" + second.port());
            Process node = command.start();
            try {
                boolean ended = node.waitFor(3, TimeUnit.MINUTES);
                assertThat(ended && node.exitValue() == 0)
                        .withFailMessage("retries.test.mjs:\n" + Files.readString(output))
                        .isTrue();
            } finally {
                node.destroyForcibly();
            }
        }
        assertThat(handled).containsExactlyInAnyOrder("rope", "net", "hook");
    }
}
