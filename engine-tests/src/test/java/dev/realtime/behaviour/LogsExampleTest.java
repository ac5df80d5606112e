package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.logs.LogKeys;
import dev.realtime.logs.LogOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/logs.md shows compiles, and its table has the keys that are set. */
class LogsExampleTest {
    private static String document() throws IOException {
        return Files.readString(Path.of("../docs/logs.md"));
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void theDocumentShowsTheCodeThatIsCompiledHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameLogs.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(document())
                .results()
                .map((MatchResult block) -> words(block.group(1)))
                .toList();
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(code).contains(block));
    }

    @Test
    void theDocumentHasAllKeys() throws IOException {
        List<String> keys = Pattern.compile("(?m)^\\| `([a-z]+)` \\| .* `LogKeys[.][A-Z]+` \\|$")
                .matcher(document())
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
        assertThat(keys).isEqualTo(LogKeys.ALL);
    }

    @Test
    void anOptionThatIsOutOfRangeIsNamed() {
        assertThat(LogOptions.DEFAULT.isContext()).isFalse();
        assertThat(LogOptions.DEFAULT.slowHandler()).isEqualTo(Duration.ofMillis(250));
        assertThat(LogOptions.DEFAULT.context(true).slowHandler(Duration.ZERO).isContext())
                .isTrue();
        assertThatThrownBy(() -> LogOptions.DEFAULT.slowHandler(Duration.ofNanos(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LogOptions.slowHandler must be between");
    }
}
