package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.redis.server.RedisServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a node says of the configuration of its Redis when it starts. */
class WarningsTest {

    @Test
    void aRedisThatMayEvictSessionsAndEventsIsWarnedOf() {
        assertThat(logOfAStartOn("--maxmemory-policy", "allkeys-lru"))
                .contains("maxmemory-policy allkeys-lru", "noeviction")
                .doesNotContain("client-output-buffer-limit");
    }

    @Test
    void aSmallBufferForSubscribersIsWarnedOf() {
        assertThat(logOfAStartOn("--client-output-buffer-limit", "pubsub 1mb 512kb 10"))
                .contains("client-output-buffer-limit", "pubsub 256mb 64mb 60")
                .doesNotContain("maxmemory-policy");
    }

    @Test
    void aRedisAsItComesIsNotComplainedOf() {
        assertThat(logOfAStartOn()).doesNotContain("WARN");
    }

    private static String logOfAStartOn(String... options) {
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        try (RedisServer redis = RedisServer.start(options)) {
            PrintStream before = System.err;
            System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
            try {
                RedisBackend.connect(redis.url()).close();
            } finally {
                System.setErr(before);
            }
        }
        return captured.toString(StandardCharsets.UTF_8);
    }
}
