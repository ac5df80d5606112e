package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.behaviour.GameThrottle.Moved;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/throttle.md shows compiles, and does what it says. */
class ThrottleDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameThrottle.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/throttle.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .reduce("", (before, block) -> before + "\n\n" + block);
        assertThat(shown).isNotEmpty();
        for (String piece : shown.split("\n\n")) {
            assertThat(code).contains(words(piece));
        }
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void whoIsFarGetsAQuarterOfThePositions() {
        GameThrottle arena = new GameThrottle();
        try (TestRealtime realtime = TestRealtime.of(arena::game).start()) {
            TestClient near = realtime.connect("/", "near");
            TestClient far = realtime.connect("/", "far");
            arena.move(realtime.namespace("/"), new Moved("near", 0, 0));
            arena.move(realtime.namespace("/"), new Moved("far", 500, 0));
            for (int step = 0; step < 100; step++) {
                arena.move(realtime.namespace("/"), new Moved("u7", step % 10, 5));
                realtime.settle();
                realtime.advance(Duration.ofMillis(50));
            }
            realtime.advance(Duration.ofSeconds(1));
            assertThat(positions(near)).isBetween(95L, 101L);
            assertThat(positions(far)).isBetween(24L, 27L);
            assertThat(near.received(GameThrottle.MOVED)).endsWith(new Moved("u7", 9, 5));
            assertThat(far.received(GameThrottle.MOVED)).endsWith(new Moved("u7", 9, 5));
        }
    }

    private static long positions(TestClient client) {
        return client.received(GameThrottle.MOVED).stream()
                .filter(moved -> moved.player().equals("u7"))
                .count();
    }
}
