package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.health.HealthCheck;
import dev.realtime.health.HealthOptions;
import dev.realtime.health.HealthReport;
import dev.realtime.health.HealthStatus;
import dev.realtime.limits.Limits;
import dev.realtime.spi.Backend;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.OperatorPages;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node says of itself to its application, to probes and to operators. */
class HealthTest {
    private static final Event<Integer> MOVE = Event.of("move", Integer.class);

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private HealthCheck.Result database = HealthCheck.passed();
    private HealthCheck.Result disk = HealthCheck.passed();
    private RuntimeException broken;
    private int asked;

    private RealtimeBuilder game() {
        return Realtime.builder()
                .limits(Limits.DEFAULT.maxConnections(10))
                .health(HealthOptions.DEFAULT
                        .maxEventsPerMinute(20)
                        .maxMemory(1) // the JVM's, which is nothing of this test
                        .check("database", this::database)
                        .check("disk", () -> disk))
                .namespace("/", game -> game.on(MOVE, (session, to) -> session.join("zone:" + to)));
    }

    private HealthCheck.Result database() {
        asked++;
        if (broken != null) {
            throw broken;
        }
        return database;
    }

    private HealthReport report() {
        cluster.advance(Duration.ofSeconds(1)); // reports are kept that long
        return done(cluster.node(0).realtime().health());
    }

    private <T> T done(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        cluster.settle();
        assertThat(future).isDone();
        return future.join();
    }

    private HttpReply page(String path, boolean inFull) {
        return done(cluster.node(0).realtime().pages().page(path, inFull));
    }

