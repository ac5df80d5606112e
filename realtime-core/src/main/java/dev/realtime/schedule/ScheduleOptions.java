package dev.realtime.schedule;

import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of a namespace's schedule. Immutable: start from {@link #DEFAULT}. All nodes that serve the namespace should have the same.
 *
 * <pre>{@code
 * game.schedule(ScheduleOptions.DEFAULT.maxEvents(100_000).longestDelay(Duration.ofDays(90)));
 * }</pre>
 */
public final class ScheduleOptions {
    /** 10,000 events of 16 MiB together, 100 of one user, 30 days ahead at most; what could not be emitted in time is emitted up to 7 days late. */
    public static final ScheduleOptions DEFAULT =
            new ScheduleOptions(10_000, 100, 16L << 20, Duration.ofDays(30), Duration.ofDays(7), Duration.ofSeconds(1));

    private final int maxEvents;
    private final int maxEventsPerUser;
    private final long maxBytes;
    private final Duration longestDelay;
    private final Duration lateBy;
    private final Duration lookEvery;

    private ScheduleOptions(
            int maxEvents,
            int maxEventsPerUser,
            long maxBytes,
            Duration longestDelay,
            Duration lateBy,
            Duration lookEvery) {
        this.maxEvents = maxEvents;
        this.maxEventsPerUser = maxEventsPerUser;
        this.maxBytes = maxBytes;
        this.longestDelay = longestDelay;
        this.lateBy = lateBy;
        this.lookEvery = lookEvery;
    }

    /** Returns how many events may wait in a namespace. */
    public int maxEvents() {
        return maxEvents;
    }

    /**
     * Sets how many events may wait in a namespace, on all nodes together. One more is refused with {@link ScheduleFullException}. Default: 10,000.
     *
     * @throws IllegalArgumentException if it is not between 1 and 10,000,000
     */
    public ScheduleOptions maxEvents(int count) {
        return new ScheduleOptions(
                Range.between(1, 10_000_000, "ScheduleOptions.maxEvents", count),
                maxEventsPerUser,
                maxBytes,
                longestDelay,
                lateBy,
                lookEvery);
    }

    /** Returns how many events of one user may wait in a namespace. */
    public int maxEventsPerUser() {
        return maxEventsPerUser;
    }

    /**
     * Sets how many events of one user may wait in a namespace, on all nodes together: those that are emitted through {@link dev.realtime.Session#room}, or are {@link
     * dev.realtime.Audience#from from} a session of the user. Anonymous clients of one address count together. One more is refused with {@link
     * dev.realtime.ErrorCode#TOO_MANY_SCHEDULED}, which a handler that lets it pass answers its client with. Default: 100.
     *
     * @throws IllegalArgumentException if it is not between 1 and 1,000
     */
    public ScheduleOptions maxEventsPerUser(int count) {
        return new ScheduleOptions(
                maxEvents,
                Range.between(1, 1_000, "ScheduleOptions.maxEventsPerUser", count),
                maxBytes,
                longestDelay,
                lateBy,
                lookEvery);
    }

    /** Returns how large those that wait may be together. */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * Sets how large all events that wait in a namespace may be together, in bytes. Default: 16 MiB.
     *
     * @throws IllegalArgumentException if it is less than 1,024
     */
    public ScheduleOptions maxBytes(long bytes) {
        return new ScheduleOptions(
                maxEvents,
                maxEventsPerUser,
                Range.atLeast(1_024L, "ScheduleOptions.maxBytes", bytes),
                longestDelay,
                lateBy,
                lookEvery);
    }

    /** Returns how far ahead an event may be scheduled. */
    public Duration longestDelay() {
        return longestDelay;
    }

    /**
     * Sets how far ahead an event may be scheduled. Default: 30 days.
     *
     * @throws IllegalArgumentException if it is not between 1 s and 3,650 days
     */
    public ScheduleOptions longestDelay(Duration delay) {
        Objects.requireNonNull(delay, "delay");
        Range.between(Duration.ofSeconds(1), Duration.ofDays(3_650), "ScheduleOptions.longestDelay", delay);
        return new ScheduleOptions(maxEvents, maxEventsPerUser, maxBytes, delay, lateBy, lookEvery);
    }

    /** Returns how late an event may be emitted. */
    public Duration lateBy() {
        return lateBy;
    }

    /**
     * Sets how late an event may be emitted when no node or no backend was there at its time; after that it is forgotten. Default: 7 days.
     *
     * @throws IllegalArgumentException if it is not between 1 min and 365 days
     */
    public ScheduleOptions lateBy(Duration time) {
        Objects.requireNonNull(time, "time");
        Range.between(Duration.ofMinutes(1), Duration.ofDays(365), "ScheduleOptions.lateBy", time);
        return new ScheduleOptions(maxEvents, maxEventsPerUser, maxBytes, longestDelay, time, lookEvery);
    }

    /** Returns how often each node looks at what other nodes have scheduled. */
    public Duration lookEvery() {
        return lookEvery;
    }

    /**
     * Sets how often each node looks at what other nodes have scheduled. The node that has scheduled an event emits it in time; if it is gone, the event is
     * late by a quarter of a second if another node has seen it coming, and by as much as this otherwise. A look is one small call of the backend. Default: 1 s.
     *
     * @throws IllegalArgumentException if it is not between 100 ms and 1 min
     */
    public ScheduleOptions lookEvery(Duration period) {
        Objects.requireNonNull(period, "period");
        Range.between(Duration.ofMillis(100), Duration.ofMinutes(1), "ScheduleOptions.lookEvery", period);
        return new ScheduleOptions(maxEvents, maxEventsPerUser, maxBytes, longestDelay, lateBy, period);
    }
}
