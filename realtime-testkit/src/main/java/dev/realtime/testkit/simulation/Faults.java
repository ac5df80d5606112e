package dev.realtime.testkit.simulation;

import dev.realtime.Position;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.backend.ClusterBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What goes wrong: each seed draws which kinds of faults it has. */
final class Faults {
    private final World world;
    private final List<Runnable> kinds = new ArrayList<>();
    private boolean calm;
    private boolean rolling;

    Faults(World world) {
        this.world = world;
        if (world.random.nextInt(6) == 0) {
            return; // a quiet day
        }
        List<Runnable> all = List.of(
                this::kill,
                this::killInTheMiddle,
                this::freeze,
                this::freezeForLong,
                this::partition,
                this::slowLine,
                this::jumpClock,
                this::stop,
                this::ban,
                this::duplicates,
                this::oneWay,
                this::roll);
        for (Runnable kind : all) {
            if (world.random.nextInt(3) == 0) {
                kinds.add(kind);
            }
        }
        if (world.random.nextInt(8) == 0) {
            kinds.add(this::failover);
        }
        if (world.random.nextInt(8) == 0) {
            kinds.add(this::lose);
        }
    }

    void tick() {
        if (calm) {
            return;
        }
        if (!kinds.isEmpty()) {
            world.any(kinds).run();
        }
        world.after(Duration.ofMillis(100 + world.random.nextInt(700)), this::tick);
    }

    void calmDown() {
        calm = true;
    }

    private TestNode anyNode() {
        return world.any(world.cluster.nodes());
    }

    private void kill() {
        TestNode node = anyNode();
        if (node.isRunning()) {
            world.trace.add("kill " + node);
            world.history.killedNodes.add(node.realtime().node());
            node.kill();
            restartSometime(node);
        }
    }

    private void killInTheMiddle() {
        TestNode node = anyNode();
        if (node.isUp()) {
            world.trace.add("kill soon " + node);
            world.history.killedNodes.add(node.realtime().node());
            node.killAfter(world.random.nextInt(8));
            restartSometime(node);
        }
    }

    private void restartSometime(TestNode node) {
        world.after(Duration.ofMillis(100 + world.random.nextInt(2_500)), () -> {
            if (!calm && !node.isRunning()) {
                world.restart(node);
            }
        });
    }

    private void freeze() {
        freeze(50 + world.random.nextInt(500));
    }

    private void freezeForLong() {
        freeze(1_000 + world.random.nextInt(2_500));
    }

    private void freeze(int millis) {
        TestNode node = anyNode();
        if (node.isUp()) {
            world.trace.add("freeze " + node + " for " + millis);
            if (millis >= 1_000) {
                world.history.frozenNodes.add(node.realtime().node());
            }
            world.history.frozen(node.realtime().node());
            node.freeze();
            world.hurry(node);
            world.after(Duration.ofMillis(millis), () -> {
                if (node.isRunning()) {
                    world.trace.add("thaw " + node);
                    node.thaw();
                }
            });
        }
    }

    private void partition() {
        cut(true, true);
    }

    private void oneWay() {
        boolean out = world.random.nextBoolean();
        cut(out, !out);
    }

    private void cut(boolean out, boolean in) {
        TestNode node = anyNode();
        if (!node.isRunning()) {
            return;
        }
        world.trace.add("cut " + (out ? "out " : "") + (in ? "in " : "") + node);
        world.history.cut(node.realtime().node());
        if (out) {
            node.cutToBackend();
        }
        if (in) {
            node.cutFromBackend();
        }
        world.after(Duration.ofMillis(50 + world.random.nextInt(2_500)), () -> {
            world.trace.add("heal " + node);
            world.running(node).forEach(world.history::healed);
            node.heal();
            if (node.isUp()) {
                world.hurry(node);
            }
        });
    }

    private void slowLine() {
        TestNode node = anyNode();
        world.trace.add("slow line of " + node);
        node.line().latency(Duration.ofMillis(5), Duration.ofMillis(20 + world.random.nextInt(300)));
        world.after(Duration.ofMillis(world.random.nextInt(1_000)), () -> world.normal(node));
    }

    private void duplicates() {
        world.cluster.nodes().forEach(node -> node.line().duplicates(0.3));
    }

    private void jumpClock() {
        TestNode node = anyNode();
        int seconds = world.random.nextInt(20_000) - 10_000;
        world.trace.add("clock of " + node + " by " + seconds);
        node.jumpClock(Duration.ofSeconds(seconds));
    }

    private void stop() {
        TestNode node = anyNode();
        if (node.isUp() && node.realtime().isOpen()) {
            world.hurry(node);
            world.after(Duration.ofNanos(world.random.nextInt(5_000_000)), () -> stop(node));
        }
    }

    private void stop(TestNode node) {
        if (!calm && node.isUp() && node.realtime().isOpen()) {
            world.trace.add("stop " + node);
            world.history.stoppedNodes.add(node.realtime().node());
            var unused = node.beginClose();
            restartSometime(node);
        }
    }

    /** One node after the other is stopped and started anew, and each time everybody comes to the one that has just started. */
    private void roll() {
        if (!rolling) {
            rolling = true;
            roll(0);
        }
    }

    private void roll(int index) {
        if (calm || index == world.cluster.nodes().size()) {
            rolling = false;
            return;
        }
        TestNode node = world.cluster.nodes().get(index);
        stop(node);
        world.after(Duration.ofMillis(200 + world.random.nextInt(400)), () -> {
            if (!calm && !node.isRunning()) {
                world.restart(node);
                world.rush(node);
            }
            roll(index + 1);
        });
    }

    private void ban() {
        String user = "u" + world.random.nextInt(4);
        String room = "zone:" + (char) ('a' + world.random.nextInt(3));
        world.trace.add("ban " + user + " from " + room);
        world.game.ban(user, room);
    }

    /** The backend comes back without all that it had, or without one kind of it. */
    private void lose() {
        ClusterBackend backend = world.cluster.backend();
        Position end = backend.tail("/");
        switch (world.random.nextInt(4)) {
            case 0 -> {
                world.trace.add("the backend loses everything");
                world.history.forgetsSessions();
                backend.lose();
                world.history.lostItsLog(world.trace.now(), end);
            }
            case 1 -> {
                world.trace.add("the backend loses its log");
                backend.loseLogs();
                world.history.lostItsLog(world.trace.now(), end);
            }
            case 2 -> {
                world.trace.add("the backend loses its records");
                world.history.forgetsSessions();
                backend.loseSessions();
            }
            default -> {
                int millis = 50 + world.random.nextInt(1_500);
                world.trace.add("the backend loses its subscriptions for " + millis);
                backend.loseSubscriptions(Duration.ofMillis(millis));
            }
        }
    }

    private void failover() {
        Position end = world.cluster.backend().tail("/");
        world.trace.add("failover");
        world.history.forgetsSessions();
        world.cluster.backend().failover(world.random.nextInt(12));
        Position kept = Position.START;
        for (var placed : world.cluster.backend().entries("/")) {
            kept = Position.max(kept, placed.position());
        }
        world.history.failedOver(world.trace.now(), kept, end);
    }
}
