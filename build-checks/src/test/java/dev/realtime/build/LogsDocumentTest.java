package dev.realtime.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/logs.md} quotes lines that are written, at the level that it says, and leaves out none of those at INFO. */
class LogsDocumentTest {
    private static final List<String> MODULES =
            List.of("realtime-core", "realtime-standalone", "realtime-jakarta", "realtime-redis", "realtime-admin");
    private static final Pattern ROW =
            Pattern.compile("^\\| (DEBUG|INFO|WARN|ERROR) \\| (.*?) \\|.*$", Pattern.MULTILINE);
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");
    /** A call of a logger, or of {@code BoundedLog} with a logger and a client before the format. */
    private static final Pattern CALL = Pattern.compile("[.](debug|info|warn|error)\\(\\s*"
            + "(?:(?:LOG|log),(?:\\s*\"[^\"]*\",\\s*(?=\")|[^;]*?))?\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A line that is logged somewhere, with {@code …} for what it is told. */
    private record Line(String level, String text) {}

    private static List<Line> documented() throws IOException {
        List<Line> lines = new ArrayList<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("../docs/logs.md")));
        while (rows.find()) {
            Matcher texts = QUOTED.matcher(rows.group(2));
            while (texts.find()) {
                lines.add(new Line(rows.group(1), texts.group(1)));
            }
        }
        return lines;
    }

    private static List<Line> written() throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (!file.toString().endsWith(".java")) {
                        continue;
                    }
                    String code = Files.readString(file).replaceAll("(?m)^\\s*[*].*$", "");
                    Matcher calls = CALL.matcher(CONCATENATION.matcher(code).replaceAll(""));
                    while (calls.find()) {
                        lines.add(new Line(
                                calls.group(1).toUpperCase(Locale.ROOT),
                                calls.group(2).replace("{}", "…")));
                    }
                }
            }
        }
        return lines;
    }

    @Test
    void eachLineOfTheDocumentIsWrittenAtItsLevel() throws IOException {
        List<Line> written = written();
        assertThat(documented())
                .hasSizeGreaterThan(40)
                .allSatisfy(line ->
                        assertThat(written).anyMatch(each -> each.level().equals(line.level()) && isIn(line, each)));
    }

    @Test
    void noLineAtInfoIsLeftOut() throws IOException {
        List<Line> documented = documented();
        Set<String> missing = new TreeSet<>();
        for (Line line : written()) {
            if (line.level().equals("INFO") && documented.stream().noneMatch(each -> isIn(each, line))) {
                missing.add(line.text());
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean isIn(Line documented, Line written) {
        String start = documented.text().replaceAll("…$", "");
        return written.text().startsWith(start);
    }
}
