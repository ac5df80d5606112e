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

/** What docs/batches.md shows compiles, and does what it says. */
class BatchesDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameBatches.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/batches.md")))
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
    void theFightArrivesAsTheDocumentShowsIt() {
        try (TestRealtime realtime = TestRealtime.of(GameBatches::game).start()) {
            TestClient ann = realtime.connect("/", "ann");
            GameBatches.fight(realtime.namespace("/"));
            realtime.settle();
            assertThat(ann.nextRaw("batch:events")
                            .arguments()
                            .get(0)
                            .path("events")
                            .toString())
                    .isEqualTo("[{\"type\":\"moved\",\"count\":2,\"data\":[{\"player\":\"u7\",\"x\":3,\"y\":4},"
                            + "{\"player\":\"u8\",\"x\":9,\"y\":1}]},"
                            + "{\"type\":\"health\",\"count\":1,\"data\":[[\"u7\",80]]}]");
            assertThat(ann.next(GameBatches.DIED).player()).isEqualTo("u8");
            GameBatches.fight(realtime.namespace("/"));
            realtime.settle();
            assertThat(GameBatches.types(ann)).containsExactly("moved", "health");
        }
    }
}
