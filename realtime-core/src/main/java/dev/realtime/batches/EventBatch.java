package dev.realtime.batches;

import dev.realtime.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch as a client gets it, for clients and tests in Java.
 *
 * <pre>{@code
 * EventBatch batch = client.next(EventBatch.EVENT);
 * for (EventBatch.Group group : batch.events()) {
 *     group.data().forEach(data -> handle(group.type(), data));
 * }
 * }</pre>
 *
 * @param timestamp when the last of its events came to the node, in milliseconds since 1970
 * @param events in order; neighbours of the same type are one group
 */
public record EventBatch(long timestamp, List<Group> events) {
    /** The event that carries it, under the name that {@link Batches} have by default. */
    public static final Event<EventBatch> EVENT = Event.of("batch:events", EventBatch.class);

    public EventBatch {
        events = List.copyOf(events);
    }

    /**
     * Consecutive events of one type.
     *
     * @param type the name of the events
     * @param count how many they are
     * @param data of each event its payload, or the list of its arguments, as JSON is read: maps, lists, text, numbers
     */
    public record Group(String type, int count, List<@Nullable Object> data) {}
}
