package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.HttpReply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients cause on the standalone server does not fill its log. */
class StandaloneLogTest {
    private static final int TIMES = 30;

    private final FakeDoors doors = new FakeDoors();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final long start = System.nanoTime();

    @BeforeEach
    void theLogIsRead() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void theLogIsGivenBack() {
        System.setErr(before);
    }

    private StandaloneOptions options() {
        return StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).publicDetails(true);
    }

    private static String get(StandaloneServer server, String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException reset) {
            return "";
        }
    }

    private long lines(String text) {
        return Pattern.compile(Pattern.quote(text))
                .matcher(log.toString(StandardCharsets.UTF_8))
                .results()
                .count();
    }

    private static long omitted(StandaloneServer server) {
        return server.counters().getOrDefault("log.lines.omitted", 0L);
    }

    /** Five lines in ten seconds, however long this has taken, and the others are counted. */
    private void bounded(StandaloneServer server, String text) throws IOException {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(lines(text) + omitted(server)).isEqualTo(TIMES));
        long spans = 2 + Duration.ofNanos(System.nanoTime() - start).toSeconds() / 10;
        assertThat(lines(text)).isBetween(1L, 5 * spans);
    }

    @Test
    void whereItListensAndThatItHasStopped() {
        StandaloneServer server =
                StandaloneServer.start(doors.engine(), options().managementPort(0));
        String listening =
                "listening on 127.0.0.1:" + server.port() + ", for operators on port " + server.managementPort();
        server.close();
        server.close();
        assertThat(lines(listening)).isOne();
        assertThat(lines("the server on port " + server.port() + " has stopped"))
                .isOne();
    }

    @Test
    void repliesThatCannotBeSent() throws Exception {
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                options()
                        .handler(
                                "/split",
                                (request, body) -> new HttpReply(200, Map.of("X-A", "b\r\nc"), new byte[0])))) {
            for (int i = 0; i < TIMES; i++) {
                assertThat(get(server, "/split")).startsWith("HTTP/1.1 500 ");
            }
            bounded(server, "a reply cannot be sent");
        }
    }

    @Test
    void filesThatBecomeShorterWhileTheyAreRead() {
        BoundedLog lines = new BoundedLog(() -> 0);
        List<String> ends = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            InputStream shorter = new ByteArrayInputStream(new byte[0]);
            new Download(shorter, 1_000, Runnable::run, lines, "203.0.113.9")
                    .next(bytes -> ends.add("bytes"), () -> ends.add("failed"));
        }
        assertThat(ends).hasSize(TIMES).containsOnly("failed");
        assertThat(lines("cannot read a file")).isEqualTo(5);
        assertThat(lines.omitted()).isEqualTo(TIMES - 5);
    }
}
