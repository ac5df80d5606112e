package dev.realtime.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Under which metric a counter of the engine is found: where its name ends with a reason, that is a label. */
final class StatsNames {
    /** Sums of what is told apart. */
    private static final Set<String> SUMS = Set.of("sessions.closed", "sessions.fresh");

    /** What has a counter for each of its reasons. */
    private static final Set<String> BY_REASON = Set.of(
            "connections.closed", "connections.refused", "sessions.closed", "sessions.fresh", "sessions.refused");

    /** Those of them that have reasons without a counter. */
    private static final Set<String> WITH_OTHERS = Set.of("connections.refused", "sessions.refused");

    /** What there is for each part of what a node holds in memory. */
    private static final Set<String> MEMORY = Set.of("memory.used", "memory.limit");

    private StatsNames() {}

    /** @param others whether it counts what none of its reasons does: the sum without them */
    record Place(String metric, Tags labels, boolean others) {}

    /** Returns null for a sum of others. */
    static @Nullable Place counter(String name) {
        if (SUMS.contains(name)) {
            return null;
        }
        if (WITH_OTHERS.contains(name)) {
            return new Place(name, Tags.of("reason", "other"), true);
        }
        int dot = name.lastIndexOf('.');
        String family = dot < 0 ? "" : name.substring(0, dot);
        String last = name.substring(dot + 1);
        if (BY_REASON.contains(family)) {
            return new Place(family, Tags.of("reason", last), false);
        }
        if (family.equals("escalation")) {
            return new Place("escalations", Tags.of("step", last), false);
        }
        if (name.equals("volatile.dropped") || name.equals("reliable.dropped")) {
            return new Place("outbox.dropped", Tags.of("kind", family), false);
        }
        return new Place(name, Tags.empty(), false);
    }

    static Place gauge(String name) {
        for (String of : MEMORY) {
            if (name.startsWith(of + ".")) {
                return new Place(of, Tags.of("part", name.substring(of.length() + 1)), false);
            }
        }
        return switch (name) {
            case "connections.websocket", "connections.polling" ->
                new Place("connections", Tags.of("transport", name.substring("connections.".length())), false);
            case "outbox.waiting", "outbox.stalled" -> new Place(name + ".connections", Tags.empty(), false);
            default -> new Place(name, Tags.empty(), false);
        };
    }
}
