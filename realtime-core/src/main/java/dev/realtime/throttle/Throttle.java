package dev.realtime.throttle;

import dev.realtime.Event;
import dev.realtime.Session;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How often each client of a namespace gets volatile events of one key. Immutable: start from {@link #of}.
 *
 * <pre>{@code
 * game.throttle(Throttle.of(MOVED)
 *         .atMostEvery((session, player) -> world.areNear(session.principal().id(), player) ? NEAR : FAR));
 * }</pre>
 *
 * <p>It is for events of these contracts that are emitted volatile with a {@linkplain dev.realtime.VolatileAudience#coalesce key}. The first of a key reaches a client at once.
 * What follows within the interval waits, of each key the latest alone, and leaves when the interval is over: the last event always arrives, unless its recipient has left the audience or
 * its connection by then, or its outbox is full. Reliable events, and volatile ones without a key, are not affected.
 *
 * <p>What waits leaves at the {@linkplain dev.realtime.NamespaceSetup#tick tick} of the namespace, or every {@link #TICK} if it has none, so an interval is rounded up to whole ticks.
 * Intervals are counted on each node: a session that moves to another one may get an event of a key sooner, once.
 */
public final class Throttle {
    /** How often what waits is looked at in a namespace without a tick of its own. */
    public static final Duration TICK = Duration.ofMillis(25);
    /** Bytes of events that wait for one client at most; what finds no room leaves at once. */
    public static final int BYTES = 256 << 10;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final List<Event<?>> events;
    private final Interval interval;
    private final int most;

    /** How long after an event a client gets none of the same key. */
    @FunctionalInterface
    public interface Interval {
        /**
         * Returns how long this client, which is being given an event, gets no other of the same key. Called once for each event that leaves, on the one thread that delivers for the
         * namespace: it must be quick, and must not block.
         *
         * @param session the client's
         * @param key as the event was emitted with
         * @return none with zero or less; more than 10 s count as 10 s. A failure, and null, count as 100 ms and are logged
         */
        Duration after(Session session, String key);
    }

    private Throttle(List<Event<?>> events, Interval interval, int most) {
        this.events = events;
        this.interval = interval;
        this.most = most;
    }

    /**
     * Returns a throttle of these events, at most every 100 ms.
     *
     * @throws IllegalArgumentException if there are none, or one twice
     */
    public static Throttle of(Event<?>... events) {
        Objects.requireNonNull(events, "events");
        List<Event<?>> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Event<?> event : events) {
            Objects.requireNonNull(event, "event");
            Range.check(names.add(event.name()), "Throttle.of", "each event once", event.name() + " again");
            all.add(event);
        }
        Range.check(!all.isEmpty(), "Throttle.of", "one event at least", "none");
        Duration usual = Duration.ofMillis(100);
        return new Throttle(List.copyOf(all), (session, key) -> usual, 1_024);
    }

    /** Returns the events that are throttled. */
    public List<Event<?>> events() {
        return events;
    }

    /** Returns how long after an event a client gets none of the same key. */
    public Interval interval() {
        return interval;
    }

    /**
     * Sets how long after an event a client gets none of the same key, for all clients and keys.
     *
     * @param value from 1 ms to 10 s; default 100 ms
     * @throws IllegalArgumentException if the value is out of range
     */
    public Throttle atMostEvery(Duration value) {
        Objects.requireNonNull(value, "value");
        Duration same = Range.between(Duration.ofMillis(1), LONGEST, "Throttle.atMostEvery", value);
        return new Throttle(events, (session, key) -> same, most);
    }

    /**
     * Sets how long after an event a client gets none of the same key, for each client and key: who is far from a player need not know as often where it is.
     *
     * @param value default: 100 ms for all
     */
    public Throttle atMostEvery(Interval value) {
        return new Throttle(events, Objects.requireNonNull(value, "value"), most);
    }

    /** Returns how many keys are remembered for a client at most. */
    public int most() {
        return most;
    }

    /**
     * Sets how many keys are remembered for a client at most, each until its interval is over. Events of further ones are not throttled.
     *
     * @param keys from 1 to 65,536; default 1,024
     * @throws IllegalArgumentException if the value is out of range
     */
    public Throttle most(int keys) {
        return new Throttle(events, interval, Range.between(1, 65_536, "Throttle.most", keys));
    }

    @Override
    public String toString() {
        return "Throttle[events=" + events + ", most=" + most + "]";
    }
}
