package dev.realtime.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Position;
import dev.realtime.testkit.ReceivedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes a batch apart, as a client does. */
final class ReceivedBatch {
    private ReceivedBatch() {}

    /** The events of a batch in order. Its offset is that of the last; the others had theirs in the log only. */
    static List<ReceivedEvent> unpacked(ReceivedEvent batch, Map<Integer, Position> places) {
        List<ReceivedEvent> events = new ArrayList<>();
        for (JsonNode group : batch.arguments().get(0).path("events")) {
            for (JsonNode data : group.path("data")) {
                Position place = places.get(data.path("n").asInt());
                events.add(new ReceivedEvent(
                        group.path("type").asText(), List.of(data), place == null ? null : place.toString(), null));
            }
        }
        ReceivedEvent last = events.remove(events.size() - 1);
        events.add(new ReceivedEvent(last.name(), last.arguments(), batch.offset(), null));
        return events;
    }
}
