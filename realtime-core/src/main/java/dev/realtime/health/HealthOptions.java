package dev.realtime.health;

import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What belongs to the health of a node, and from where on it is ill. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * Realtime.builder().health(HealthOptions.DEFAULT
 *         .maxEventsPerMinute(200_000)
 *         .check("database", () -> database.isValid(1) ? HealthCheck.passed() : HealthCheck.failed("no connection")));
 * }</pre>
 */
public final class HealthOptions {
    /** The checks {@code backend}, {@code connections} above 90 %, {@code memory} above 90 %, {@code event_rate} above 50,000 a minute; each has two seconds. */
    public static final HealthOptions DEFAULT =
            new HealthOptions(0.9, 0.9, 50_000, Duration.ofSeconds(2), Duration.ofSeconds(1), Map.of());

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");
    private static final int MOST_CHECKS = 32;

    private final double connections;
    private final double memory;
    private final long eventsPerMinute;
    private final Duration timeout;
    private final Duration keptFor;
    private final Map<String, HealthCheck> checks;

    private HealthOptions(
            double connections,
            double memory,
            long eventsPerMinute,
            Duration timeout,
            Duration keptFor,
            Map<String, HealthCheck> checks) {
        this.connections = connections;
        this.memory = memory;
        this.eventsPerMinute = eventsPerMinute;
        this.timeout = timeout;
        this.keptFor = keptFor;
        this.checks = checks;
    }

    /** Returns above which part of its connections the check {@code connections} fails. */
    public double maxConnections() {
        return connections;
    }

    /**
     * Sets above which part of {@link dev.realtime.limits.Limits#maxConnections()} the check {@code connections} fails. Default: 0.9.
     *
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public HealthOptions maxConnections(double part) {
        Range.check(part >= 0 && part <= 1, "HealthOptions.maxConnections", "between 0 and 1", part);
        return new HealthOptions(part, memory, eventsPerMinute, timeout, keptFor, checks);
    }

    /** Returns above which part of its heap the check {@code memory} fails. */
    public double maxMemory() {
        return memory;
    }

    /**
     * Sets above which part of the heap the check {@code memory} fails. What counts is what was in use behind the last collection. Default: 0.9.
     *
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public HealthOptions maxMemory(double part) {
        Range.check(part >= 0 && part <= 1, "HealthOptions.maxMemory", "between 0 and 1", part);
        return new HealthOptions(connections, part, eventsPerMinute, timeout, keptFor, checks);
    }

    /** Returns above how many events of clients in a minute the check {@code event_rate} fails. */
    public long maxEventsPerMinute() {
        return eventsPerMinute;
    }

    /**
     * Sets above how many events of clients in a minute the check {@code event_rate} fails. Default: 50,000, which is little for this library: set what your node was
     * measured to bear.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HealthOptions maxEventsPerMinute(long events) {
        Range.atLeast(1L, "HealthOptions.maxEventsPerMinute", events);
        return new HealthOptions(connections, memory, events, timeout, keptFor, checks);
    }

    /** Returns how long a check of the application may take. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Sets how long a check of the application may take before it has failed. Default: 2 s.
     *
     * @throws IllegalArgumentException if it is not between 10 ms and 1 min
     */
    public HealthOptions timeout(Duration patience) {
        Objects.requireNonNull(patience, "patience");
        Range.between(Duration.ofMillis(10), Duration.ofMinutes(1), "HealthOptions.timeout", patience);
        return new HealthOptions(connections, memory, eventsPerMinute, patience, keptFor, checks);
    }

    /** Returns how long a report is given to whoever asks. */
    public Duration keptFor() {
        return keptFor;
    }

    /**
     * Sets how long a report is given to whoever asks, before the checks are made again: however many ask, a check is called no more often than that. Default: 1 s.
     *
     * @throws IllegalArgumentException if it is not between 0 s and 1 h
     */
    public HealthOptions keptFor(Duration time) {
        Objects.requireNonNull(time, "time");
        Range.between(Duration.ZERO, Duration.ofHours(1), "HealthOptions.keptFor", time);
        return new HealthOptions(connections, memory, eventsPerMinute, timeout, time, checks);
    }

    /** Returns the checks of the application by name. */
    public Map<String, HealthCheck> checks() {
        return checks;
    }

    /**
     * Adds a check of the application, or replaces the one of that name.
     *
     * @param name lower-case letters, digits and {@code _ . -}, 64 at most
     * @throws IllegalArgumentException if it is no such name, if it is one of the engine's own checks, or if there are 32 already
     */
    public HealthOptions check(String name, HealthCheck check) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(check, "check");
        Range.check(
                NAME.matcher(name).matches(),
                "HealthOptions.check",
                "named with lower-case letters, digits and _ . -, 64 at most",
                name);
        Range.check(
                !EngineCheck.isName(name), "HealthOptions.check", "named otherwise than the engine's own checks", name);
        Map<String, HealthCheck> more = new TreeMap<>(checks);
        more.put(name, check);
        Range.check(more.size() <= MOST_CHECKS, "HealthOptions.check", "given 32 times at most", more.size());
        return new HealthOptions(
                connections, memory, eventsPerMinute, timeout, keptFor, Collections.unmodifiableMap(more));
    }
}
