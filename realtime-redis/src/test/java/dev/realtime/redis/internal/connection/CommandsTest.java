package dev.realtime.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.CommandQueueFullException;
import dev.realtime.redis.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
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

    @Test
    void aScriptThatIsToBeSentInFullOutlivesAConnectionThatBreaksBehindIt() throws Exception {
        CommandRoom room = new CommandRoom(MIB);
        Script script = new Script("return ARGV[1]", "0".repeat(40));
        try (RedisServer redis = RedisServer.start();
                Jedis other = redis.jedis()) {
            Connector connector = new Connector(RedisUrl.parse(redis.url()), Duration.ofSeconds(2), null, null);
            try (Commands commands = new Commands("one", connector, room, Duration.ofMinutes(1), () -> false)) {
                set(commands, "first").get(30, TimeUnit.SECONDS);
                redis.stop();
                set(commands, "before"); // what comes now waits behind it, and leaves together
                CompletionStage<Object> unknown = commands.run(script, List.of("key"), "hello");
                CompletionStage<Object> silent = commands.send("list", Protocol.Command.BLPOP, "list", 0);
                redis.proceed();
                assertThat(RedisConnection.text(unknown.toCompletableFuture().get(30, TimeUnit.SECONDS)))
                        .isEqualTo("hello");
                other.lpush("list", "item");
                assertThat((List<?>) silent.toCompletableFuture().get(30, TimeUnit.SECONDS))
                        .extracting(RedisConnection::text)
                        .containsExactly("list", "item");
                assertThat(room.bytes()).isZero();
            }
        }
    }

    @Test
    void whatIsMoreThanAStoppedServerTakesFailsInTimeAndIsNotInTheWayOfWhatComesLater() throws Exception {
        CommandRoom room = new CommandRoom(64 * MIB);
        try (RedisServer redis = RedisServer.start()) {
            Connector connector = new Connector(RedisUrl.parse(redis.url()), Duration.ofMillis(300), null, null);
            try (Commands commands = new Commands("one", connector, room, Duration.ofSeconds(2), () -> false)) {
                set(commands, "before").get(30, TimeUnit.SECONDS);
                redis.stop();
                CompletableFuture<Object> large = commands.send(
                                "large", Protocol.Command.SET, "large", new byte[32 * MIB])
                        .toCompletableFuture();
                for (CompletableFuture<Object> waiting : List.of(large, set(commands, "behind"))) {
                    assertThat(waiting.handle((reply, failure) -> failure).get(30, TimeUnit.SECONDS))
                            .isInstanceOf(BackendUnavailableException.class);
                }
                assertThat(room.bytes()).isZero();
                redis.proceed();
                assertThat(RedisConnection.text(set(commands, "after").get(30, TimeUnit.SECONDS)))
                        .isEqualTo("OK");
            }
        }
    }

    @Test
    void whatACommandWaitsForEndsWithTheCommandsAlsoInACluster() throws Exception {
        CommandRoom room = new CommandRoom(MIB);
        try (RedisServer redis = RedisServer.cluster(1).get(0)) {
            Connector connector = new Connector(
                    RedisUrl.parse("redis-cluster://127.0.0.1:" + redis.port()), Duration.ofMillis(300), null, null);
            Commands commands = new Commands("one", connector, room, Duration.ofMinutes(1), () -> false);
            set(commands, "before").get(30, TimeUnit.SECONDS);
            redis.stop();
            List<CompletableFuture<Object>> waiting = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                waiting.add(commands.send("key", Protocol.Command.GET, "key").toCompletableFuture());
            }
            commands.close();
            for (CompletableFuture<Object> answer : waiting) {
                assertThat(answer.handle((reply, failure) -> failure).get(30, TimeUnit.SECONDS))
                        .isInstanceOf(BackendUnavailableException.class);
            }
            assertThat(room.bytes()).isZero();
        }
    }

    @Test
    void whatIsLateInAClusterDoesNotWaitForTheQuestionWhoIsResponsible() throws Exception {
        CommandRoom room = new CommandRoom(MIB);
        try (RedisServer redis = RedisServer.cluster(1).get(0)) {
            Connector connector = new Connector(
                    RedisUrl.parse("redis-cluster://127.0.0.1:" + redis.port()), Duration.ofMillis(300), null, null);
            try (Commands commands = new Commands("one", connector, room, Duration.ofSeconds(2), () -> false)) {
                set(commands, "before").get(30, TimeUnit.SECONDS);
                redis.stop();
                List<CompletableFuture<Object>> waiting = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    waiting.add(
                            commands.send("key", Protocol.Command.GET, "key").toCompletableFuture());
                }
                CompletableFuture<?>[] all = waiting.toArray(CompletableFuture[]::new);
                assertThat(CompletableFuture.allOf(all)
                                .handle((nothing, failure) -> failure)
                                .get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(BackendUnavailableException.class);
                assertThat(room.bytes()).isZero();
            }
        }
    }

    private static final Script STEPS = new Script(
            "local results = {} for i, key in ipairs(KEYS) do"
                    + " local ok, result = pcall(redis.call, 'INCRBY', key, ARGV[i])"
                    + " results[i] = ok and result or {err = 'WRONGTYPE'} end"
                    + " redis.call('INCR', 'calls') return results",
            "0".repeat(40));

    private static long value(CompletionStage<Object> step) throws Exception {
        return (Long) step.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void stepsThatWaitTogetherAreOneCallAndEachGetsItsOwnResult() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            Connector connector = new Connector(RedisUrl.parse(redis.url()), Duration.ofSeconds(30), null, null);
            CommandRoom room = new CommandRoom(MIB);
            try (Commands commands = new Commands("one", connector, room, Duration.ofMinutes(1), () -> false)) {
                set(commands, "text").get(30, TimeUnit.SECONDS);
                redis.stop();
                set(commands, "before"); // what comes now waits behind it
                List<CompletionStage<Object>> steps = new ArrayList<>();
                for (int i = 1; i <= 100; i++) {
                    steps.add(commands.step(STEPS, List.of("sum"), i));
                }
                CompletionStage<Object> wrong = commands.step(STEPS, List.of("text"), 1);
                CompletionStage<Object> behind = commands.step(STEPS, List.of("sum"), 1);
                redis.proceed();
                for (int i = 1; i <= 100; i++) {
                    assertThat(value(steps.get(i - 1))).isEqualTo((long) i * (i + 1) / 2); // in their order
                }
                assertThat(value(behind)).isEqualTo(5_051);
                assertThatThrownBy(() -> value(wrong)).hasMessageContaining("WRONGTYPE");
                Object calls = commands.send("calls", Protocol.Command.GET, "calls")
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
                assertThat(Integer.parseInt(RedisConnection.text(calls))).isBetween(2, 4);
                assertThat(room.bytes()).isZero();
            }
        }
    }

    @Test
    void stepsWhoseCallIsRefusedAreSentOneByOne() throws Exception {
        Script script = new Script(
                "if #KEYS > 1 then return redis.error_reply('CROSSSLOT Keys are elsewhere') end"
                        + " return {redis.call('INCRBY', KEYS[1], ARGV[1])}",
                "1".repeat(40));
        try (RedisServer redis = RedisServer.start()) {
            Connector connector = new Connector(RedisUrl.parse(redis.url()), Duration.ofSeconds(30), null, null);
            CommandRoom room = new CommandRoom(MIB);
            try (Commands commands = new Commands("one", connector, room, Duration.ofMinutes(1), () -> false)) {
                set(commands, "first").get(30, TimeUnit.SECONDS);
                redis.stop();
                set(commands, "before");
                List<CompletionStage<Object>> steps = new ArrayList<>();
                for (int i = 1; i <= 10; i++) {
                    steps.add(commands.step(script, List.of("sum"), i));
                }
                redis.proceed();
                for (int i = 1; i <= 10; i++) {
                    assertThat(value(steps.get(i - 1))).isEqualTo((long) i * (i + 1) / 2);
                }
                assertThat(room.bytes()).isZero();
            }
        }
    }
}
