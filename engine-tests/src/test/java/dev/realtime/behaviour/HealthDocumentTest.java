package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What docs/health.md shows compiles, and does what it says. */
class HealthDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameHealth.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/health.md")))
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
    void aDatabaseThatIsAwayIsAFailedCheck() {
        DataSource away = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    throw new java.sql.SQLException("away");
                });
        try (TestRealtime realtime =
                TestRealtime.of(() -> GameHealth.game(away)).start()) {
            List<String> said = new ArrayList<>();
            GameHealth.status(realtime.realtime()).thenAccept(said::add);
            realtime.settle();
            assertThat(said).containsExactly("degraded [database]");
        }
    }
}
