package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/drain.md shows compiles, and does what it says. */
class DrainDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameDrain.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/drain.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .reduce("", (before, block) -> before + "\n\n" + block);
        assertThat(shown).isNotEmpty();
        for (String piece : shown.split("\n\n|\n(?=import )")) {
            assertThat(code).contains(words(piece));
        }
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void clientsMoveBehindTheAnnouncement() {
        try (TestCluster cluster = TestCluster.of(2, Game::open).start()) {
            TestClient ann = cluster.connect(0, "/", "ann");
            var unused = cluster.node(0).realtime().drain(GameDrain.DEPLOY);
            cluster.advance(Duration.ofSeconds(15));
            assertThat(ann.isConnected()).isTrue();
            cluster.advance(Duration.ofSeconds(20));
            assertThat(ann.isConnected()).isFalse();
            ann.reconnect(1);
            assertThat(ann.recovered()).isTrue();
        }
    }
}
