package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Bounds;
import dev.realtime.spi.Queues.Item;
import dev.realtime.spi.Retention;
import dev.realtime.spi.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What queues and entries with an id leave in Redis, and what its failures do to them. */
class RedisQueuesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Bounds AMPLE = new Bounds(100, 1 << 20, true);
    private static final Retention KEPT = new Retention(Duration.ofMinutes(2), 10_000, 64L << 20);

    private static <T> T result(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static LogEntry entry(String text) {
        return new LogEntry.Emit(
                Target.EVERYBODY, new EventData(("[\"" + text + "\"]").getBytes(StandardCharsets.UTF_8), List.of()));
    }

    private static List<String> texts(List<PlacedEntry> entries) {
        return entries.stream()
                .map(placed ->
                        new String(((LogEntry.Emit) placed.entry()).event().json(), StandardCharsets.UTF_8))
                .map(json -> json.substring(2, json.length() - 2))
                .toList();
    }

    @Test
    void everyKeyRunsOutAndAnEmptyQueueLeavesNone() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RedisBackend backend = RedisBackend.connect(redis.url());
                Jedis jedis = redis.jedis()) {
            Queues queues = backend.queues();
            result(queues.put("user:ann", new Item("short", 1, "text", Duration.ZERO, HOUR.multipliedBy(2)), AMPLE));
            result(queues.put("user:ann", new Item("long", 1, "text", Duration.ZERO, HOUR.multipliedBy(3)), AMPLE));
            result(queues.take("user:ann", 10, HOUR, "one"));
            Set<String> keys = jedis.keys("realtime:queue:*");
            assertThat(keys).hasSize(4);
            assertThat(keys)
                    .allSatisfy(key -> assertThat(jedis.pttl(key))
                            .isGreaterThan(HOUR.multipliedBy(2).toMillis()));
            result(queues.remove("user:ann", List.of("short", "long")));
            assertThat(jedis.keys("realtime:queue:*")).isEmpty();
            result(queues.put("user:ann", new Item("again", 1, "text", Duration.ZERO, HOUR), AMPLE));
            result(queues.clear("user:ann"));
            assertThat(jedis.keys("realtime:queue:*")).isEmpty();

            result(backend.log("/", "n1", KEPT).appendOnce("id", entry("once"), HOUR));
            assertThat(jedis.keys("realtime:once:*"))
                    .singleElement()
                    .satisfies(key -> assertThat(jedis.pttl(key)).isPositive());
        }
    }

    @Test
    void entriesWithAnIdAreThereOnceThoughConnectionsBreak() throws Exception {
        try (RedisServer redis = RedisServer.start("--appendonly", "yes");
                RedisBackend backend = RedisBackend.connect(OutageTest.options(redis.url()))) {
            Log log = backend.log("/", "n1", KEPT);
            List<PlacedEntry> seen = new CopyOnWriteArrayList<>();
            log.follow(log.tail(), (batch, through, done) -> {
                seen.addAll(batch);
                done.run();
            });
            List<String> expected = new CopyOnWriteArrayList<>();
            List<CompletableFuture<?>> stages = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                String id = String.valueOf(i / 2);
                stages.add(log.appendOnce(id, entry(id), HOUR).toCompletableFuture());
                if (i % 2 == 0) {
                    expected.add(id);
                }
                if (i % 500 == 250) {
                    redis.kill();
                    redis.startAgain();
                }
            }
            for (CompletableFuture<?> stage : stages) {
                result(stage);
            }
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(seen)).isEqualTo(expected));
        }
    }

    @Test
    void anEntryWithAnIdFailsWhereOthersReachOneNodeAlone() throws Exception {
        try (RedisServer redis = RedisServer.start("--appendonly", "yes");
                RedisBackend backend = RedisBackend.connect(OutageTest.hasty(redis.url()))) {
            Log log = backend.log("/", "n1", KEPT);
            List<PlacedEntry> seen = new CopyOnWriteArrayList<>();
            log.follow(log.tail(), (batch, through, done) -> {
                seen.addAll(batch);
                done.run();
            });
            redis.kill();
            CompletableFuture<?> once =
                    log.appendOnce("id", entry("once"), HOUR).toCompletableFuture();
            CompletableFuture<?> plain = log.append(entry("plain")).toCompletableFuture();
            await().atMost(PATIENCE).until(() -> once.isDone() && plain.isDone());
            assertThat(once).isCompletedExceptionally();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(seen)).containsExactly("plain"));
            redis.startAgain();
            await().atMost(PATIENCE).until(() -> !backend.isDegraded());
            assertThat(result(log.appendOnce("id", entry("late"), HOUR)).isNew())
                    .isTrue();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(seen)).containsExactly("plain", "late"));
        }
    }
}
