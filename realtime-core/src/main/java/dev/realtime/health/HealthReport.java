package dev.realtime.health;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a node was at one moment. Immutable.
 *
 * @param time by the wall clock of the node
 * @param checks what each has found by its name, in alphabetical order: {@code backend}, {@code connections}, {@code event_rate}, {@code memory}, and those of the
 *     application
 * @param load what the node was doing
 */
public record HealthReport(HealthStatus status, Instant time, Map<String, HealthCheck.Result> checks, NodeLoad load) {
    public HealthReport {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(checks, "checks");
        Objects.requireNonNull(load, "load");
    }

    /** Returns the names of the checks that have failed. */
    public List<String> failedChecks() {
        return checks.entrySet().stream()
                .filter(check -> !check.getValue().isPassed())
                .map(Map.Entry::getKey)
                .toList();
    }
}
