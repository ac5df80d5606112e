package dev.realtime.testkit.simulation;

import dev.realtime.Position;
import dev.realtime.drain.DrainOptions;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.backend.ClusterBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lets go wrong what a run has drawn of the possible faults, at random moments, until it is told to stop. */
final class FaultInjector {
    private static final String NAMESPACE = "/";
    private static final Duration FIRST = Duration.ofMillis(300);
    private static final int QUIET_RUNS = 6;
    private static final Duration DEPLOY = Duration.ofSeconds(10);

    private final SimulatedCluster cluster;
    private final List<ClusterFault> drawn = new ArrayList<>();
    private boolean calm;
    private boolean rolling;
    private boolean killing;

    FaultInjector(SimulatedCluster cluster, List<ClusterFault> possible) {
        this.cluster = cluster;
        if (cluster.random().nextInt(QUIET_RUNS) == 0) {
            return;
        }
        for (ClusterFault fault : possible) {
            if (cluster.random().nextInt(fault.oneRunIn()) == 0) {
                drawn.add(fault);
            }
        }
    }

    void start() {
        cluster.after(FIRST, this::strike);
    }

    private void strike() {
        if (calm) {
            return;
        }
        if (!drawn.isEmpty()) {
            cluster.any(drawn).strike(this);
        }
        cluster.after(Duration.ofMillis(100 + cluster.random().nextInt(700)), this::strike);
    }

    void calmDown() {
        calm = true;
    }

    SimulatedCluster cluster() {
        return cluster;
    }

    private TestNode anyNode() {
        return cluster.any(cluster.cluster().nodes());
    }

    void kill() {
        TestNode node = anyNode();
        if (node.isRunning()) {
            cluster.note("kill " + node);
            cluster.incidents().killed(node.realtime().node());
            node.kill();
            restartSometime(node);
        }
    }

    void killInTheMiddle() {
        TestNode node = anyNode();
        if (node.isUp()) {
            cluster.note("kill soon " + node);
            cluster.incidents().killed(node.realtime().node());
            node.killAfter(cluster.random().nextInt(8));
            restartSometime(node);
        }
    }

    void killsInARow() {
        if (!killing) {
            killing = true;
            kill(
                    cluster.random().nextInt(cluster.cluster().nodes().size()),
                    3 + cluster.random().nextInt(6));
        }
    }

    /** So many, beginning with this one. */
    private void kill(int index, int more) {
        if (calm || more == 0) {
            killing = false;
            return;
        }
        List<TestNode> nodes = cluster.cluster().nodes();
        TestNode node = nodes.get(index % nodes.size());
        if (node.isUp() && node.realtime().isOpen()) {
            cluster.note("kill and start " + node);
            cluster.incidents().killed(node.realtime().node());
            node.kill();
            cluster.restart(node);
        }
        cluster.after(Duration.ofMillis(60 + cluster.random().nextInt(140)), () -> kill(index + 1, more - 1));
    }

    private void restartSometime(TestNode node) {
        cluster.after(Duration.ofMillis(100 + cluster.random().nextInt(2_500)), () -> {
            if (!calm && !node.isRunning()) {
                cluster.restart(node);
            }
        });
    }

    void freeze() {
        freeze(50 + cluster.random().nextInt(500), false);
    }

    void freezeForLong() {
        freeze(1_000 + cluster.random().nextInt(2_500), true);
    }

    private void freeze(int millis, boolean forLong) {
        TestNode node = anyNode();
        if (node.isUp()) {
            cluster.note("freeze " + node + " for " + millis);
            cluster.incidents().frozen(node.realtime().node(), forLong);
            node.freeze();
            cluster.badMoment(node);
            cluster.after(Duration.ofMillis(millis), () -> {
                if (node.isRunning()) {
                    cluster.note("thaw " + node);
                    node.thaw();
                }
            });
        }
    }

    void partition() {
        cut(true, true);
    }

    void oneWay() {
        boolean out = cluster.random().nextBoolean();
        cut(out, !out);
    }

    private void cut(boolean out, boolean in) {
        TestNode node = anyNode();
        if (!node.isRunning()) {
            return;
        }
        cluster.note("cut " + (out ? "out " : "") + (in ? "in " : "") + node);
        cluster.incidents().cut(node.realtime().node());
        if (out) {
            node.cutToBackend();
        }
        if (in) {
            node.cutFromBackend();
        }
        cluster.after(Duration.ofMillis(50 + cluster.random().nextInt(2_500)), () -> {
            cluster.note("heal " + node);
            if (node.isRunning()) {
                cluster.incidents().healed(node.realtime().node());
            }
            node.heal();
            if (node.isUp()) {
                cluster.badMoment(node);
            }
        });
    }

