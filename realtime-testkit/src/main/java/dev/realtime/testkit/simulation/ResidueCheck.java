package dev.realtime.testkit.simulation;

import dev.realtime.Stats;
import dev.realtime.spi.SessionRecord;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.backend.ClusterBackend;
import java.time.Duration;
import java.util.List;

/** Proves that nothing is left when nobody is there any more: on no node, and not in the backend (I9, I18, I24). */
final class ResidueCheck {
    private static final List<String> OF_CLIENTS =
            List.of("inbound.bytes", "limits.addresses", "limits.suspended", "handlers.addresses");

    /** Longer than a node remembers who has left, shorter than it waits for a session on a new connection. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(22);
    /** By then a look at deadlines, and one at rates, have found nothing more. */
    private static final Duration QUIET = Duration.ofSeconds(100);
    /** The heartbeat and the lease. */
    private static final int PERIODIC = 2;
    /** These, and a last look at deadlines and at rates. */
    private static final int LAST_LOOKS = PERIODIC + 2;

    private final SimulatedCluster cluster;

    ResidueCheck(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** Whether sessions or their records are left that may still be waiting for their end. */
    boolean isEmpty() {
        return cluster.cluster().backend().records().isEmpty()
                && cluster.cluster().nodes().stream()
                        .allMatch(node -> node.realtime().stats().sessions() == 0);
    }

    void checkNodes() {
        cluster.cluster().nodes().forEach(this::check);
    }

    private void check(TestNode node) {
        Stats stats = node.realtime().stats();
        if (stats.sessions() != 0 || stats.suspended() != 0 || stats.connections() != 0) {
            cluster.violation("I9: " + node + " still has " + stats);
        }
        for (String gauge : OF_CLIENTS) {
            Long held = stats.gauges().get(gauge);
            if (held == null || held != 0) {
                cluster.violation("I24: " + node + " has " + gauge + " " + held + " and no client");
            }
        }
    }

    void checkBackend() {
        ClusterBackend backend = cluster.cluster().backend();
        List<SessionRecord> records = backend.records();
        if (!records.isEmpty()) {
            cluster.violation("I9: records of nobody: " + records);
        }
        if (!backend.living().equals(cluster.running())) {
            cluster.violation("I9: leases of " + backend.living() + ", but " + cluster.running() + " run");
        }
        if (!backend.untaken().isEmpty()) {
            cluster.violation("I9: not taken over: " + backend.untaken());
        }
    }

    /** In time a node forgets whom it has known, and no timer is left but its own. */
    void checkForgotten() {
        cluster.cluster().advance(FORGOTTEN);
        cluster.cluster().nodes().forEach(node -> timers(node, LAST_LOOKS));
        cluster.cluster().advance(QUIET);
        for (TestNode node : cluster.cluster().nodes()) {
            timers(node, PERIODIC);
            Long rates = node.realtime().stats().gauges().get("limits.rates");
            if (rates == null || rates != 0) {
                cluster.violation("I24: " + node + " still counts " + rates + " rates of nobody");
            }
        }
    }

    /** @param most beside those with which it looks at its schedules */
    private void timers(TestNode node, int most) {
        long schedules = node.realtime().stats().gauges().getOrDefault("namespaces.scheduled", 0L);
        if (node.timers() > most + schedules) {
            cluster.violation("I18: on " + node + " " + node.timers() + " timers wait, and no client is there");
        }
    }
}
