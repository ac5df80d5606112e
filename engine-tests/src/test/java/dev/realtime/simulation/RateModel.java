package dev.realtime.simulation;

import dev.realtime.limits.Escalation;
import dev.realtime.limits.Escalation.Step;
import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RefusedAttempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often users have tapped, on each node: no more than they may, and who was refused had tapped somewhere (I13). What they may on all nodes together is the matter of {@link
 * LimitsScenario}.
 */
final class RateModel {
    private static final int BURST = 2;
    private static final int COUNT = 4;
    private static final Duration PERIOD = Duration.ofMillis(500);

    static final RateLimit LIMIT = RateLimit.per(PERIOD, COUNT, BURST);

    /** Warnings alone: whoever was restricted or disconnected would not do anything else any more. */
    static final Escalation ESCALATION =
            Escalation.DEFAULT.warnAt(2).restrictAt(999).disconnectAt(1_000).forgiveAfter(Duration.ofMillis(300));

    /** Of a node that the backend does not answer, and that has the others beside it. */
    private static final int LEAST_SHARE = 1;

    private static final long RECENT = 5_000_000; // µs; tapped, but perhaps not yet handled

    private static final long TOLD_LATE = 20_000; // µs, at the most, and as much as that adds up to

    private final ModelledCluster cluster;
    private final Map<String, User> users = new TreeMap<>(); // at each node
    private final Map<String, List<Long>> tries = new TreeMap<>(); // anywhere

    /** One user at one node. */
    private static final class User {
        final List<Long> taps = new ArrayList<>();
        int violations;
        long nextForgiven;

        private long since(long moment) {
            return taps.stream().filter(tap -> tap > moment).count();
        }

        private boolean isAboutToBeForgiven(long now) {
            long interval = micros(ESCALATION.forgiveAfter());
            long away = Math.floorMod(nextForgiven - now, interval);
            return violations > 0
                    && nextForgiven > now - interval * violations
                    && Math.min(away, interval - away) < TOLD_LATE;
        }

        private void violate(long now) {
            long interval = micros(ESCALATION.forgiveAfter());
            while (violations > 0 && nextForgiven <= now) {
                violations--;
                nextForgiven += interval;
            }
            if (violations++ == 0) {
                nextForgiven = now + interval;
            }
        }
    }

    RateModel(ModelledCluster cluster) {
        this.cluster = cluster;
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }

    private User user(String node, String id) {
        return users.computeIfAbsent(node + " " + id, key -> new User());
    }

    void tried(String id) {
        tries.computeIfAbsent(id, key -> new ArrayList<>()).add(cluster.run.now());
    }

    private long triesSince(String id, long moment) {
        return tries.getOrDefault(id, List.of()).stream()
                .filter(tried -> tried > moment)
                .count();
    }

    void tapped(String node, String id) {
        User user = user(node, id);
        long now = cluster.run.now();
        user.taps.add(now);
        if (user.since(now - micros(PERIOD)) > COUNT) {
            cluster.run.violation("I13: " + id + " was admitted more than " + LIMIT + " on " + node + ": " + user.taps);
        }
    }

    void refused(String node, RefusedAttempt attempt) {
        if (attempt.kind() != RefusedAttempt.Kind.EVENT) {
            return; // a session that was refused violates no limit of an event
        }
        if (cluster.run.incidents().wasFrozen(node)) {
            return; // it may be told later than it was
        }
        String id = attempt.principal().orElseThrow().id();
        User user = user(node, id);
        long now = cluster.run.now();
        if (triesSince(id, now - RECENT) <= LEAST_SHARE) {
            cluster.run.violation("I13: " + id + " was refused on " + node + " and had not tapped: " + tries.get(id));
        }
        boolean atBoundary = user.isAboutToBeForgiven(now);
        user.violate(now);
        if (atBoundary) {
            user.violations =
                    attempt.violations(); // it was refused a little before it is told: one may have been forgiven in
            // between, or not
            return;
        }
        if (attempt.violations() != user.violations) {
            cluster.run.violation("I13: " + node + " counts " + attempt.violations() + " violations of " + id
                    + ", but there are " + user.violations);
        }
        if (attempt.step().filter(Step.WARNED::equals).isPresent() != (user.violations >= ESCALATION.warnAt())) {
            cluster.run.violation("I13: what followed from " + user.violations + " violations of " + id + " on " + node
                    + " was " + attempt.step());
        }
    }
}
