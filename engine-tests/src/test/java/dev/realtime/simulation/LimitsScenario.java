package dev.realtime.simulation;

import dev.realtime.Event;
import dev.realtime.RealtimeBuilder;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.Scenario;
import dev.realtime.testkit.simulation.SimulatedCluster;
import dev.realtime.testkit.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A user with three devices, which tap as fast as they can on whatever nodes they are, and one who taps now and then: the first is never admitted more than all nodes
 * together may admit, and the second is not refused (I13). In a window in which nodes have admitted something by themselves, since the store did not answer, it may be
 * their parts more. A window in which the store has lost something does not count.
 */
final class LimitsScenario implements Scenario {
    private static final int COUNT = 12;
    private static final Duration PERIOD = Duration.ofMillis(1_500);
    private static final int LONG_COUNT = 30;
    private static final Duration LONG_PERIOD = Duration.ofSeconds(5);

    static final Event<Void> TAP =
            Event.of("tap").limit(RateLimit.per(PERIOD, COUNT).per(LONG_PERIOD, LONG_COUNT));
    static final String EAGER = "u0";
    static final String CALM = "u1";

    private static final long UNDER_WAY = 4_000_000; // after which what was lost with the store has no effect any more

    private final SimulatedCluster run;
    private final List<TappingDevice> devices = new ArrayList<>();
    private final List<Tap> taps = new ArrayList<>(); // of the eager user
    private final Map<String, Long> alone = new TreeMap<>(); // how much each node has admitted by itself

    private final Map<String, Long> known = new TreeMap<>(); // how many nodes each node has known of

    /**
     * @param alone the node that has admitted it by itself; empty if all have
     * @param nodes as many as it knew of then
     */
    private record Tap(long when, String alone, long nodes) {}

    LimitsScenario(SimulatedCluster run) {
        this.run = run;
        for (int number = 0; number < 3; number++) {
            devices.add(new TappingDevice(run, EAGER, number, 150));
        }
        devices.add(new TappingDevice(run, CALM, 0, 2_000));
    }

    @Override
    public RealtimeBuilder options(SimulatedNode node) {
        return Simulated.options()
                .onRefusal(attempt -> attempt.principal().ifPresent(user -> refused(node, user.id())))
                .namespace(
                        "/",
                        game -> game.on(
                                TAP,
                                (session, nothing) ->
                                        tapped(node, session.principal().id())));
    }

    @Override
    public void start() {
        devices.forEach(TappingDevice::tick);
    }

    private void tapped(SimulatedNode node, String user) {
        run.note(user + " has tapped on " + node.id());
        boolean byItself = hasAdmittedAlone(node.id());
        if (user.equals(EAGER)) {
            taps.add(new Tap(run.now(), byItself ? node.id() : "", known.getOrDefault(node.id(), 1L)));
            check(PERIOD, COUNT);
            check(LONG_PERIOD, LONG_COUNT);
        }
    }

    private boolean hasAdmittedAlone(String node) {
        long before = alone.getOrDefault(node, 0L);
        for (TestNode one : run.up()) {
            if (one.realtime().node().equals(node)) {
                alone.put(node, one.realtime().stats().counters().getOrDefault("limits.degraded", 0L));
                long nodes = one.realtime().stats().gauges().getOrDefault("limits.nodes", 1L);
                long knew = known.getOrDefault(node, 0L);
                if (nodes < knew && run.incidents().breaks().isEmpty()) {
                    run.violation("I13: " + node + " has known of " + knew + " nodes, and shares with " + nodes);
                }
                known.put(node, nodes);
            }
        }
        return alone.getOrDefault(node, 0L) > before;
    }

    private void check(Duration period, int count) {
        long since = run.now() - period.toNanos() / 1_000;
        List<Tap> within = taps.stream().filter(tap -> tap.when > since).toList();
        Map<String, Long> parts = new TreeMap<>();
        for (Tap tap : within) {
            if (!tap.alone.isEmpty()) {
                parts.merge(tap.alone, Math.max(1, count / tap.nodes), Math::max);
            }
        }
        long part = parts.values().stream().mapToLong(Long::longValue).sum();
        if (within.size() > count + part && !run.incidents().brokeSince(since - UNDER_WAY)) {
            run.violation("I13: " + within.size() + " taps of " + EAGER + " within " + period + " on all nodes, and "
                    + count + " are allowed, and by themselves " + parts + ": " + within);
        }
    }

    private void refused(SimulatedNode node, String user) {
        if (user.equals(CALM) && !run.incidents().isExcused(node.id())) {
            run.violation("I13: " + CALM + " was refused on " + node.id() + " for what others have sent");
        }
    }

    @Override
    public void calmDown() {
        devices.forEach(TappingDevice::calmDown);
    }

    @Override
    public void check() {
        run.cluster().advance(LONG_PERIOD.plusSeconds(3));
        int before = taps.size();
        for (int i = 0; i < COUNT; i++) {
            devices.get(0).tap(); // on one node: others would hold some ahead
        }
        run.cluster().advance(Duration.ofMillis(900));
        if (taps.size() != before + COUNT) {
            run.violation("I9: " + (taps.size() - before) + " of " + COUNT + " taps are admitted when all is well");
        }
    }

    @Override
    public void leave() {
        devices.forEach(TappingDevice::leave);
    }

    @Override
    public int deliveries() {
        return taps.size();
    }
}