    private static JsonNode json(HttpReply page) {
        try {
            return new ObjectMapper().readTree(page.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aNodeThatIsWellPassesAllChecks() {
        cluster.connect(0, "/", "ann");
        HealthReport report = report();
        assertThat(report.status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(report.checks())
                .containsOnlyKeys("backend", "connections", "database", "disk", "event_rate", "memory");
        assertThat(report.failedChecks()).isEmpty();
        assertThat(report.load().connections()).isEqualTo(1);
        assertThat(report.load().maxConnections()).isEqualTo(10);
        assertThat(report.load().saturation()).isEqualTo(0.1);
    }

    @Test
    void oneOrTwoFailedChecksMakeItDegradedAndMoreUnhealthy() {
        database = HealthCheck.failed("no connection");
        assertThat(report().status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(report().checks().get("database").detail()).isEqualTo("no connection");
        for (int i = 0; i < 10; i++) {
            cluster.connect(0, "/", "user " + i);
        }
        assertThat(report().failedChecks()).containsExactly("connections", "database");
        assertThat(report().status()).isEqualTo(HealthStatus.DEGRADED);
        disk = HealthCheck.failed("full");
        assertThat(report().failedChecks()).containsExactly("connections", "database", "disk");
        assertThat(report().status()).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(page("/health", false).status()).isEqualTo(503);
        assertThat(page("/health/live", false).status()).isEqualTo(200);
        disk = HealthCheck.passed();
        database = HealthCheck.passed();
        assertThat(report().failedChecks()).containsExactly("connections");
    }

    @Test
    void whatThrowsHasFailedAndOnlyTheLogIsToldWhy() {
        broken = new IllegalStateException("jdbc:mysql://root:secret@db");
        HealthReport report = report();
        assertThat(report.failedChecks()).containsExactly("database");
        assertThat(report.checks().get("database").detail()).isEqualTo("failed");
        assertThat(new String(page("/health", true).body())).doesNotContain("secret");
    }

    @Test
    void aCheckThatDoesNotPassIsALineWhenThatBeginsAndWhenItEnds() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            report();
            disk = HealthCheck.failed("full");
            report();
            report();
            disk = HealthCheck.passed();
            report();
            report();
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("'disk'")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("WARN")
                                .endsWith("the health check 'disk' does not pass: full"),
                        line -> assertThat(line).contains("INFO").endsWith("the health check 'disk' passes again"));
    }

    @Test
    void statsSayWhenNodesAreTooFewOrTooMany() {
        List<String> scales = new ArrayList<>();
        for (int connections = 1; connections <= 9; connections++) {
            cluster.connect(0, "/", "user " + connections);
            scales.add(json(page("/stats", true)).path("scale").asText());
        }
        assertThat(scales).containsExactly("down", "down", "none", "none", "none", "none", "none", "none", "up");
    }

    @Test
    void thePageShowsWhyACheckDoesNotPassAndNothingOfOneThatDoes() {
        disk = HealthCheck.failed("full");
        report();
        JsonNode checks = json(page("/health", true)).path("checks");
        assertThat(checks.path("disk").path("passed").asBoolean(true)).isFalse();
        assertThat(checks.path("disk").path("detail").asText()).isEqualTo("full");
        assertThat(checks.path("database").path("passed").asBoolean()).isTrue();
        assertThat(checks.path("database").has("detail")).isFalse();
    }

    @Test
    void whoeverAsksWithinASecondGetsTheSameReport() {
        HealthReport first = report();
        int before = asked;
        for (int i = 0; i < 100; i++) {
            assertThat(done(cluster.node(0).realtime().health())).isSameAs(first);
        }
        assertThat(asked).isEqualTo(before);
        report();
        assertThat(asked).isEqualTo(before + 1);
    }

    @Test
    void theRateIsThatOfTheLastMinute() {
        TestClient ann = cluster.connect(0, "/", "ann");
        for (int i = 0; i < 20; i++) {
            ann.emit(MOVE, 1);
        }
        assertThat(report().failedChecks()).isEmpty();
        ann.emit(MOVE, 1);
        assertThat(report().failedChecks()).containsExactly("event_rate");
        assertThat(report().load().eventsPerMinute()).isEqualTo(21);
        cluster.advance(Duration.ofSeconds(61));
        assertThat(report().load().eventsPerMinute()).isLessThan(20);
        cluster.advance(Duration.ofSeconds(60));
        assertThat(report().load().eventsPerMinute()).isZero();
    }

    @Test
    void anOutageOfTheBackendMakesANodeNeitherDeadNorUnready() {
        TestRealtime alone = TestRealtime.of(this::game)
                .backend(backend -> (Backend) Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (proxy, method, arguments) -> method.getName().equals("isDegraded")
                                ? Boolean.TRUE
                                : method.invoke(backend, arguments)))
                .start();
        OperatorPages pages = alone.realtime().pages();
        List<HttpReply> replies = new ArrayList<>();
        for (String path : List.of("/health/live", "/health/ready", "/health", "/health/websocket")) {
            pages.page(path, true).thenAccept(replies::add);
            alone.settle();
        }
        alone.close();
        assertThat(replies).extracting(HttpReply::status).containsExactly(200, 200, 200, 200);
        assertThat(json(replies.get(2)).path("status").asText()).isEqualTo("degraded");
        assertThat(json(replies.get(2)).path("failed_checks").toString()).isEqualTo("[\"backend\"]");
        assertThat(json(replies.get(3))
                        .path("checks")
                        .path("backend")
                        .path("passed")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void aReportThatCannotBeMadeIsNotTheLast() {
        AtomicBoolean full = new AtomicBoolean();
        TestRealtime alone = TestRealtime.of(this::game)
                .backend(backend -> (Backend) Proxy.newProxyInstance(
                        Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                            if (full.get() && method.getName().equals("isDegraded")) {
                                throw new OutOfMemoryError("planted");
                            }
                            return method.invoke(backend, arguments);
                        }))
                .start();
        full.set(true);
        CompletionStage<HealthReport> failed = alone.realtime().health();
        CompletionStage<HttpReply> page = alone.realtime().pages().page("/health", true);
        alone.settle();
        assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
        assertThat(page.toCompletableFuture().join().status()).isEqualTo(503);
        full.set(false);
        alone.advance(Duration.ofSeconds(1));
        CompletionStage<HealthReport> next = alone.realtime().health();
        alone.settle();
        assertThat(next.toCompletableFuture().join().status()).isEqualTo(HealthStatus.HEALTHY);
        alone.close();
    }

    @Test
    void whatAnExecutorDoesNotTakeFailsOneReport() {
        AtomicBoolean full = new AtomicBoolean();
        List<HealthReport> reports = new ArrayList<>();
        List<Runnable> taken = new ArrayList<>();
        TestRealtime alone = TestRealtime.of(this::game)
                .handlers(task -> {
                    if (full.get()) {
                        throw new OutOfMemoryError("planted");
                    }
                    taken.add(task);
                })
                .start();
        full.set(true);
        CompletionStage<HealthReport> failed = alone.realtime().health();
        full.set(false);
        alone.settle();
        assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
        alone.advance(Duration.ofSeconds(1));
        alone.realtime().health().thenAccept(reports::add);
        taken.forEach(Runnable::run);
        alone.settle();
        assertThat(reports).hasSize(1);
        assertThat(reports.get(0).failedChecks()).isEmpty();
        alone.close();
    }

    @Test
    void aCheckThatHangsHasFailedAndIsNotAskedAgain() {
        List<Runnable> held = new ArrayList<>();
        TestRealtime slow = TestRealtime.of(this::game).handlers(held::add).start();
        List<HealthReport> reports = new ArrayList<>();
        slow.realtime().health().thenAccept(reports::add);
        slow.advance(Duration.ofSeconds(2));
        assertThat(reports.get(0).failedChecks()).containsExactly("database", "disk");
        assertThat(reports.get(0).checks().get("database").detail()).isEqualTo("no result within PT2S");
        int before = held.size();
        slow.realtime().health().thenAccept(reports::add);
        slow.settle();
        assertThat(reports.get(1).checks().get("database").detail()).isEqualTo("the check before has not ended yet");
        assertThat(held).hasSize(before);
        held.forEach(Runnable::run);
        slow.advance(Duration.ofSeconds(1));
        held.clear();
        slow.realtime().health().thenAccept(reports::add);
        held.forEach(Runnable::run);
        slow.settle();
        assertThat(reports.get(2).failedChecks()).isEmpty();
        slow.close();
    }

    @Test
    void aFullNodeIsNotReadyAndLives() {
        for (int i = 0; i < 10; i++) {
            cluster.connect(0, "/", "user " + i);
        }
        assertThat(page("/health/ready", false).status()).isEqualTo(503);
        assertThat(json(page("/health/ready", true))).isEqualTo(json("{'status':'FULL'}"));
        assertThat(page("/health/live", false).status()).isEqualTo(200);
    }

    @Test
    void aNodeThatStopsIsNotReady() {
        cluster.node(0).realtime().drain(Duration.ofSeconds(30));
        cluster.settle();
        assertThat(json(page("/health/ready", false))).isEqualTo(json("{'status':'STOPPING'}"));
        assertThat(page("/health/ready", false).status()).isEqualTo(503);
        assertThat(page("/health", true).status()).isEqualTo(503);
        assertThat(page("/health/live", true).status()).isEqualTo(200);
    }

    @Test
    void statsAreForOperators() {
        cluster.connect(0, "/", "ann").emit(MOVE, 1);
        cluster.connect(1, "/", "bob");
        cluster.advance(Duration.ofSeconds(5));
        assertThat(cluster.node(0).realtime().pages().page("/stats", false)).isNull();
        JsonNode stats = json(page("/stats", true));
        assertThat(stats.path("instanceId").asText())
                .isEqualTo(cluster.node(0).realtime().node());
        assertThat(stats.path("connections").asInt()).isEqualTo(1);
        assertThat(stats.path("rooms").asInt()).isEqualTo(1);
        assertThat(stats.path("totalInstances").asInt()).isEqualTo(2);
        assertThat(stats.path("uptime").asInt()).isEqualTo(5);
        assertThat(stats.path("saturation").asDouble()).isEqualTo(0.1);
        assertThat(stats.path("scale").asText()).isEqualTo("down");
        assertThat(stats.path("memory").path("total").asLong()).isPositive();
        assertThat(stats.path("memory")
                        .path("parts")
                        .path("outbound")
                        .path("limit")
                        .asLong())
                .isPositive();
        cluster.node(1).kill();
        cluster.advance(Duration.ofSeconds(60));
        assertThat(json(page("/stats", true)).path("totalInstances").asInt()).isEqualTo(1);
    }

    @Test
    void thereAreNoOtherPages() {
        for (String path : new String[] {"/", "/health/", "/health/other", "/metrics", ""}) {
            assertThat(cluster.node(0).realtime().pages().page(path, true))
                    .as(path)
                    .isNull();
        }
    }

    @Test
    void aClosedNodeIsDown() {
        Realtime realtime = cluster.node(0).realtime();
        cluster.node(0).close();
        assertThat(realtime.health().toCompletableFuture()).isCompletedExceptionally();
        for (String path : new String[] {"/health/live", "/health/ready", "/health"}) {
            assertThat(done(realtime.pages().page(path, true)).status())
                    .as(path)
                    .isEqualTo(503);
        }
        assertThat(realtime.pages().page("/metrics", true)).isNull();
    }

    @Test
    void optionsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthOptions.DEFAULT.check("Database", HealthCheck::passed))
                .withMessageContaining("HealthOptions.check");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthOptions.DEFAULT.check("backend", HealthCheck::passed));
        assertThatIllegalArgumentException().isThrownBy(() -> HealthOptions.DEFAULT.maxConnections(1.1));
        assertThatIllegalArgumentException().isThrownBy(() -> HealthOptions.DEFAULT.timeout(Duration.ZERO));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
