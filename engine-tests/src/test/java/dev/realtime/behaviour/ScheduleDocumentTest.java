package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Namespace;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/schedule.md shows compiles, and does what it says. */
class ScheduleDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameSchedule.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/schedule.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .reduce("", String::concat);
        for (String method : shown.split("\n\n|\n(?=import )")) {
            assertThat(code).contains(words(method));
        }
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void aMatchEndsUnlessSomebodySurrenders() {
        try (TestCluster cluster = TestCluster.of(2, GameSchedule::game).start()) {
            TestClient ann = cluster.connect(0, "/", "ann");
            Namespace game = cluster.node(0).namespace("/");
            cluster.await(game.join("match:7"));
            cluster.await(GameSchedule.begin(
                    game, cluster.node(0).realtime().clock().instant().plusSeconds(60)));
            ScheduledEvent second = cluster.await(GameSchedule.begin(
                    game, cluster.node(0).realtime().clock().instant().plusSeconds(60)));
            assertThat(cluster.await(GameSchedule.surrender(cluster.node(1).namespace("/"), second)))
                    .isTrue();
            cluster.advance(Duration.ofMinutes(11));
            assertThat(ann.received(GameSchedule.OVER)).containsExactly(new GameSchedule.Result("nobody"));
            assertThat(ann.has(GameSchedule.RESET)).isTrue();
        }
    }
}
