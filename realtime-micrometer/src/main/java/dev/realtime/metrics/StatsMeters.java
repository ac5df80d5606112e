package dev.realtime.metrics;

import dev.realtime.Realtime;
import dev.realtime.Stats;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an engine and its transport count and measure by themselves. They are asked once for all metrics of one reading. Thread-safe. */
final class StatsMeters {
    /** Metrics that are read within this time are of one moment. */
    private static final long MOMENT = Duration.ofMillis(100).toNanos();

    private final Realtime realtime;
    private final Meters meters;
    private final List<Supplier<Map<String, Long>>> moreCounters;
    private final List<Supplier<Map<String, Long>>> moreGauges;
    private @Nullable Reading last; // guarded by this

    private record Reading(Stats stats, Map<String, Long> counters, Map<String, Long> gauges, long at) {}

    StatsMeters(
            Realtime realtime,
            Meters meters,
            List<Supplier<Map<String, Long>>> moreCounters,
            List<Supplier<Map<String, Long>>> moreGauges) {
        this.realtime = realtime;
        this.meters = meters;
        this.moreCounters = moreCounters;
        this.moreGauges = moreGauges;
    }

    void bind() {
        Reading first = read();
        first.counters().keySet().forEach(this::counter);
        first.gauges().keySet().forEach(this::gauge);
        meters.gauge("sessions", Tags.of("state", "live"), () -> {
            Stats stats = read().stats();
            return stats.sessions() - stats.suspended();
        });
        meters.gauge(
                "sessions", Tags.of("state", "suspended"), () -> read().stats().suspended());
        saturation("connections", "connections.limit");
        saturation("inbound", "inbound.limit");
        saturation("outbound", "outbound.limit");
        meters.gauge("open", Tags.empty(), () -> realtime.isOpen() ? 1 : 0);
        meters.gauge("degraded", Tags.empty(), () -> realtime.isDegraded() ? 1 : 0);
    }

    private void counter(String name) {
        StatsNames.Place place = StatsNames.counter(name);
        if (place != null) {
            meters.functionCounter(
                    place.metric(),
                    place.labels(),
                    () -> place.others() ? others(name) : value(read().counters(), name));
        }
    }

    private long others(String name) {
        Map<String, Long> all = read().counters();
        long named = all.entrySet().stream()
                .filter(each -> each.getKey().startsWith(name + "."))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return Math.max(0, value(all, name) - named);
    }

    private void gauge(String name) {
        StatsNames.Place place = StatsNames.gauge(name);
        meters.gauge(place.metric(), place.labels(), () -> value(read().gauges(), name));
    }

    /** How much of what is allowed is in use: the signal by which nodes are added and given up. */
    private void saturation(String resource, String limit) {
        meters.gauge("saturation", Tags.of("resource", resource), () -> {
            Reading now = read();
            long used = resource.equals("connections")
                    ? now.stats().connections()
                    : value(now.gauges(), resource + ".bytes");
            long allowed = value(now.gauges(), limit);
            return allowed == 0 ? 0 : (double) used / allowed;
        });
    }

    private static long value(Map<String, Long> values, String name) {
        return values.getOrDefault(name, 0L);
    }

    private synchronized Reading read() {
        long now = meters.now();
        Reading known = last;
        if (known == null || now - known.at() > MOMENT) {
            Stats stats = realtime.stats();
            known = new Reading(stats, merged(stats.counters(), moreCounters), merged(stats.gauges(), moreGauges), now);
            last = known;
        }
        return known;
    }

    private static Map<String, Long> merged(Map<String, Long> own, List<Supplier<Map<String, Long>>> more) {
        Map<String, Long> all = new TreeMap<>(own);
        for (Supplier<Map<String, Long>> each : more) {
            each.get().forEach((name, value) -> all.merge(name, value, Long::sum));
        }
        return all;
    }
}
