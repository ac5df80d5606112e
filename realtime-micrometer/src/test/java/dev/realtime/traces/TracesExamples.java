package dev.realtime.traces;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import io.micrometer.observation.ObservationRegistry;

/** What docs/traces.md shows. */
final class TracesExamples {
    private TracesExamples() {}

    static RealtimeBuilder game(ObservationRegistry observationRegistry) {
        return Realtime.builder().tracer(RealtimeTraces.of(observationRegistry)).namespace("/", game -> {});
    }
}
