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

/** What docs/users.md shows compiles, and does what it says. */
class UsersDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameUsers.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/users.md")))
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
    void aModeratorSendsBobAway() {
        try (TestCluster cluster = TestCluster.of(2, GameUsers::game).start()) {
            TestClient bob = cluster.connect(0, "/", "bob");
            GameUsers.moderate(cluster.node(1).realtime());
            cluster.advance(Duration.ofSeconds(1));
            assertThat(bob.isConnected()).isFalse();
            TestClient again = cluster.connect(0, "/", "bob");
            assertThat(again.ask(GameUsers.SAY, new Game.Text("hi")).errorCode())
                    .isEqualTo("muted");
        }
    }
}
