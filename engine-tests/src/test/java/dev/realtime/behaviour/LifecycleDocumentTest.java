package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/lifecycle.md shows compiles, and does what it says. */
class LifecycleDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameLifecycle.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/lifecycle.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .reduce("", String::concat);
        assertThat(shown).isNotEmpty();
        for (String piece : shown.split("\n\n|\n(?=import )")) {
            assertThat(code).contains(words(piece));
        }
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void thoseInTheLobbySeeThatAnnIsAway() {
        try (TestRealtime realtime = TestRealtime.of(GameLifecycle::game).start()) {
            TestClient ann = realtime.connect("/", "ann");
            TestClient bob = realtime.connect("/", "bob");
            assertThat(ann.nextRaw("connection:confirmed")
                            .arguments()
                            .get(0)
                            .path("features")
                            .path("kick")
                            .asBoolean())
                    .isFalse();
            ann.dropConnection();
            assertThat(bob.nextRaw("user:temporarily-disconnected")
                            .arguments()
                            .get(0)
                            .toString())
                    .isEqualTo("{\"userId\":\"ann\",\"reconnectWindow\":30000}");
            ann.reconnect();
            ann.nextRaw("connection:restored");
            Game.session(realtime, ann).disconnect();
            assertThat(ann.nextRaw("connection:closed").arguments().get(0).asText())
                    .isEqualTo("server_disconnect");
        }
    }
}
