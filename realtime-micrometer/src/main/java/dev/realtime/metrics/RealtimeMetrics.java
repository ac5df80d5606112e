package dev.realtime.metrics;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.spi.Registration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The metrics of an engine, for any registry of Micrometer.
 *
 * <pre>{@code
 * PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
 * RealtimeMetrics.of(realtime).bindTo(registry);
 * }</pre>
 *
 * <p>In Spring Boot it is a bean; the registry finds it. Each metric, its labels and its meaning are in {@code docs/metrics.md}.
 *
 * <p>All names begin with {@code realtime.}. Labels never come from clients: events are named by contracts of the application, at most
 * {@value EventMeters#MOST_EVENTS} of them ({@code other} are the rest), and {@code unknown} is what has no contract; reasons are those of the library, and at most
 * {@value EventMeters#MOST_REASONS} of the application's own.
 *
 * <p>What the engine counts by itself is read when the registry is, once for all metrics of one reading. What it does not is told to an {@linkplain
 * Realtime#observe observer}, from {@link #bindTo} to {@link #close}.
 *
 * <p>Options make a new object; they hold for what is bound afterwards. Thread-safe.
 */
public final class RealtimeMetrics implements MeterBinder, AutoCloseable {
    private final Realtime realtime;
    private final Tags tags;
    private final List<Supplier<Map<String, Long>>> counters;
    private final List<Supplier<Map<String, Long>>> gauges;
    private final Map<String, List<String>> roles;
    private final List<Registration> bound; // guarded by itself; shared with those it was made of

    private RealtimeMetrics(
            Realtime realtime,
            Tags tags,
            List<Supplier<Map<String, Long>>> counters,
            List<Supplier<Map<String, Long>>> gauges,
            Map<String, List<String>> roles,
            List<Registration> bound) {
        this.realtime = realtime;
        this.tags = tags;
        this.counters = counters;
        this.gauges = gauges;
        this.roles = roles;
        this.bound = bound;
    }

    /** Returns the metrics of an engine, without labels of their own and without roles. */
    public static RealtimeMetrics of(Realtime realtime) {
        Objects.requireNonNull(realtime, "realtime");
        return new RealtimeMetrics(realtime, Tags.empty(), List.of(), List.of(), Map.of(), new ArrayList<>());
    }

    /**
     * Adds labels to every metric, such as the name of the node where one registry has several.
     *
     * @param more beside those that were given before
     */
    public RealtimeMetrics tags(Iterable<Tag> more) {
        Objects.requireNonNull(more, "more");
        return new RealtimeMetrics(realtime, tags.and(more), counters, gauges, roles, bound);
    }

    /**
     * Adds what a transport counts beside the engine, such as {@code StandaloneServer.counters()}. The names become those of metrics, behind {@code realtime.}, and one
     * that the engine has too is added to its.
     *
     * @param more the same names each time; values only grow
     */
    public RealtimeMetrics counters(Supplier<Map<String, Long>> more) {
        return new RealtimeMetrics(realtime, tags, with(counters, more), gauges, roles, bound);
    }

    /**
     * Adds what a transport measures beside the engine, such as {@code StandaloneServer.gauges()}.
     *
     * @param more the same names each time
     */
    public RealtimeMetrics gauges(Supplier<Map<String, Long>> more) {
        return new RealtimeMetrics(realtime, tags, counters, with(gauges, more), roles, bound);
    }

    /**
     * Counts the connected sessions of a namespace by role: {@code realtime.sessions.role}. A session is counted under the first of these that its principal has, and
     * under {@code other} if it has none of them. Each reading looks at every session of this node.
     *
     * @param namespace one with a name of its own; given again, its roles are replaced
     * @param named the roles that are told apart, at least one; the most telling first
     * @throws IllegalArgumentException if there is no such namespace, or no role
     */
    public RealtimeMetrics roles(String namespace, String... named) {
        Objects.requireNonNull(namespace, "namespace");
        List<String> told = List.of(named);
        if (told.isEmpty()) {
            throw new IllegalArgumentException("roles must be at least one, but there is none");
        }
        Namespace known = realtime.namespace(namespace);
        Map<String, List<String>> all = new TreeMap<>(roles);
        all.put(known.name(), told);
        return new RealtimeMetrics(realtime, tags, counters, gauges, all, bound);
    }

    private static <T> List<T> with(List<T> some, T more) {
        List<T> all = new ArrayList<>(some);
        all.add(Objects.requireNonNull(more, "more"));
        return List.copyOf(all);
    }

    /** Registers the metrics, and observes the engine from now on. A registry is given them once; several registries may be. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        Meters meters = new Meters(registry, tags);
        new StatsMeters(realtime, meters, counters, gauges).bind();
        roles.forEach((namespace, named) -> new RoleMeters(realtime.namespace(namespace), named).bind(meters));
        Registration observed = realtime.observe(new EventMeters(meters));
        synchronized (bound) {
            bound.add(() -> {
                observed.close();
                meters.removeAll();
            });
        }
    }

    /** Ends observing, and removes what was registered. The engine goes on. Idempotent. */
    @Override
    public void close() {
        List<Registration> all;
        synchronized (bound) {
            all = List.copyOf(bound);
            bound.clear();
        }
        all.forEach(Registration::close);
    }
}
