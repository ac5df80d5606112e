package dev.realtime.redis.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.RedisBackend;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that two nodes have scheduled on a real Redis are emitted once, while one of the nodes is killed and Redis dies and comes back. */
@Tag("faults")
class ScheduleIT {
    private static final int EVENTS = 2_000; // of each node
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Retention KEPT = new Retention(Duration.ofMinutes(10), 100_000, 64L << 20);

    @TempDir
    Path directory;

    @Test
    void whateverIsKilledEachIsEmittedOnce() throws Exception {
        try (RedisServer redis = RedisServer.start("--appendonly", "yes");
                RedisBackend backend = RedisBackend.connect(redis.url())) {
            List<String> seen = new CopyOnWriteArrayList<>();
            Log log = backend.log("/", "watcher", KEPT);
            log.follow(log.tail(), (batch, through, done) -> {
                for (PlacedEntry placed : batch) {
                    if (placed.entry() instanceof LogEntry.Emit emit) {
                        seen.add(new String(emit.event().json(), UTF_8).replaceAll(".*\"([a-z]\\d+)\".*", "$1"));
                    }
                }
                done.run();
            });
            try (NodeProcess one = node(redis, "a");
                    NodeProcess other = node(redis, "b")) {
                await().atMost(PATIENCE).until(() -> seen.size() > EVENTS / 2);
                one.kill();
                await().atMost(PATIENCE).until(() -> seen.size() > EVENTS);
                redis.kill();
                redis.startAgain();
                await().atMost(PATIENCE).until(() -> left(backend) == 0);
                assertThat(other.isUp()).isTrue();
            }
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                expected.add("a" + i);
                expected.add("b" + i);
            }
            await().atMost(PATIENCE).until(() -> seen.size() >= expected.size());
            assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private NodeProcess node(RedisServer redis, String name) throws Exception {
        return NodeProcess.start(
                ScheduleNode.class,
                directory.resolve(name + ".log").toFile(),
                redis.url(),
                String.valueOf(EVENTS),
                name);
    }

    /** Redis may be away; whoever asks waits. */
    private static int left(RedisBackend backend) {
        try {
            return backend.queues()
                    .size("schedule:/")
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS)
                    .items();
        } catch (Exception e) {
            return -1;
        }
    }
}
