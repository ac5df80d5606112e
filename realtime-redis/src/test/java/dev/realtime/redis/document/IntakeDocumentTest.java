package dev.realtime.redis.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.redis.RealtimePublisher;
import dev.realtime.redis.RedisIntake;
import dev.realtime.redis.internal.intake.SignedCommand;
import dev.realtime.redis.server.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What docs/intake.md shows compiles, runs and is what it shows. */
class IntakeDocumentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path DOCUMENT = Path.of("..", "docs", "intake.md");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private static final byte[] FORMER = "fedcba9876543210fedcba9876543210".getBytes(UTF_8);

    @Test
    void theDocumentShowsTheCodeThatIsCompiledHere() throws IOException {
        String code =
                unindented(Files.readString(Path.of("src/test/java/dev/realtime/redis/document/IntakeExamples.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map((MatchResult block) -> unindented(block.group(1)))
                .toList();
        assertThat(shown).hasSizeGreaterThanOrEqualTo(4);
        assertThat(shown).allSatisfy(snippet -> assertThat(code).contains(snippet.split("\n\n|\n(?=import )")));
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }

    @Test
    void theSignatureOfTheDocumentIsRight() throws IOException {
        String document = Files.readString(DOCUMENT);
        MatchResult example = Pattern.compile("```json\n(\\{\"key\".*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .findFirst()
                .orElseThrow();
        assertThat(SignedCommand.parse(example.group(1).getBytes(UTF_8)).isSignedWith(SECRET, "tableforge:admin"))
                .isTrue();
    }

    @Test
    void theExamplesHearWhatTheyShow() {
        try (RedisServer redis = RedisServer.start();
                RedisIntake one = IntakeExamples.listen(redis.url());
                RedisIntake two = IntakeExamples.listen(redis.url());
                RedisIntake tuned = IntakeExamples.tuned(redis.url());
                Jedis jedis = redis.jedis()) {
            jedis.publish(
                    "game:character_update",
                    "{\"character_id\":\"c7\",\"update_data\":{\"hp\":9},\"timestamp\":\"t\",\"server_id\":\"s\"}");
            jedis.publish("game:system_announcement", "{\"message_id\":\"m1\",\"text\":\"We close\"}");
            for (RedisIntake each : List.of(one, two)) {
                await().atMost(PATIENCE).until(() -> each.counters().get("intake.handled") == 2);
            }
            await().atMost(PATIENCE).until(() -> tuned.counters().get("intake.handled") == 1);
            await().atMost(PATIENCE).until(() -> jedis.xlen("socket.io") == 2);
        }
    }

    @Test
    void theExamplesPublishAndCommand() {
        List<IntakeExamples.PublishedCombatEvent> heard = new CopyOnWriteArrayList<>();
        try (RedisServer redis = RedisServer.start();
                Realtime realtime = IntakeExamples.game(redis.url());
                RedisIntake commands = IntakeExamples.commands(redis.url(), realtime, SECRET, FORMER);
                RedisIntake other = RedisIntake.builder(redis.url())
                        .on(
                                Event.of("game:combat_event", IntakeExamples.PublishedCombatEvent.class),
                                (message, event) -> heard.add(event))
                        .start();
                RealtimePublisher publisher = RealtimePublisher.connect(redis.url())) {
            assertThat(other.isHearing()).isTrue();
            IntakeExamples.tell(publisher, IntakeExamples.combatEvents("arena-2"))
                    .toCompletableFuture()
                    .join();
            await().atMost(PATIENCE).until(() -> heard.size() == 1);
            assertThat(heard.get(0).server_id()).isEqualTo("arena-2");
            IntakeExamples.kick(publisher, SECRET).toCompletableFuture().join();
            IntakeExamples.kick(publisher, FORMER).toCompletableFuture().join(); // signed with the wrong one
            await().atMost(PATIENCE).until(() -> commands.counters().get("intake.handled") == 2);
            await().atMost(PATIENCE).until(() -> commands.counters().get("intake.admin.commands") == 1);
            assertThat(commands.counters()).containsEntry("intake.admin.refused.forged", 1L);
        }
    }
}
