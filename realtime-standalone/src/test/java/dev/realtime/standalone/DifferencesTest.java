package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Realtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same inputs to Node's server and to the standalone server, with the same application: what they do is the same, or it is a row of
 * docs/differences.md, word for word. The inputs are in {@code src/test/js/differences}.
 */
final class DifferencesTest {
    private static final Path SCRIPTS = Path.of("src/test/js");
    private static final Path DOCUMENT = Path.of("../docs/differences.md");

    private static final List<AutoCloseable> running = new ArrayList<>();
    private static final List<Observed> observed = new ArrayList<>();
    private static final Map<String, Difference> listed = new LinkedHashMap<>();

    /** What the two servers did, or why that is not known. */
    record Observed(
            String name,
            @Nullable List<String> node,
            @Nullable List<String> realtime,
            @Nullable String failed) {

        boolean differs() {
            return node == null || !node.equals(realtime);
        }

        Difference difference() {
            return new Difference(cell(node), cell(realtime));
        }

        /** The row that the document would need. */
        String row() {
            Difference difference = difference();
            return "| " + name + " | " + difference.node() + " | " + difference.realtime() + " | why |";
        }

        /** As it stands in a table. */
        private static String cell(@Nullable List<String> lines) {
            return lines == null
                    ? ""
                    : '`'
                            + (lines.isEmpty()
                                    ? "nothing"
                                    : String.join(" · ", lines).replace("|", "¦"))
                            + '`';
        }
    }

    /** Two cells of a row. */
    record Difference(String node, String realtime) {}

    @BeforeAll
    static void observe(@TempDir Path scratch) throws Exception {
        assumeTrue(hasNode(), "skipped: the command 'node' (20 or newer) is not on the path");
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io")),
                "skipped: Node's server is not installed; run: npm ci --prefix realtime-standalone/src/test/js");
        Path output = scratch.resolve("observed.jsonl");
        Path errors = scratch.resolve("errors.txt");
        ObjectMapper mapper = new ObjectMapper();
        ProcessBuilder command = new ProcessBuilder("node", "differences/run.mjs")
                .directory(SCRIPTS.toFile())
                .redirectError(errors.toFile())
                .redirectOutput(output.toFile());
        command.environment().put("REALTIME_ORIGINS", mapper.writeValueAsString(start()));
        Process node = command.start();
        try {
            boolean ended = node.waitFor(5, TimeUnit.MINUTES);
            assertThat(ended && node.exitValue() == 0)
                    .as(() -> ended ? read(errors) : "the run did not end in time")
                    .isTrue();
        } finally {
            node.destroyForcibly();
        }
        for (String line : Files.readAllLines(output)) {
            observed.add(mapper.readValue(line, Observed.class));
        }
        for (String line : Files.readAllLines(DOCUMENT)) {
            String[] cells = line.split("\\|");
            if (line.startsWith("|") && cells.length >= 4 && cells[2].strip().startsWith("`")) {
                listed.put(cells[1].strip(), new Difference(cells[2].strip(), cells[3].strip()));
            }
        }
    }

    private static Map<String, String> start() {
        Map<String, String> origins = new HashMap<>();
        for (String variant : TwinApp.VARIANTS) {
            List<StandaloneServer> server = new ArrayList<>(1);
            Realtime realtime = TwinApp.build(variant, () -> new Thread(server.get(0)::close, "stopping").start());
            server.add(StandaloneServer.start(
                    realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0)));
            running.add(realtime);
            running.add(server.get(0));
            origins.put(variant, "http://127.0.0.1:" + server.get(0).port());
        }
        return origins;
    }

    @AfterAll
    static void stop() throws Exception {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).close();
        }
    }

    @TestFactory
    Stream<DynamicTest> bothServersDoTheSameOrTheDocumentSaysSo() {
        return observed.stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> check(each)));
    }

    private static void check(Observed each) {
        if (each.failed() != null) {
            fail(each.failed());
        }
        Difference known = listed.get(each.name());
        if (known == null) {
            assertThat(each.realtime())
                    .as("Node's server does otherwise; if that is on purpose: " + each.row())
                    .isEqualTo(each.node());
        } else if (each.differs()) {
            assertThat(each.difference()).as(each.row()).isEqualTo(known);
        } else {
            fail("the servers do the same: the row '" + each.name() + "' of docs/differences.md can go");
        }
    }

    @Test
    void everyRowIsABehaviour() {
        assertThat(observed.stream().map(Observed::name))
                .doesNotHaveDuplicates()
                .containsAll(listed.keySet());
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            Process node = new ProcessBuilder("node", "--eval", "process.exit(+(parseInt(process.versions.node) < 20))")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return node.waitFor(1, TimeUnit.MINUTES) && node.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
