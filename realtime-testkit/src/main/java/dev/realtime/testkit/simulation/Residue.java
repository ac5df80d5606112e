package dev.realtime.testkit.simulation;

import dev.realtime.Stats;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.List;

/** What a node still holds when nobody is there any more: nothing (I9, I18, I24). */
final class Residue {
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

    private final World world;

    Residue(World world) {
        this.world = world;
    }

    void check(TestNode node) {
        Stats stats = node.realtime().stats();
        if (stats.sessions() != 0 || stats.suspended() != 0 || stats.connections() != 0) {
            world.history.violation("I9: " + node + " still has " + stats);
        }
        for (String gauge : OF_CLIENTS) {
            Long held = stats.gauges().get(gauge);
            if (held == null || held != 0) {
                world.history.violation("I24: " + node + " has " + gauge + " " + held + " and no client");
            }
        }
    }

    /** In time a node forgets whom it has known, and no timer is left but its own. */
    void checkForgotten() {
        world.cluster.advance(FORGOTTEN);
        world.cluster.nodes().forEach(node -> timers(node, LAST_LOOKS));
        world.cluster.advance(QUIET);
        for (TestNode node : world.cluster.nodes()) {
            timers(node, PERIODIC);
            Long rates = node.realtime().stats().gauges().get("limits.rates");
            if (rates == null || rates != 0) {
                world.history.violation("I24: " + node + " still counts " + rates + " rates of nobody");
            }
        }
    }

    private void timers(TestNode node, int most) {
        if (node.timers() > most) {
            world.history.violation("I18: on " + node + " " + node.timers() + " timers wait, and no client is there");
        }
    }
}
