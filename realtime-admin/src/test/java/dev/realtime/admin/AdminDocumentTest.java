package dev.realtime.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/admin.md shows compiles, and what it says of defaults is so. */
class AdminDocumentTest {
    private static String document() throws IOException {
        return Files.readString(Path.of("../docs/admin.md"));
    }

    private static String words(String text) {
        return text.replaceAll("import [^;]+;|package [^;]+;", "").replaceAll("\\s+", "");
    }

    @Test
    void theExamplesAreThoseThatAreCompiled() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/admin/AdminExamples.java")));
        Stream<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(document())
                .results()
                .map((MatchResult match) -> words(match.group(1)));
        assertThat(shown).isNotEmpty().allSatisfy(each -> assertThat(code).contains(each));
    }

    @Test
    void itNamesEachOptionWithItsDefault() throws IOException {
        AdminOptions defaults = AdminOptions.withoutAuthentication();
        assertThat(document())
                .contains("| `namespace` | `" + defaults.namespace() + "` |")
                .contains("| `maxAdmins` | " + defaults.maxAdmins() + " |")
                .contains("| `maxSockets` | " + defaults.maxSockets() + " |")
                .contains("| `maxEventsPerSecond` | " + defaults.maxEventsPerSecond() + " |")
                .contains(LoginAttempts.OF_ONE_ADDRESS + " a minute", LoginAttempts.OF_ALL + " a minute");
    }
}
