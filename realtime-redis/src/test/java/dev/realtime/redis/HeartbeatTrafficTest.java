package dev.realtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Retention;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What a real Redis has to send while nothing happens. */
class HeartbeatTrafficTest {
    private static final int ENTRY = 900_000;
    private static final int HEARTBEATS = 20;

    @Test
    void aHeartbeatDoesNotFetchTheEntriesAtTheEndsOfTheStream() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend =
                        RedisBackend.connect(RedisOptions.of(server.url()).heartbeat(Duration.ofMillis(50)));
                Jedis jedis = server.jedis()) {
            Log log = backend.log("/game", "n1", new Retention(Duration.ofMinutes(2), 10_000, 64L << 20));
            byte[] json = ("[\"" + "x".repeat(ENTRY) + "\"]").getBytes(UTF_8);
            log.append(new LogEntry.Emit(Target.EVERYBODY, new EventData(json, List.of())))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);

            long calls = number(jedis, "commandstats", "cmdstat_get:calls=");
            long sent = number(jedis, "stats", "total_net_output_bytes:");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> number(jedis, "commandstats", "cmdstat_get:calls=") >= calls + HEARTBEATS);

            // each looks at the epoch, and whether the stream is still the one that the node knows; the reader has it
            // once
            assertThat(number(jedis, "stats", "total_net_output_bytes:") - sent).isLessThan(2L * ENTRY);
        }
    }

    private static long number(Jedis jedis, String section, String name) {
        return Long.parseLong(jedis.info(section).replaceAll("(?s).*" + name + "(\\d+).*", "$1"));
    }
}
