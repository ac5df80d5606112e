package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What docs/limits.md shows compiles, and events are admitted when it says so. */
class LimitsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/limits.md");

    private static final Map<String, RateLimit> LIMITS = Map.of(
            "perMinute(5)", RateLimit.perMinute(5),
            "perMinute(5).burst(2)", RateLimit.perMinute(5).burst(2),
            "perMinute(5).burst(1)", RateLimit.perMinute(5).burst(1),
            "perMinute(5).burst(2).cooldown(Duration.ofSeconds(10))",
                    RateLimit.perMinute(5).burst(2).cooldown(Duration.ofSeconds(10)),
            "perMinute(5).burst(2).cooldown(Duration.ofSeconds(30))",
                    RateLimit.perMinute(5).burst(2).cooldown(Duration.ofSeconds(30)),
            "perMinute(5).perHour(7).burst(2)",
                    RateLimit.perMinute(5).perHour(7).burst(2));

    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = unindented(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameLimits.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map((MatchResult block) -> unindented(block.group(1)))
                .toList();
        assertThat(shown).hasSize(2);
        assertThat(shown).allSatisfy(snippet -> assertThat(code).contains(snippet.split("\n\n|\n(?=import )")));
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }

    @Test
    void eventsAreAdmittedWhenTheTableSaysSo() throws IOException {
        Map<String, List<Integer>> table = new LinkedHashMap<>();
        Pattern.compile("(?m)^\\| `(per.*)` \\| ([0-9, ]+) \\|$")
                .matcher(Files.readString(DOCUMENT))
                .results()
                .forEach((MatchResult row) -> table.put(
                        row.group(1),
                        Pattern.compile(", ")
                                .splitAsStream(row.group(2))
                                .map(Integer::valueOf)
                                .toList()));
        assertThat(table).containsOnlyKeys(LIMITS.keySet());
        table.forEach((limit, seconds) -> assertThat(admitted(LIMITS.get(limit), seconds.size()))
                .as(limit)
                .isEqualTo(seconds));
    }

    /** In seconds. */
    private static List<Integer> admitted(RateLimit limit, int events) {
        Request<Text, Text> event = Request.of("event", Text.class, Text.class).limit(limit);
        List<Integer> admitted = new ArrayList<>();
        try (TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                        .namespace("/", game -> game.allowAnonymous().on(event, (session, text) -> text)))
                .start()) {
            TestClient ann = realtime.connect("/", "ann");
            int second = 0;
            while (admitted.size() < events) {
                if (ann.ask(event, new Text("x")).answer().get(0).has("error")) {
                    realtime.advance(Duration.ofSeconds(1));
                    second++;
                } else {
                    admitted.add(second);
                }
            }
        }
        return admitted;
    }

    /** 25 messages at once, and four right behind the restriction. */
    @Test
    void theStepsAreTakenWhenTheDocumentSaysSo() {
        try (TestRealtime realtime = TestRealtime.of(() -> GameLimits.strict(LoggerFactory.getLogger("audit")))
                .start()) {
            TestClient ann = realtime.connect("/", "ann");
            for (int i = 0; i < 25; i++) {
                ann.emit(GameLimits.SEND, new GameLimits.Chat("hello"));
            }
            List<String> expected = new ArrayList<>(List.of("refused", "refused", "warning", "warning", "warning"));
            expected.addAll(Collections.nCopies(15, "temporary_restriction"));
            assertThat(actions(ann)).containsExactlyElementsOf(expected);
            realtime.advance(Duration.ofMinutes(5));
            for (int i = 0; i < 5 + 4; i++) {
                ann.emit(GameLimits.SEND, new GameLimits.Chat("hello again"));
            }
            realtime.settle();
            assertThat(actions(ann)).endsWith("warning", "warning", "warning", "disconnect");
            assertThat(ann.isConnected()).isFalse();
        }
    }

    private static List<String> actions(TestClient client) {
        return client.received().stream()
                .filter(event -> event.name().equals("error:rate_limited"))
                .map(event -> event.arguments().get(0).path("action").asText())
                .toList();
    }

    @Test
    void whatIsRefusedIsToldWithTheTimeToWait() {
        try (TestRealtime realtime = TestRealtime.of(GameLimits::game).start()) {
            TestClient ann = realtime.connect("/", "ann");
            Map<String, String> invite = Map.of("character", "c7");
            assertThat(ann.askRaw("party:invite", invite).answer()).isEmpty();
            assertThat(ann.askRaw("party:invite", invite).answer()).isEmpty();
            assertThat(ann.askRaw("party:invite", invite)
                            .error()
                            .path("retryAfterMs")
                            .asInt())
                    .isEqualTo(10_000);
            realtime.advance(Duration.ofSeconds(10));
            assertThat(ann.askRaw("party:invite", invite).answer()).isEmpty();
        }
    }
}
