package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Online;
import dev.realtime.presence.Presence;
import dev.realtime.testkit.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/presence.md shows compiles, and does what it says. */
class PresenceDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GamePresence.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/presence.md")))
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
    void everyNodeKnowsThatAnnIsInTheTavern() {
        List<String> told = new ArrayList<>();
        try (TestCluster cluster = TestCluster.of(
                        2, () -> GamePresence.game((namespace, change) -> told.add(change.userId())))
                .start()) {
            cluster.advance(Duration.ofSeconds(1));
            cluster.connect(0, "/", "ann");
            cluster.advance(Duration.ofSeconds(1));
            Presence presence = cluster.node(1).namespace("/").presence();
            assertThat(presence.population(GamePresence.ZONE.of("tavern"))).isEqualTo(1);
            assertThat(presence.online("ann")).isEqualTo(Online.YES);
            GamePresence.ask(cluster.node(1).realtime());
            assertThat(told).containsExactly("ann");
        }
    }
}
