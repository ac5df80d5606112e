package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Principal;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.Claimant;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.SessionStore.Claim;
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

    private static final Claimant ANN = new Claimant("/game", "ann");
    private static final SessionRecord ANNS = SESSION.principal(Principal.of("ann"));

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

    @Test
    void aClaimTakesTheNameFromTheFormerHomeInTheSameStep() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend = RedisBackend.connect(RedisOptions.of(server.url()));
                Jedis jedis = server.jedis()) {
            SessionStore store = backend.sessions();
            done(store.save(ANNS, LIFE));
            server.stop();
            CompletionStage<?> claims = store.claim("p1", "two", ANN)
                    .thenCompose(first -> store.claim("p1", "one", ANN))
                    .thenCompose(second -> store.claim("p1", "two", ANN));
            server.proceed();
            done(claims);
            assertThat(jedis.exists("realtime:node:one:sessions")).isFalse();
            assertThat(jedis.smembers("realtime:node:two:sessions")).containsExactly("p1");

            done(store.remove("p1", new Home("two", 3, 3)));
            assertThat(jedis.exists("realtime:node:two:sessions")).isFalse();
        }
    }

    @Test
    void aClaimThatIsRefusedLeavesNoNameBehind() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend = RedisBackend.connect(RedisOptions.of(server.url()));
                Jedis jedis = server.jedis()) {
            SessionStore store = backend.sessions();
            done(store.save(ANNS, LIFE));
            assertThat(done(store.claim("p1", "two", new Claimant("/game", "bob"))))
                    .isEqualTo(new Claim.Refused());
            assertThat(done(store.claim("p2", "two", ANN))).isEqualTo(new Claim.Unknown());
            assertThat(jedis.keys("realtime:node:*")).containsExactly("realtime:node:one:sessions");
        }
    }

    /** In a rolling deploy. */
    @Test
    void aRecordOfAnOlderNodeIsClaimedByItsClientAlone() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend = RedisBackend.connect(RedisOptions.of(server.url()));
                Jedis jedis = server.jedis()) {
            SessionStore store = backend.sessions();
            done(store.save(ANNS, LIFE));
            String beside = jedis.keys("realtime:session:*").iterator().next();
            jedis.hdel(beside, "client");
            assertThat(done(store.claim("p1", "two", new Claimant("/game", "bob"))))
                    .isEqualTo(new Claim.Refused());
            assertThat(done(store.claim("p1", "two", ANN)))
                    .isInstanceOfSatisfying(
                            Claim.Granted.class,
                            claim -> assertThat(claim.formerHome()).isEqualTo(Home.first("one")));
        }
    }
}
