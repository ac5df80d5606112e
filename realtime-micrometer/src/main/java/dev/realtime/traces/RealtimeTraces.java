package dev.realtime.traces;

import dev.realtime.EventRefusedException;
import dev.realtime.spi.EngineTracer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes observations of what an engine does. With Micrometer Tracing in the registry, over OpenTelemetry or Brave, they are spans, and a trace goes on from a client's handshake, through
 * handlers and what they emit, to other nodes.
 *
 * <pre>{@code
 * Realtime.builder().tracer(RealtimeTraces.of(observationRegistry));
 * }</pre>
 *
 * <p>The names are {@code realtime.handle}, {@code realtime.emit}, {@code realtime.deliver} and {@code realtime.ask}. Each has the keys {@code event}, a contract of the application, {@code
 * outcome} ({@code ok}, {@code refused}, {@code failed}) and, of high cardinality, {@code namespace}. A registry without handlers costs an event next to nothing. Thread-safe.
 */
public final class RealtimeTraces implements EngineTracer {
    private final ObservationRegistry registry;

    private RealtimeTraces(ObservationRegistry registry) {
        this.registry = registry;
    }

    /** Returns what makes observations in a registry. */
    public static RealtimeTraces of(ObservationRegistry registry) {
        return new RealtimeTraces(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public @Nullable Span begin(Work work, String namespace, String event, Map<String, String> cause) {
        if (registry.isNoop()) {
            return null;
        }
        Map<String, String> carrier = new HashMap<>(cause);
        String name = work.name().toLowerCase(Locale.ROOT);
        Observation observation = Observation.createNotStarted(
                        "realtime." + name, () -> context(work, carrier), registry)
                .contextualName(name + " " + event)
                .lowCardinalityKeyValue("event", event)
                .lowCardinalityKeyValue("outcome", "ok")
                .highCardinalityKeyValue("namespace", namespace)
                .start();
        return new ObservedSpan(observation, carrier);
    }

    private static Observation.Context context(Work work, Map<String, String> carrier) {
        if (work == Work.EMIT || work == Work.ASK) {
            SenderContext<Map<String, String>> sends = new SenderContext<>(
                    (into, key, value) -> Objects.requireNonNull(into).put(key, value),
                    work == Work.EMIT ? Kind.PRODUCER : Kind.CLIENT);
            sends.setCarrier(carrier);
            return sends;
        }
        ReceiverContext<Map<String, String>> receives = new ReceiverContext<>(
                (from, key) -> from.get(key.toLowerCase(Locale.ROOT)),
                work == Work.DELIVER ? Kind.CONSUMER : Kind.SERVER);
        receives.setCarrier(carrier);
        return receives;
    }

    /** One observation. */
    private record ObservedSpan(Observation observation, Map<String, String> carrier) implements Span {

        @Override
        public Scope enter() {
            Observation.Scope scope = observation.openScope();
            return scope::close;
        }

        @Override
        public Map<String, String> headers() {
            return Map.copyOf(carrier);
        }

        @Override
        public void end(@Nullable Throwable failure) {
            if (failure instanceof EventRefusedException) {
                observation.lowCardinalityKeyValue("outcome", "refused");
            } else if (failure != null) {
                observation.lowCardinalityKeyValue("outcome", "failed").error(failure);
            }
            observation.stop();
        }
    }
}
