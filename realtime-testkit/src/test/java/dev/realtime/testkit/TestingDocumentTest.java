package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows compiles, runs and is what it shows. */
class TestingDocumentTest {

    @Nested
    class OneNode extends TestingExamples.OneNodeTest {}

    @Nested
    class Door extends TestingExamples.DoorTest {}

    @Nested
    class Duel extends TestingExamples.DuelTest {}

    @Nested
    class Cluster extends TestingExamples.ClusterTest {}

    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String document = Files.readString(Path.of("../docs/testing.md"));
        String code = unindented(Files.readString(Path.of("src/test/java/dev/realtime/testkit/TestingExamples.java"))
                + Files.readString(Path.of("src/test/java/dev/realtime/testkit/simulation/SimulationExamples.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(shown).hasSizeGreaterThanOrEqualTo(8);
        assertThat(shown).allSatisfy(snippet -> assertThat(code).contains(unindented(snippet)));
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }
}
