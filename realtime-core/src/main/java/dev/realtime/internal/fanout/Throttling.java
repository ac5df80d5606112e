package dev.realtime.internal.fanout;

import dev.realtime.internal.batches.EventBytes;
import dev.realtime.spi.EventData;
import java.time.Duration;
import java.util.Set;

/**
 * Which events of a namespace are throttled, and how.
 *
 * @param names of the events
 * @param mostKeys that are remembered for a recipient
 * @param mostBytes that wait for a recipient
 * @param tick the pace at which what waits is looked at
 * @param <M> the recipients
 */
public record Throttling<M>(Set<String> names, int mostKeys, int mostBytes, Duration tick, Interval<M> interval) {

    /** How long after an event a recipient is given none of the same key. */
    @FunctionalInterface
    public interface Interval<M> {
        /** In nanoseconds; zero or less for no time at all. */
        long after(M recipient, String key);
    }

    boolean concerns(EventData event) {
        EventBytes bytes = EventBytes.of(event.json());
        return bytes != null && names.contains(bytes.name());
    }
}
