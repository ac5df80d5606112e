package dev.realtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.transport.Heartbeat;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/metrics.md, the dashboard and the alerts name is what an engine shows, and nothing is missing. */
class MetricsDocumentTest {
    private record Text(String text) {}

    private static final Path DOCS = Path.of("../docs");
    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Event<Text> SAID = Event.of("said", Text.class);
    private static final Request<Text, Text> ECHO = Request.of("echo", Text.class, Text.class);
    private static final Request<Text, Text> ASK = Request.of("ask", Text.class, Text.class);
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What is written for a client that is a program. */
    private static final class Player implements WebSocket.Listener {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                if (message.startsWith("42") && message.contains("\"ask\"")) {
                    String id = message.substring(2, message.indexOf('['));
                    var unused = socket.sendText("43" + id + "[{\"text\":\"here\"}]", true);
                }
                received.add(message);
            }
            socket.request(1);
            return null;
        }

        /** Waits for a message, and passes by others. */
        String awaits(String beginning) throws InterruptedException {
            for (String message; (message = received.poll(LONG.toSeconds(), TimeUnit.SECONDS)) != null; ) {
                if (message.startsWith(beginning)) {
                    return message;
                }
            }
            throw new AssertionError("nothing that begins with " + beginning + " has come");
        }
    }

    private static Realtime game() {
        return Realtime.builder()
                .heartbeat(Heartbeat.DEFAULT.interval(Duration.ofSeconds(1)).timeout(Duration.ofSeconds(30)))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .on(ECHO, (session, text) -> text)
                                .on(SAY, MetricsDocumentTest::say))
                .build();
    }

    private static void say(Session session, Text text) {
        if (text.text().equals("no")) {
            throw new EventRefusedException("not_here", "not here");
        }
        session.emit(SAID, text);
    }

    /** What a scrape shows of an engine that has been played with. */
    private static String scrape() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HttpClient http = HttpClient.newHttpClient();
        try (Realtime realtime = game();
                StandaloneServer server = StandaloneServer.start(
                        realtime,
                        StandaloneOptions.DEFAULT
                                .host("127.0.0.1")
                                .port(0)
                                .managementPort(0)
                                .metrics(registry::scrape))) {
            RealtimeMetrics.of(realtime)
                    .counters(server::counters)
                    .gauges(server::gauges)
                    .roles("/", "admin")
                    .bindTo(registry);
            Player player = new Player();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.port() + "/socket.io/?EIO=4&transport=websocket"),
                            player)
                    .get(LONG.toSeconds(), TimeUnit.SECONDS);
            play(realtime, player, socket);
            String text = http.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + server.managementPort() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            socket.abort();
            return text;
        }
    }

    private static void play(Realtime realtime, Player player, WebSocket socket) throws Exception {
        player.awaits("0");
        send(socket, "40");
        player.awaits("40");
        send(socket, "42[\"say\",{\"text\":\"hello\"}]");
        player.awaits("42[\"said\"");
        send(socket, "42[\"say\",{\"text\":\"no\"}]");
        send(socket, "42[\"made-up\"]");
        Session session = realtime.namespace("/").sessions().get(0);
        for (int i = 0; i < 2; i++) { // behind the second, the first is counted
            session.request(ASK, new Text("where?"), LONG)
                    .toCompletableFuture()
                    .get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        player.awaits("2");
        send(socket, "3");
        for (int i = 0; i < 2; i++) {
            send(socket, "42" + i + "[\"echo\",{\"text\":\"hello\"}]");
            player.awaits("43" + i);
        }
    }

    private static void send(WebSocket socket, String text) throws Exception {
        socket.sendText(text, true).get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static Set<String> shown(String scrape) {
        return Pattern.compile("(?m)^# TYPE (\\S+) ")
                .matcher(scrape)
                .results()
                .map((MatchResult type) -> type.group(1).replaceAll("_max$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named(String text) {
        return Pattern.compile("\\brealtime_[a-z_]+")
                .matcher(text)
                .results()
                .map((MatchResult name) -> name.group().replaceAll("_(bucket|count|sum)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of Redis are counted where it is. */
    private static Set<String> ofRedis() throws IOException {
        return Pattern.compile("\"(redis\\.[a-z.]+)\"")
                .matcher(Files.readString(
                        Path.of("../realtime-redis/src/main/java/dev/realtime/redis/RedisBackend.java")))
                .results()
                .map((MatchResult name) -> "realtime_" + name.group(1).replace('.', '_') + "_total")
                .collect(Collectors.toSet());
    }

    @Test
    void everyMetricThatIsNamedIsShownAndTheOtherWayRound() throws Exception {
        String scrape = scrape();
        Set<String> shown = shown(scrape);
        shown.addAll(ofRedis());
        assertThat(named(Files.readString(DOCS.resolve("metrics.md"))))
                .as("docs/metrics.md: a counter or gauge that is new has a line there")
                .isEqualTo(shown);
        assertThat(shown)
                .as("the dashboard")
                .containsAll(named(Files.readString(DOCS.resolve("metrics/grafana-dashboard.json"))));
        assertThat(shown)
                .as("the alerts")
                .containsAll(named(Files.readString(DOCS.resolve("metrics/prometheus-alerts.yml"))));
        assertThat(shown)
                .as("the operator's guide")
                .containsAll(named(Files.readString(DOCS.resolve("operations.md"))));
        assertThat(scrape)
                .contains(
                        "realtime_handler_seconds_count{event=\"echo\",outcome=\"handled\"}",
                        "realtime_events_handled_total{event=\"say\",outcome=\"refused\"} 1",
                        "realtime_refusals_total{event=\"unknown\",reason=\"unknown_event\"} 1",
                        "realtime_refusals_total{event=\"say\",reason=\"not_here\"} 1",
                        "realtime_client_latency_seconds_count 1",
                        "realtime_connections{transport=\"websocket\"} 1")
                .doesNotContain("made-up");
    }

    @Test
    void aScrapeSaysWhatThePageDoes() throws Exception {
        Map<String, String> page = Pattern.compile(
                        "(?m)^\\| `(realtime_[a-z_]+)` \\|[^|]*\\|\\s*(?:a gauge: )?(.*?)\\s*\\|$")
                .matcher(Files.readString(DOCS.resolve("metrics.md")))
                .results()
                .collect(Collectors.toMap((MatchResult row) -> row.group(1), (MatchResult row) -> plain(row.group(2))));
        Map<String, String> told = Pattern.compile("(?m)^# HELP (\\S+) (.*)$")
                .matcher(scrape())
                .results()
                .collect(Collectors.toMap(
                        (MatchResult help) -> help.group(1).replaceAll("_max$", ""),
                        (MatchResult help) -> help.group(2).strip(),
                        (one, same) -> one));
        assertThat(told)
                .isNotEmpty()
                .allSatisfy((metric, text) -> assertThat(text).as(metric).isEqualTo(page.get(metric)));
    }

    private static String plain(String markdown) {
        return markdown.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replace("`", "");
    }

    @Test
    void everyAlertIsOnThePages() throws IOException {
        Set<String> alerts = found("alert: (\\w+)", "metrics/prometheus-alerts.yml");
        assertThat(found("`(Realtime(?!Metrics)[A-Z]\\w+)`", "metrics.md")).isEqualTo(alerts);
        assertThat(found("(?m)^### .*?$", "operations.md").stream()
                        .flatMap(title -> Stream.of(title.replaceAll("#+ ", "").split(", "))))
                .as("the operator's guide")
                .containsExactlyInAnyOrderElementsOf(alerts);
    }

    private static Set<String> found(String pattern, String document) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(DOCS.resolve(document)))
                .results()
                .map((MatchResult one) -> one.group(one.groupCount()))
                .collect(Collectors.toSet());
    }

    @Test
    void thePageShowsCodeThatCompiles() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/metrics/MetricsExamples.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCS.resolve("metrics.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .reduce("", (before, block) -> before + "\n\n" + block);
        assertThat(shown).isNotEmpty();
        for (String piece : shown.split("\n\n")) {
            assertThat(code).contains(words(piece));
        }
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }
}
