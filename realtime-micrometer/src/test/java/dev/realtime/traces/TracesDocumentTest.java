package dev.realtime.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.EngineTracer.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/traces.md shows compiles, and it names all observations. */
class TracesDocumentTest {
    private static String document() throws IOException {
        return Files.readString(Path.of("../docs/traces.md"));
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void theDocumentShowsTheCodeThatIsCompiledHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/traces/TracesExamples.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(document())
                .results()
                .map((MatchResult block) -> words(block.group(1)))
                .toList();
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(code).contains(block));
    }

    @Test
    void theDocumentNamesAllObservations() throws IOException {
        String document = document();
        for (Work work : Work.values()) {
            assertThat(document).contains("| `realtime." + work.name().toLowerCase(Locale.ROOT) + "` |");
        }
    }
}
