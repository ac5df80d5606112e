package dev.realtime.batches;

import dev.realtime.Event;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which events of a namespace reach a client gathered into one. Immutable: start from {@link #of}.
 *
 * <pre>{@code
 * game.batches(Batches.of(MOVED, HEALTH).within(Duration.ofMillis(50)).most(64));
 * }</pre>
 *
 * <p>Events of these contracts wait for up to {@link #within}, and then leave together as one event named {@link #name}:
 *
 * <pre>{@code
 * {"timestamp": 1764262800000, "events": [
 *   {"type": "moved", "count": 2, "data": [{"player": "u7", "x": 3}, {"player": "u8", "x": 9}]},
 *   {"type": "health", "count": 1, "data": [{"player": "u7", "hp": 80}]}]}
 * }</pre>
 *
 * <p>Only neighbours of the same type share a group, so whoever goes through it from the front has each event where it would have been without batches.
 * {@code timestamp} is when the last of its events came to this node, in milliseconds since 1970. In {@code data} an event is its payload, if its contract has one argument, and else the array of its arguments.
 *
 * <p>Nothing overtakes what waits: any other event to the same client, and any acknowledgement, sends the batch off first and leaves with it in one write. Events
 * that are emitted volatile, that carry binary data, or whose arguments are not those of the contract (another server emitted them) are never batched: they arrive under their
 * own name, in their place. {@link EventBatch} reads a batch in Java.
 */
public final class Batches {
    /** What an official client may have to take at once: a batch holds no more bytes of payloads, unless one event alone does. */
    public static final int BYTES = 64 << 10;

    private final List<Event<?>> events;
    private final Duration within;
    private final int most;
    private final String name;

    private Batches(List<Event<?>> events, Duration within, int most, String name) {
        this.events = events;
        this.within = within;
        this.most = most;
        this.name = name;
        for (Event<?> event : events) {
            Range.check(!event.name().equals(name), "Batches.name", "none of the events in it", "'" + name + "'");
        }
    }

    /**
     * Returns batches of these events, of up to 64 within 50 ms, named {@code batch:events}.
     *
     * @throws IllegalArgumentException if there are none, or one twice
     */
    public static Batches of(Event<?>... events) {
        Objects.requireNonNull(events, "events");
        List<Event<?>> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Event<?> event : events) {
            Objects.requireNonNull(event, "event");
            Range.check(names.add(event.name()), "Batches.of", "each event once", event.name() + " again");
            all.add(event);
        }
        Range.check(!all.isEmpty(), "Batches.of", "one event at least", "none");
        return new Batches(List.copyOf(all), Duration.ofMillis(50), 64, "batch:events");
    }

    /** Returns the events that are batched. */
    public List<Event<?>> events() {
        return events;
    }

    /** Returns how long an event waits for others. */
    public Duration within() {
        return within;
    }

    /**
     * Sets how long an event waits for others at most; one that {@linkplain Event#expiresAfter expires}, for half of what is left of its life. All clients of a namespace on a node get their batches at the same time.
     *
     * @param value from 1 ms to 10 s; default 50 ms
     * @throws IllegalArgumentException if the value is out of range
     */
    public Batches within(Duration value) {
        Objects.requireNonNull(value, "within");
        return new Batches(
                events,
                Range.between(Duration.ofMillis(1), Duration.ofSeconds(10), "Batches.within", value),
                most,
                name);
    }

    /** Returns how many events a batch holds at most. */
    public int most() {
        return most;
    }

    /**
     * Sets how many events a batch holds at most: when as many wait for a client they leave at once. The same holds for {@link #BYTES}.
     *
     * @param value from 2 to 1,024; default 64
     * @throws IllegalArgumentException if the value is out of range
     */
    public Batches most(int value) {
        return new Batches(events, within, Range.between(2, 1_024, "Batches.most", value), name);
    }

    /** Returns the name under which a batch arrives. */
    public String name() {
        return name;
    }

    /**
     * Sets the name under which a batch arrives.
     *
     * @param value as of any {@link Event}; default {@code batch:events}
     * @throws IllegalArgumentException if no event may have that name, or one of the batched events has it
     */
    public Batches name(String value) {
        return new Batches(events, within, most, Event.of(value).name());
    }

    @Override
    public String toString() {
        return "Batches[events=" + events + ", within=" + within + ", most=" + most + ", name=" + name + "]";
    }
}
