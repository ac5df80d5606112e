package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.Claimant;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A session that goes to a server of another kind and back, again and again, in a real Redis. */
class FlappingSessionTest {
    private static final String ID = "p1";
    private static final int TIMES = 200;

    @Test
    void whatIsRememberedOfItsFormerOwnersIsBounded() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend = RedisBackend.connect(RedisOptions.of(server.url()));
                Jedis jedis = server.jedis()) {
            SessionStore store = backend.sessions();
            done(store.save(record(1), Duration.ofMinutes(2)));
            Set<String> keys = jedis.keys("*" + ID + "*");
            String key =
                    keys.stream().filter(name -> name.endsWith(ID)).findFirst().orElseThrow();
            String hash =
                    keys.stream().filter(name -> name.endsWith("}")).findFirst().orElseThrow();
            String before = jedis.get(key);
            done(store.save(record(2), Duration.ofMinutes(2)));
            String after = jedis.get(key);

            Home owner = new Home("n1", 0, 0);
            Home former = owner;
            for (int i = 0; i < TIMES; i++) {
                jedis.set(key, i % 2 == 0 ? before : after); // the other server has had it, and wrote it
                former = owner;
                SessionStore.Claim claim = done(store.claim(ID, "n" + (2 + i % 2), new Claimant("/game", "ann")));
                owner = ((SessionStore.Claim.Granted) claim).session().home();
            }

            long bytes = jedis.hgetAll(hash).entrySet().stream()
                    .mapToLong(
                            field -> field.getKey().length() + field.getValue().length())
                    .sum();
            assertThat(bytes).isLessThan(300);
            assertThat(done(store.remove(ID, former))).isEqualTo(SessionStore.Removal.FOREIGN);
            assertThat(done(store.remove(ID, new Home("n1", 0, 0))))
                    .as("the first owner, who has been told long ago")
                    .isEqualTo(SessionStore.Removal.elsewhere(owner));
        }
    }

    private static SessionRecord record(int confirmed) {
        return SessionRecord.of(ID, "s1", "/game", new Home("n1", 0, 0))
                .principal(Principal.of("ann"))
                .epoch("epoch-1")
                .start(new Position(5, 1))
                .confirmed(new Position(5, confirmed))
                .exactFrom(new Position(5, 1));
    }

    private static <T> T done(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
