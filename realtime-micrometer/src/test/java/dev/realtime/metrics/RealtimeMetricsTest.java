package dev.realtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RealtimeMetricsTest {
    private record Text(String text) {}

    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Event<Text> SAID = Event.of("said", Text.class);
    private static final Request<Text, Text> ECHO = Request.of("echo", Text.class, Text.class);

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .authenticator(handshake -> handshake
                            .auth("name")
                            .map(name -> Principal.of(name)
                                    .roles(Set.of(
                                            handshake.auth("roles").orElse("").split(",")))))
                    .limits(Limits.DEFAULT.maxConnections(10))
                    .namespace(
                            "/",
                            game -> game.allowAnonymous()
                                    .on(ECHO, (session, text) -> text)
                                    .on(SAY, RealtimeMetricsTest::say)))
            .keepAuthenticator();

    private static void say(Session session, Text text) {
        if (text.text().startsWith("no")) {
            throw new EventRefusedException(text.text(), "no");
        }
        session.emit(SAID, text);
    }

    private RealtimeMetrics metrics() {
        return RealtimeMetrics.of(realtime.realtime());
    }

    private double gauge(String name, String... tags) {
        clock.add(1, TimeUnit.SECONDS);
        return registry.get(name).tags(tags).gauge().value();
    }

    private double counted(String name, String... tags) {
        clock.add(1, TimeUnit.SECONDS);
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void countersAndGaugesAreThoseOfTheEngine() {
        metrics().bindTo(registry);
        TestClient ann = realtime.connect("/", "ann");
        realtime.client().user("ben").polling(true).connect("/");
        assertThat(counted("realtime.connections.opened")).isEqualTo(2);
        assertThat(gauge("realtime.connections", "transport", "websocket")).isEqualTo(1);
        assertThat(gauge("realtime.connections", "transport", "polling")).isEqualTo(1);
        assertThat(gauge("realtime.saturation", "resource", "connections")).isEqualTo(0.2);
        assertThat(gauge("realtime.sessions", "state", "live")).isEqualTo(2);
        ann.dropConnection();
        assertThat(gauge("realtime.sessions", "state", "live")).isEqualTo(1);
        assertThat(gauge("realtime.sessions", "state", "suspended")).isEqualTo(1);
        assertThat(counted("realtime.connections.closed", "reason", "transport_error"))
                .isEqualTo(1);
        assertThat(gauge("realtime.open")).isEqualTo(1);
        assertThat(gauge("realtime.degraded")).isZero();
    }

    @Test
    void whatIsRefusedForAReasonIsNotCountedAmongOthers() {
        metrics().bindTo(registry);
        for (int i = 0; i < 10; i++) {
            realtime.client().connect("/");
        }
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> realtime.client().connect("/")).hasMessageContaining("503");
        }
        assertThat(counted("realtime.connections.refused", "reason", "full")).isEqualTo(2);
        assertThat(counted("realtime.connections.refused", "reason", "other")).isZero();
    }

    @Test
    void metricsOfOneReadingAreOfOneMoment() {
        metrics().bindTo(registry);
        assertThat(counted("realtime.connections.opened")).isZero();
        realtime.connect("/", "ann");
        assertThat(registry.get("realtime.connections.opened").functionCounter().count())
                .isZero();
        assertThat(counted("realtime.connections.opened")).isEqualTo(1);
    }

    @Test
    void handlersAreTimedByContractAndOutcome() {
        metrics().bindTo(registry);
        TestClient ann = realtime.connect("/", "ann");
        ann.request(ECHO, new Text("hello"));
        ann.emit(SAY, new Text("hello"));
        ann.emit(SAY, new Text("no_way"));
        realtime.settle();
        assertThat(registry.get("realtime.handler")
                        .tags("event", "echo", "outcome", "handled")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("realtime.ack").tags("event", "echo").timer().count())
                .isEqualTo(1);
        assertThat(registry.get("realtime.handler")
                        .tags("event", "say", "outcome", "refused")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("realtime.refusals")
                        .tags("event", "say", "reason", "no_way")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("realtime.events.emitted")
                        .tags("event", "said", "kind", "reliable")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatClientsMakeUpIsOneLabel() {
        metrics().bindTo(registry);
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 5; i++) {
            ann.emitRaw("made-up-" + i);
        }
        realtime.settle();
        assertThat(registry.get("realtime.refusals")
                        .tags("event", "unknown", "reason", "unknown_event")
                        .counter()
                        .count())
                .isEqualTo(5);
        assertThat(labels("event")).doesNotContain("made-up-0");
    }

    @Test
    void reasonsOfTheApplicationAreBounded() {
        metrics().bindTo(registry);
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < EventMeters.MOST_REASONS + 15; i++) {
            ann.emit(SAY, new Text("no_" + i));
            realtime.settle();
        }
        assertThat(labels("reason").stream().filter(reason -> reason.startsWith("no_")))
                .hasSize(EventMeters.MOST_REASONS);
        assertThat(registry.get("realtime.refusals")
                        .tags("event", "say", "reason", "other")
                        .counter()
                        .count())
                .isEqualTo(15);
    }

    @Test
    void contractsAreBounded() {
        metrics().bindTo(registry);
        for (int i = 0; i < EventMeters.MOST_EVENTS + 100; i++) {
            realtime.namespace("/").emit(Event.of("event" + i, Text.class), new Text("hello"));
        }
        realtime.settle();
        assertThat(labels("event")).hasSize(EventMeters.MOST_EVENTS + 1).contains("other");
    }

    private Set<String> labels(String key) {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getTag(key))
                .filter(value -> value != null)
                .collect(Collectors.toSet());
    }

    @Test
    void rolesAreThoseThatAreToldApart() {
        metrics().roles("/", "admin", "player").bindTo(registry);
        realtime.client().auth("name", "ann").auth("roles", "player,admin").connect("/");
        realtime.client().auth("name", "ben").auth("roles", "player").connect("/");
        realtime.client().auth("name", "eve").auth("roles", "made-up").connect("/");
        assertThat(gauge("realtime.sessions.role", "namespace", "/", "role", "admin"))
                .isEqualTo(1);
        assertThat(gauge("realtime.sessions.role", "namespace", "/", "role", "player"))
                .isEqualTo(1);
        assertThat(gauge("realtime.sessions.role", "namespace", "/", "role", "other"))
                .isEqualTo(1);
        assertThat(labels("role")).containsExactlyInAnyOrder("admin", "player", "other");
    }

    @Test
    void mistakesAreToldAtOnce() {
        assertThatThrownBy(() -> metrics().roles("/nowhere", "admin"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/nowhere");
        assertThatThrownBy(() -> metrics().roles("/")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatATransportCountsIsThereToo() {
        metrics()
                .counters(() -> Map.of("http.requests", 7L, "log.lines.omitted", 2L))
                .gauges(() -> Map.of("http.connections", 3L))
                .tags(Tags.of("node", "a"))
                .bindTo(registry);
        assertThat(counted("realtime.http.requests", "node", "a")).isEqualTo(7);
        assertThat(counted("realtime.log.lines.omitted")).isEqualTo(2);
        assertThat(gauge("realtime.http.connections")).isEqualTo(3);
        assertThat(registry.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getTag("node")).isEqualTo("a"));
    }

    @Test
    void nothingIsLeftOfWhatIsClosed() {
        RealtimeMetrics metrics = metrics();
        metrics.bindTo(registry);
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        metrics.bindTo(other);
        TestClient ann = realtime.connect("/", "ann");
        ann.request(ECHO, new Text("hello"));
        assertThat(registry.getMeters()).hasSameSizeAs(other.getMeters());
        metrics.close();
        metrics.close();
        ann.request(ECHO, new Text("hello"));
        assertThat(registry.getMeters()).extracting(Meter::getId).isEmpty();
        assertThat(other.getMeters()).isEmpty();
    }
}
