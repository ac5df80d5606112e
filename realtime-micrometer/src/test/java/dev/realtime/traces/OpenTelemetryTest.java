package dev.realtime.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Micrometer Tracing makes of an engine's observations over OpenTelemetry, with an exporter in memory for two nodes. */
class OpenTelemetryTest {
    private record Text(String text) {}

    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Event<Text> SAID = Event.of("said", Text.class);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final AttributeKey<String> NODE = AttributeKey.stringKey("service.name");
    private static final AttributeKey<String> EVENT = AttributeKey.stringKey("event");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private int nodes;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game).allowHandlerFailures();

    private RealtimeBuilder game() {
        return Realtime.builder()
                .tracer(RealtimeTraces.of(registry("node" + nodes++)))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("zone:lobby"))
                                .on(SAY, OpenTelemetryTest::say));
    }

    private static void say(Session session, Text text) {
        if (text.text().equals("broken")) {
            throw new IllegalStateException("broken");
        }
        session.room("zone:lobby").emit(SAID, text);
    }

    /** As Spring Boot has it with {@code micrometer-tracing-bridge-otel} on its class path. */
    private ObservationRegistry registry(String node) {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.builder().put(NODE, node).build())
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build();
        io.opentelemetry.api.trace.Tracer made = provider.get("realtime");
        Tracer tracer = new OtelTracer(made, new OtelCurrentTraceContext(), event -> {});
        Propagator propagator =
                new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), made);
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig()
                .observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        return registry;
    }

    private TestClient client() {
        TestClient client = cluster.client(0)
                .header("traceparent", "00-" + TRACE + "-" + PARENT + "-01")
                .header("tracestate", "vendor=value")
                .connect("/");
        cluster.connect(1, "/", "bob");
        cluster.settle();
        return client;
    }

    private SpanData one(String node, String name) {
        List<SpanData> found = spans.getFinishedSpanItems().stream()
                .filter(span -> name.equals(span.getName()))
                .filter(span -> node.equals(span.getResource().getAttribute(NODE)))
                .toList();
        assertThat(found).as("%s on %s", name, node).hasSize(1);
        return found.get(0);
    }

    @Test
    void oneTraceGoesFromAClientOverTwoNodes() {
        client().emit(SAY, new Text("hello"));
        cluster.settle();
        SpanData handled = one("node0", "handle say");
        SpanData emitted = one("node0", "emit said");
        SpanData here = one("node0", "deliver said");
        SpanData there = one("node1", "deliver said");
        assertThat(spans.getFinishedSpanItems())
                .hasSize(4)
                .allMatch(span -> span.getTraceId().equals(TRACE))
                .allMatch(span ->
                        "value".equals(span.getSpanContext().getTraceState().get("vendor")));
        assertThat(handled.getParentSpanId()).isEqualTo(PARENT);
        assertThat(emitted.getParentSpanId()).isEqualTo(handled.getSpanId());
        assertThat(List.of(here.getParentSpanId(), there.getParentSpanId())).containsOnly(emitted.getSpanId());
        assertThat(List.of(handled.getKind(), emitted.getKind(), there.getKind()))
                .containsExactly(SpanKind.SERVER, SpanKind.PRODUCER, SpanKind.CONSUMER);
        assertThat(handled.getAttributes().get(EVENT)).isEqualTo("say");
        assertThat(handled.getAttributes().get(OUTCOME)).isEqualTo("ok");
    }

    @Test
    void aHandlerThatThrowsIsAnError() {
        client().emit(SAY, new Text("broken"));
        cluster.settle();
        SpanData handled = one("node0", "handle say");
        assertThat(handled.getStatus().getStatusCode())
                .isEqualTo(StatusData.error().getStatusCode());
        assertThat(handled.getAttributes().get(OUTCOME)).isEqualTo("failed");
    }

    @Test
    void withoutAParentEachEventBeginsATrace() {
        TestClient client = cluster.client(0).connect("/");
        client.emit(SAY, new Text("hello"));
        client.emit(SAY, new Text("hello"));
        cluster.settle();
        assertThat(spans.getFinishedSpanItems().stream()
                        .map(SpanData::getTraceId)
                        .distinct())
                .hasSize(2);
    }
}