    void slowLine() {
        TestNode node = anyNode();
        cluster.note("slow line of " + node);
        if (node.isRunning()) {
            cluster.incidents().slowed(node.realtime().node());
        }
        node.line()
                .latency(
                        Duration.ofMillis(5),
                        Duration.ofMillis(20 + cluster.random().nextInt(300)));
        cluster.after(Duration.ofMillis(cluster.random().nextInt(1_000)), () -> cluster.undisturbed(node));
    }

    void duplicates() {
        cluster.cluster().nodes().forEach(node -> node.line().duplicates(0.3));
    }

    void jumpClock() {
        TestNode node = anyNode();
        int seconds = cluster.random().nextInt(20_000) - 10_000;
        cluster.note("clock of " + node + " by " + seconds);
        node.jumpClock(Duration.ofSeconds(seconds));
    }

    void stop() {
        TestNode node = anyNode();
        if (node.isUp() && node.realtime().isOpen()) {
            cluster.badMoment(node);
            cluster.after(Duration.ofNanos(cluster.random().nextInt(5_000_000)), () -> stop(node));
        }
    }

    private void stop(TestNode node) {
        if (!calm && node.isUp() && node.realtime().isOpen()) {
            cluster.note("stop " + node);
            cluster.incidents().stopped(node.realtime().node());
            var unused = node.beginClose();
            restartSometime(node);
        }
    }

    /** Returns how long the node announces that it stops, and moves its clients. */
    private Duration deploy(TestNode node) {
        DrainOptions options = DrainOptions.within(DEPLOY)
                .announce(Duration.ofMillis(cluster.random().nextInt(100)))
                .spread(Duration.ofMillis(cluster.random().nextInt(400)));
        if (node.isUp() && node.realtime().isOpen()) {
            cluster.note("drain " + node + " " + options);
            cluster.incidents().drains(node.realtime().node());
            var unused = node.beginClose(options);
            restartSometime(node);
        }
        return options.announce().plus(options.spread());
    }

    void roll() {
        if (!rolling) {
            rolling = true;
            roll(0);
        }
    }

    private void roll(int index) {
        if (calm || index == cluster.cluster().nodes().size()) {
            rolling = false;
            return;
        }
        TestNode node = cluster.cluster().nodes().get(index);
        Duration leadOut = deploy(node);
        cluster.after(leadOut.plusMillis(200 + cluster.random().nextInt(400)), () -> {
            if (!calm && !node.isRunning()) {
                cluster.restart(node);
                cluster.rush(node);
            }
            roll(index + 1);
        });
    }

    void lose() {
        ClusterBackend backend = cluster.cluster().backend();
        Position end = backend.tail(NAMESPACE);
        switch (cluster.random().nextInt(4)) {
            case 0 -> {
                cluster.note("the backend loses everything");
                cluster.scenario().sessionsForgotten();
                backend.lose();
                broke(end, end, false);
            }
            case 1 -> {
                cluster.note("the backend loses its log");
                backend.loseLogs();
                broke(end, end, false);
            }
            case 2 -> {
                cluster.note("the backend loses its records");
                cluster.scenario().sessionsForgotten();
                backend.loseSessions();
            }
            default -> {
                int millis = 50 + cluster.random().nextInt(1_500);
                cluster.note("the backend loses its subscriptions for " + millis);
                backend.loseSubscriptions(Duration.ofMillis(millis));
            }
        }
    }

    void failover() {
        ClusterBackend backend = cluster.cluster().backend();
        Position end = backend.tail(NAMESPACE);
        cluster.note("failover");
        cluster.scenario().sessionsForgotten();
        backend.failover(cluster.random().nextInt(12));
        Position kept = Position.START;
        for (var placed : backend.entries(NAMESPACE)) {
            kept = Position.max(kept, placed.position());
        }
        broke(kept, end, true);
    }

    private void broke(Position kept, Position end, boolean takenBack) {
        Incidents.Break broken = new Incidents.Break(cluster.now(), kept, end, takenBack);
        cluster.incidents().broke(broken);
        cluster.scenario().historyBroken(broken);
    }
}
