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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/testing.md and the Javadoc of the main types show compiles, runs and is what they show. */
class TestingDocumentTest {

    @Nested
    class OneNode extends TestingExamples.OneNodeTest {}

    @Nested
    class Door extends TestingExamples.DoorTest {}

    @Nested
    class Token extends TestingExamples.TokenTest {}

    @Nested
    class Duel extends TestingExamples.DuelTest {}

    @Nested
    class Cluster extends TestingExamples.ClusterTest {}

    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String document = Files.readString(Path.of("../docs/testing.md"));
        String code = unindented(examples());
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(shown).hasSizeGreaterThanOrEqualTo(8);
        assertThat(shown)
                .allSatisfy(
                        snippet -> assertThat(code).contains(unindented(snippet).split("\n\n|\n(?=import )")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TestRealtime", "TestCluster", "simulation/Simulation"})
    void theJavadocShowsTheCodeThatRunsHere(String type) throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/realtime/testkit/" + type + ".java"));
        String code = unspaced(examples());
        List<String> shown = Pattern.compile("<pre>\\{@code\n(.*?)\n \\* }</pre>", Pattern.DOTALL)
                .matcher(source)
                .results()
                .map((MatchResult block) -> block.group(1).replaceAll("(?m)^ \\* ?", ""))
                .toList();
        assertThat(shown).hasSizeGreaterThanOrEqualTo(2);
        assertThat(shown).allSatisfy(snippet -> assertThat(code).contains(unspaced(snippet)));
    }

    private static String examples() throws IOException {
        return Files.readString(Path.of("src/test/java/dev/realtime/testkit/TestingExamples.java"))
                + Files.readString(Path.of("src/test/java/dev/realtime/testkit/simulation/SimulationExamples.java"));
    }

    private static String unspaced(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }
}
