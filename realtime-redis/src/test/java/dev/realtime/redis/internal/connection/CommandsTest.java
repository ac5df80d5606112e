package dev.realtime.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.redis.CommandQueueFullException;
import dev.realtime.redis.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol;

/** Commands on a real Redis. */
class CommandsTest {
    private static final int MIB = 1 << 20;

    private static CompletableFuture<Object> set(Commands commands, String key) {
        return commands.send(key, Protocol.Command.SET, key, new byte[100_000]).toCompletableFuture();
    }

    @Test
    void whatWaitsIsBoundedInBytesForAllThatShareTheRoom() throws Exception {
        CommandRoom room = new CommandRoom(MIB);
        try (RedisServer redis = RedisServer.start()) {
            Connector connector = new Connector(RedisUrl.parse(redis.url()), Duration.ofSeconds(30), null, null);
            try (Commands one = new Commands("one", connector, room, Duration.ofMinutes(1), () -> false);
                    Commands two = new Commands("two", connector, room, Duration.ofMinutes(1), () -> false)) {
                set(one, "before").get(30, TimeUnit.SECONDS);
                redis.stop();
                List<CompletableFuture<Object>> waiting = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    waiting.add(set(i % 2 == 0 ? one : two, "key" + i));
                }
                assertThat(room.bytes()).isBetween(1_000_000L, (long) MIB);
                CompletableFuture<Object> refused = set(two, "too much");
                assertThatThrownBy(refused::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(CommandQueueFullException.class)
                        .hasMessageContaining("10 commands of 1000");
                assertThat(room.refused()).isEqualTo(1);

                redis.proceed();
                for (CompletableFuture<Object> answer : waiting) {
                    assertThat(RedisConnection.text(answer.get(30, TimeUnit.SECONDS)))
                            .isEqualTo("OK");
                }
                assertThat(room.bytes()).isZero();
                assertThat(RedisConnection.text(set(two, "again").get(30, TimeUnit.SECONDS)))
                        .isEqualTo("OK");
            }
        }
    }

    @Test
    void aScriptThatTheServerDoesNotKnowYetIsSentInFullAndItsRoomGivenBack() throws Exception {
        CommandRoom room = new CommandRoom(MIB);
        Script script = new Script("return ARGV[1]", "0".repeat(40));
        try (RedisServer redis = RedisServer.start()) {
            Connector connector = new Connector(RedisUrl.parse(redis.url()), Duration.ofSeconds(2), null, null);
            try (Commands commands = new Commands("one", connector, room, Duration.ofSeconds(30), () -> false)) {
                Object reply = commands.run(script, List.of("key"), "hello")
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
                assertThat(RedisConnection.text(reply)).isEqualTo("hello");
                assertThat(room.bytes()).isZero();
                assertThat(room.refused()).isZero();
            }
        }
    }
}
