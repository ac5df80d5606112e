package dev.realtime.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.traces.RecordedSpans.Span;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A trace goes through an engine and to other nodes. */
class RealtimeTracesTest {
    private record Text(String text) {}

    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Event<Text> SAID = Event.of("said", Text.class);
    private static final Request<Text, Text> READY = Request.of("ready", Text.class, Text.class);
    private static final Request<Text, Text> SUM = Request.of("sum", Text.class, Text.class);
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final RecordedSpans spans = new RecordedSpans();
    private final List<String> heard = new ArrayList<>();
    private CompletableFuture<Text> later = new CompletableFuture<>();
    private int nodes;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game).allowHandlerFailures();

    private RealtimeBuilder game() {
        ObservationRegistry registry = spans.registry("node" + nodes++);
        return Realtime.builder()
                .tracer(RealtimeTraces.of(registry))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("zone:lobby"))
                                .onHeaders((event, headers, position) -> heard.add(headers.get("traceparent")))
                                .onServer(SUM, (from, text) -> text)
                                .onAsync(LATER, (session, text) -> later)
                                .on(SAY, this::say));
    }

    private void say(Session session, Text text) {
        switch (text.text()) {
            case "no" -> throw new EventRefusedException("no", "no");
            case "broken" -> throw new IllegalStateException("broken");
            case "ask" -> ignored(session.request(READY, text, Duration.ofSeconds(5)));
            case "servers" -> ignored(session.namespace().serverRequest(SUM, text, Duration.ofSeconds(5)));
            case "own" ->
                session.room("zone:lobby").header("traceparent", "mine").emit(SAID, text);
            default -> session.room("zone:lobby").emit(SAID, text);
        }
    }

    private static void ignored(CompletionStage<?> stage) {}

    private TestClient client(String parent) {
        TestClient client = cluster.client(0).header("traceparent", parent).connect("/");
        cluster.connect(1, "/", "bob");
        cluster.settle();
        return client;
    }

    @Test
    void oneTraceGoesFromAClientOverTwoNodes() {
        client(PARENT).emit(SAY, new Text("hello"));
        cluster.settle();
        Span handled = spans.one("node0", "handle say");
        Span emitted = spans.one("node0", "emit said");
        Span delivered = spans.one("node1", "deliver said");
        assertThat(List.of(handled, emitted, delivered, spans.one("node0", "deliver said")))
                .allMatch(span -> span.trace().equals(TRACE));
        assertThat(handled.parent()).isEqualTo("00f067aa0ba902b7");
        assertThat(emitted.parent()).isEqualTo(handled.id());
        assertThat(delivered.parent()).isEqualTo(emitted.id());
    }

    @Test
    void itGoesToTheApplicationOnOtherNodes() {
        client(PARENT).emit(SAY, new Text("servers"));
        cluster.settle();
        Span asked = spans.one("node0", "ask sum");
        Span answered = spans.one("node1", "handle sum");
        assertThat(asked.parent()).isEqualTo(spans.one("node0", "handle say").id());
        assertThat(answered.parent()).isEqualTo(asked.id());
        assertThat(answered.trace()).isEqualTo(TRACE);
    }

    @Test
    void aQuestionLastsUntilItIsAnswered() {
        TestClient client = client(PARENT);
        client.emit(SAY, new Text("ask"));
        cluster.settle();
        assertThat(spans.ended()).noneMatch(span -> span.name().equals("ask ready"));
        cluster.advance(Duration.ofSeconds(6));
        Span asked = spans.one("node0", "ask ready");
        assertThat(asked.parent()).isEqualTo(spans.one("node0", "handle say").id());
        assertThat(asked.error()).isNotNull();
    }

    @Test
    void aHandlerThatAnswersLaterLastsUntilThen() {
        TestClient client = client(PARENT);
        client.ask(LATER, new Text("now"));
        cluster.settle();
        assertThat(spans.ended()).isEmpty();
        later.complete(new Text("then"));
        cluster.settle();
        assertThat(spans.one("node0", "handle later").parent()).isEqualTo("00f067aa0ba902b7");
    }

    @Test
    void whatFailsIsAnErrorAndWhatIsRefusedIsNone() {
        TestClient client = client(PARENT);
        client.emit(SAY, new Text("no"));
        cluster.settle();
        assertThat(spans.one("node0", "handle say").error()).isNull();
        spans.ended().clear();
        client.emit(SAY, new Text("broken"));
        cluster.settle();
        assertThat(spans.one("node0", "handle say").error()).hasMessage("broken");
    }

    @Test
    void theQueryServesWhereAPageCannotSetHeaders() {
        TestClient client = cluster.client(0).query("traceparent", PARENT).connect("/");
        client.emit(SAY, new Text("hello"));
        cluster.settle();
        assertThat(spans.one("node0", "handle say").trace()).isEqualTo(TRACE);
    }

    @Test
    void whatIsMalformedIsIgnored() {
        for (String bad : List.of(
                "",
                "x".repeat(100_000),
                PARENT.toUpperCase(java.util.Locale.ROOT),
                PARENT + "-more",
                PARENT.replace(TRACE, "0".repeat(32)),
                PARENT.replace("00f067aa0ba902b7", "0".repeat(16)),
                "ff" + PARENT.substring(2),
                PARENT + "\r\nX: y")) {
            spans.ended().clear();
            cluster.client(0).query("traceparent", bad).connect("/").emit(SAY, new Text("hello"));
            cluster.settle();
            assertThat(spans.one("node0", "handle say").parent()).as(bad).isEmpty();
        }
    }

    @Test
    void theApplicationsOwnHeaderHolds() {
        client(PARENT).emit(SAY, new Text("own"));
        cluster.settle();
        assertThat(heard).containsOnly("mine");
        assertThat(spans.ended()).extracting(Span::name).containsExactly("handle say");
    }

    @Test
    void nothingIsLeftOnTheThreadsOfTheEngine() {
        TestClient client = client(PARENT);
        client.emit(SAY, new Text("hello"));
        client.emit(SAY, new Text("broken"));
        client.ask(LATER, new Text("now"));
        cluster.settle();
        cluster.node(0).realtime().namespace("/").room("zone:lobby").emit(SAID, new Text("hello"));
        cluster.settle();
        assertThat(spans.ended())
                .filteredOn(span -> span.name().equals("emit said"))
                .hasSize(2)
                .last()
                .satisfies(span -> assertThat(span.parent()).isEmpty());
    }

    @Test
    void aSessionThatGoesOnAtAnotherNodeIsOfTheTraceThatItCameBackWith() {
        TestClient client = client(PARENT);
        client.dropConnection();
        cluster.settle();
        client.reconnect(1);
        client.emit(SAY, new Text("hello"));
        cluster.settle();
        assertThat(client.recovered()).isTrue();
        assertThat(spans.one("node1", "handle say").trace()).isEqualTo(TRACE);
    }
}
