package dev.realtime.javadoc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the Javadoc of the main types shows compiles: each example stands in the examples of its type. */
class JavadocExamplesTest {
    /** The sources of the types, from this module's folder. */
    static final List<String> MAIN_TYPES = List.of(
            "../realtime-core/src/main/java/dev/realtime/Realtime.java",
            "../realtime-core/src/main/java/dev/realtime/RealtimeBuilder.java",
            "../realtime-core/src/main/java/dev/realtime/NamespaceSetup.java",
            "../realtime-core/src/main/java/dev/realtime/Session.java",
            "../realtime-core/src/main/java/dev/realtime/Audience.java",
            "../realtime-core/src/main/java/dev/realtime/Event.java",
            "../realtime-core/src/main/java/dev/realtime/Request.java",
            "../realtime-core/src/main/java/dev/realtime/Replies.java",
            "../realtime-core/src/main/java/dev/realtime/TypeToken.java",
            "../realtime-core/src/main/java/dev/realtime/Attribute.java",
            "../realtime-core/src/main/java/dev/realtime/SessionView.java",
            "../realtime-core/src/main/java/dev/realtime/Handshake.java",
            "../realtime-core/src/main/java/dev/realtime/ConnectInterceptor.java",
            "../realtime-core/src/main/java/dev/realtime/Scheduler.java",
            "../realtime-core/src/main/java/dev/realtime/Recovery.java",
            "../realtime-core/src/main/java/dev/realtime/health/MemoryAccount.java",
            "../realtime-core/src/main/java/dev/realtime/limits/Escalation.java",
            "../realtime-core/src/main/java/dev/realtime/limits/Limits.java",
            "../realtime-core/src/main/java/dev/realtime/limits/RateLimit.java",
            "../realtime-core/src/main/java/dev/realtime/limits/RefusalListener.java");

    private static final Path EXAMPLES = Path.of("src/test/java/dev/realtime/javadoc");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n *\\* *}</pre>", Pattern.DOTALL);
    private static final Pattern MARGIN = Pattern.compile("^ *\\* ?");

    @ParameterizedTest
    @FieldSource("MAIN_TYPES")
    void anExampleIsPartOfACompiledSource(String source) throws IOException {
        Path type = Path.of(source);
        String name = type.getFileName().toString().replace(".java", "Examples.java");
        String compiled = code(Files.readString(EXAMPLES.resolve(name)));
        List<String> examples = examples(Files.readString(type));
        assertThat(examples).as("examples of %s", type).isNotEmpty();
        for (String example : examples) {
            assertThat(compiled).as("%s has what %s shows", name, type).contains(example);
        }
    }

    /** Of a source, without margin. */
    private static List<String> examples(String source) {
        return EXAMPLE.matcher(source)
                .results()
                .map((MatchResult found) -> found.group(1)
                        .lines()
                        .map(line -> MARGIN.matcher(line).replaceFirst(""))
                        .collect(Collectors.joining("\n")))
                .map(JavadocExamplesTest::code)
                .toList();
    }

    /** Without white space, of which a formatter decides. */
    private static String code(String text) {
        return text.replaceAll("\\s+", "");
    }

    @Test
    void aChangedExampleWouldBeSeen() {
        String source = "/**\n * <pre>{@code\n * int one = 1;\n *     int two = 2;\n * }</pre>\n */";
        assertThat(examples(source)).containsExactly("intone=1;inttwo=2;");
        assertThat(code("int one = 2;\n    int two = 2;"))
                .doesNotContain(examples(source).get(0));
        assertThat(code("{\n    int one = 1;\n\n    int two = 2;\n}"))
                .contains(examples(source).get(0));
    }
}
