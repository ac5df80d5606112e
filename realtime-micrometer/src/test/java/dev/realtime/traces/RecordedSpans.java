package dev.realtime.traces;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes spans of observations and keeps those that have ended, as a tracer of W3C's with an exporter in memory. */
final class RecordedSpans {
    /**
     * One span.
     *
     * @param parent its id; empty at the beginning of a trace
     */
    record Span(
            String node,
            String name,
            String trace,
            String id,
            String parent,
            @Nullable Throwable error) {}

    /** Where a span stands. */
    private record Place(String trace, String id, String parent) {}

    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Span> ended = new CopyOnWriteArrayList<>();

    List<Span> ended() {
        return ended;
    }

    Span one(String node, String name) {
        List<Span> found = ended.stream()
                .filter(span -> span.node().equals(node) && span.name().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(name + " on " + node + " is not one of " + ended);
        }
        return found.get(0);
    }

    ObservationRegistry registry(String node) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new Handler(node));
        return registry;
    }

    private final class Handler implements ObservationHandler<Observation.Context> {
        private final String node;

        Handler(String node) {
            this.node = node;
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        @Override
        public void onStart(Observation.Context context) {
            Place place = place(context);
            context.put(Place.class, place);
            if (context instanceof SenderContext<?> sends) {
                inject(sends, "00-" + place.trace + "-" + place.id + "-01");
            }
        }

        private Place place(Observation.Context context) {
            String id = String.format("%016x", numbers.incrementAndGet());
            String sent = context instanceof ReceiverContext<?> receives ? extract(receives) : null;
            if (sent != null) {
                return new Place(sent.substring(3, 35), id, sent.substring(36, 52));
            }
            ObservationView around = context.getParentObservation();
            if (around != null) {
                Place parent = around.getContextView().getRequired(Place.class);
                return new Place(parent.trace, id, parent.id);
            }
            return new Place(String.format("%032x", numbers.incrementAndGet()), id, "");
        }

        private static <C> @Nullable String extract(ReceiverContext<C> receives) {
            return receives.getGetter().get(receives.getCarrier(), "traceparent");
        }

        private static <C> void inject(SenderContext<C> sends, String parent) {
            sends.getSetter().set(sends.getCarrier(), "traceparent", parent);
        }

        @Override
        public void onStop(Observation.Context context) {
            Place place = context.getRequired(Place.class);
            ended.add(new Span(
                    node,
                    String.valueOf(context.getContextualName()),
                    place.trace,
                    place.id,
                    place.parent,
                    context.getError()));
        }
    }
}
