package dev.realtime.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Says in a few lines what a build that succeeded has tested, from the reports that the tests have left. */
public final class BuildSummary {
    private static final List<String> REPORTS = List.of("surefire-reports", "failsafe-reports");

    private final Path root;
    private final Instant begun;
    private final TreeMap<String, Counts> modules = new TreeMap<>();
    private final TreeMap<String, Integer> reasons = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    private BuildSummary(Path root, Instant begun) {
        this.root = root;
        this.begun = begun;
    }

    /** Prints the summary of the project in the folder that is given, of a build that has begun at the time that is given. */
    public static void main(String[] arguments) throws Exception {
        BuildSummary summary = new BuildSummary(Path.of(arguments[0]).toRealPath(), Instant.parse(arguments[1]));
        summary.read();
        summary.print();
    }

    private void read() throws IOException, ParserConfigurationException, SAXException {
        try (Stream<Path> files = Files.find(root, 5, (path, attributes) -> isReport(path))) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(begun)) {
                    continue; // of an earlier build
                }
                Path report = root.relativize(file); // MODULE/target/REPORTS/FILE
                int depth = report.getNameCount() - 3;
                String name = depth > 0 ? report.subpath(0, depth).toString() : "";
                if (file.getFileName().toString().endsWith(".xml")) {
                    Element suite = DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .parse(file.toFile())
                            .getDocumentElement();
                    modules.merge(name, Counts.of(suite), Counts::plus);
                    rememberReasons(suite.getElementsByTagName("skipped"));
                } else {
                    remember(file);
                }
            }
        }
    }

    private static boolean isReport(Path file) {
        Path folder = file.getParent();
        String name = file.getFileName().toString();
        return folder != null
                && folder.getFileName() != null
                && REPORTS.contains(folder.getFileName().toString())
                && ((name.startsWith("TEST-") && name.endsWith(".xml")) || name.endsWith("SimulationTest-output.txt"));
    }

    private void remember(Path output) throws IOException {
        Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("[simulation]"))
                .map(line -> line.substring("[simulation]".length()).strip())
                .forEach(notes::add);
    }

    private void rememberReasons(NodeList skipped) {
        for (int i = 0; i < skipped.getLength(); i++) {
            reasons.merge(((Element) skipped.item(i)).getAttribute("message"), 1, Integer::sum);
        }
    }

    private void print() {
        Counts all = modules.values().stream().reduce(Counts.NONE, Counts::plus);
        modules.forEach((module, counts) -> System.out.println(counts.row(module)));
        notes.forEach(note -> System.out.printf("%-32s %s%n", "simulator", note));
        reasons.forEach((reason, count) -> System.out.printf("%-32s %5d tests: %s%n", "skipped", count, reason));
        Duration taken = Duration.between(begun, Instant.now());
        System.out.printf(
                "%s, after %d min %d s%n",
                all.failed == 0 ? "all is well" : "not all is well", taken.toMinutes(), taken.toSecondsPart());
        System.out.printf("%d passed, %d failed, %d skipped%n", all.passed(), all.failed, all.skipped);
    }

    private record Counts(int tests, int failed, int skipped, double seconds) {
        static final Counts NONE = new Counts(0, 0, 0, 0);

        static Counts of(Element suite) {
            return new Counts(
                    number(suite, "tests"),
                    number(suite, "failures") + number(suite, "errors"),
                    number(suite, "skipped"),
                    Double.parseDouble(suite.getAttribute("time")));
        }

        private static int number(Element suite, String name) {
            return Integer.parseInt(suite.getAttribute(name));
        }

        Counts plus(Counts other) {
            return new Counts(
                    tests + other.tests, failed + other.failed, skipped + other.skipped, seconds + other.seconds);
        }

        int passed() {
            return tests - failed - skipped;
        }

        String row(String module) {
            String text = String.format("%-32s %5d tests in %4.0f s", module, tests, seconds);
            return skipped == 0 ? text : text + ", " + skipped + " skipped";
        }
    }
}
