package dev.realtime.health;

import java.util.Locale;

/** How a node is, by the number of checks that have failed. */
public enum HealthStatus {
    /** All checks have passed. */
    HEALTHY,
    /** One or two checks have failed: it serves, and somebody should look. */
    DEGRADED,
    /** More than two checks have failed. */
    UNHEALTHY;

    private static final int MOST_OF_DEGRADED = 2;

    /** Returns what so many failed checks make of a node. */
    public static HealthStatus ofFailures(int failed) {
        return failed == 0 ? HEALTHY : failed <= MOST_OF_DEGRADED ? DEGRADED : UNHEALTHY;
    }

    /** Returns the word for it that pages and probes use: {@code healthy}, {@code degraded}, {@code unhealthy}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
