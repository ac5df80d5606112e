package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.Retention;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** An operator reads in the log when Redis is there, when it is gone, and when it is back. */
class RedisLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @BeforeEach
    void theLogIsRead() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void theLogIsGivenBack() {
        System.setErr(before);
    }

    private boolean says(String level, String text) {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .anyMatch(line -> line.contains(level) && line.contains(text));
    }

    @Test
    void connectedAndDisconnectedWithoutThePassword() {
        try (RedisServer redis = RedisServer.start()) {
            try (Jedis jedis = redis.jedis()) {
                jedis.configSet("requirepass", "open-sesame");
            }
            String url = redis.url().replace("://", "://:open-sesame@");
            try (RedisBackend backend = RedisBackend.connect(url)) {
                assertThat(says("INFO", "connected to Redis at " + redis.url() + ", epoch " + backend.epoch()))
                        .isTrue();
            }
            assertThat(says("INFO", "disconnected from Redis")).isTrue();
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("open-sesame");
    }

    @Test
    void lostAndBack() {
        try (RedisServer redis = RedisServer.start("--appendonly", "yes");
                RedisBackend backend = RedisBackend.connect(OutageTest.hasty(redis.url()))) {
            backend.log("/", "one", new Retention(Duration.ofMinutes(2), 10_000, 64L << 20));
            redis.kill();
            await().atMost(PATIENCE)
                    .until(() -> says("WARN", "is lost and will be opened again")
                            && says("ERROR", "Redis cannot be reached (no answer to heartbeats for 500 ms)"));
            await().atMost(PATIENCE).until(backend::isDegraded);
            redis.startAgain();
            await().atMost(PATIENCE)
                    .until(() -> says("INFO", "Redis is back") && says("INFO", "socket.io is read again"));
        }
    }
}
