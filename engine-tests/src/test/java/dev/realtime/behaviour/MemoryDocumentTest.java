package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/memory.md shows compiles, and does what it says. */
class MemoryDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameMemory.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/memory.md")))
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
    void theReportHasALineForEachPart() {
        try (TestRealtime realtime = TestRealtime.of(GameMemory::game).start()) {
            assertThat(GameMemory.report(realtime.realtime()).split("\n"))
                    .contains("outbound 0 of " + (256 << 20), "unread 0 of " + (64 << 20), "presence 0");
        }
    }
}
