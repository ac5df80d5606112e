package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Session records in a real Redis that does not take all of what waits for it. */
class SessionRecordsTest {
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final SessionRecord SESSION = SessionRecord.of("p1", "s1", "/game", Home.first("one"));

    private static <T> T done(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aLookIsAnsweredThoughTheServerHasNoMemoryForWhatWaitsWithIt() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend = RedisBackend.connect(RedisOptions.of(server.url()));
                Jedis jedis = server.jedis()) {
            SessionStore store = backend.sessions();
            done(store.save(SESSION, LIFE));
            SessionRecord saved = done(store.find("p1")).orElseThrow();
            jedis.configSet("maxmemory", "1");
            server.stop();
            CompletionStage<Optional<SessionRecord>> before = store.find("p0"); // what comes now waits behind it
            CompletionStage<Optional<SessionRecord>> found = store.find("p1");
            CompletableFuture<Void> refused = store.save(SESSION, LIFE).toCompletableFuture();
            server.proceed();
            assertThat(done(before)).isEmpty();
            assertThat(done(found)).contains(saved);
            assertThat(refused).isNotDone();

            jedis.configSet("maxmemory", "0");
            done(refused);
            assertThat(done(store.homedAt("one", 10))).containsExactly(saved);
        }
    }
}
