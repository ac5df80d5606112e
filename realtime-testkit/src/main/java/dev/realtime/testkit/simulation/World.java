package dev.realtime.testkit.simulation;

import dev.realtime.Position;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.backend.NodeBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The cluster of one run, its application, and everything that has been written down about them. */
final class World {
    final Random random;
    final TestCluster cluster;
    final Trace trace;
    final History history;
    final Game game;
    private final Map<String, NodeBackend> backends = new HashMap<>(); // by engine id, the dead included
    private final Map<String, TestNode> nodes = new HashMap<>(); // by engine id, the dead included
    /** Whoever does something at the very moment in which a node gets into trouble; given its id. */
    final List<Consumer<String>> hurries = new ArrayList<>();

    /** Whoever comes to a node when all do. */
    final List<Consumer<TestNode>> rushes = new ArrayList<>();

    private final boolean lively;
    private @Nullable TestNode starting;
    private int marks;

    World(long seed, int size) {
        this.random = new Random(seed);
        this.lively = random.nextInt(4) > 0;
        this.game = new Game(this);
        this.cluster = TestCluster.of(
                size,
                this::options,
                seed,
                (time, executor) -> task -> work(executor, task),
                (time, executor) -> new Wire(time, random, executor));
        this.trace = new Trace(cluster.time());
        this.history = new History(trace);
        cluster.backend().watch(history);
    }

    private RealtimeBuilder options() {
        return game.options(new Game.NodeName(Objects.requireNonNull(starting)));
    }

    /** Threads of a pool are sometimes late. */
    private void work(Executor executor, Runnable task) {
        if (lively && random.nextInt(8) == 0) {
            after(Duration.ofNanos(random.nextInt(2_000_000)), () -> executor.execute(task));
        } else {
            executor.execute(task);
        }
    }

    void start() {
        for (TestNode node : cluster.nodes()) {
            restart(node);
        }
        if (random.nextInt(4) == 0) {
            startLate(any(cluster.nodes()));
        }
    }

    /** It comes when the others have worked for a while, and everybody wants to be there. */
    private void startLate(TestNode node) {
        history.killedNodes.add(node.realtime().node());
        node.kill();
        after(Duration.ofMillis(500 + random.nextInt(2_000)), () -> {
            if (!node.isRunning()) {
                restart(node);
                rush(node);
            }
        });
    }

    /** Everybody loses the connection and comes to this node. */
    void rush(TestNode node) {
        trace.add("everybody to " + node);
        rushes.forEach(one -> one.accept(node));
    }

    void restart(TestNode node) {
        node.line().latency(Duration.ofNanos(100_000), Duration.ofMillis(1));
        starting = node;
        node.restart();
        String id = node.realtime().node();
        backends.put(id, node.backend());
        nodes.put(id, node);
        normal(node);
        trace.add("started " + id);
    }

    void normal(TestNode node) {
        node.line()
                .latency(Duration.ofNanos(50_000), Duration.ofNanos(500_000L + random.nextInt(4_000_000)))
                .batch(random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1024)
                .impatient();
    }

    Position tail(String node) {
        NodeBackend backend = backends.get(node);
        Position tail = backend == null ? null : backend.tail("/");
        return tail == null ? Position.START : tail;
    }

    boolean isRunning(String node) {
        TestNode machine = nodes.get(node);
        return machine != null
                && machine.isRunning()
                && machine.realtime().node().equals(node);
    }

    int nextMark() {
        return ++marks;
    }

    /** Some do something on a node now: troubles come at bad moments. */
    void hurry(TestNode node) {
        String id = node.realtime().node();
        for (Consumer<String> one : hurries) {
            if (random.nextBoolean()) {
                one.accept(id);
            }
        }
    }

    /** A reliable event, to be emitted on a node. */
    Contracts.Mark mark(String node) {
        int mark = nextMark();
        history.emits(mark, node);
        return new Contracts.Mark(mark);
    }

    /** Emits to a session alone. */
    int emit(String node, Session session) {
        Contracts.Mark mark = mark(node);
        var unused = session.emit(Contracts.RELIABLE, mark);
        return mark.n();
    }

    void after(Duration delay, Runnable task) {
        var unused = cluster.time().schedule(delay, task);
    }

    /** The application on a node sends a session away, with a last word. */
    void dismiss(String node, Session session) {
        trace.add(node + " dismisses " + session.id());
        history.life(session.id()).dismissedAt.add(node);
        history.life(session.id()).lastWords = emit(node, session);
        session.disconnect();
    }

    /** Runs a task of the application on a node: later when it is frozen, never when it is dead. */
    void later(String node, int millis, Runnable task) {
        after(Duration.ofMillis(millis), () -> {
            TestNode machine = nodes.get(node);
            if (machine != null && isRunning(node)) {
                if (machine.isUp()) {
                    task.run();
                } else {
                    later(node, 5, task);
                }
            }
        });
    }

    void resumed(String session, String node) {
        if (history.isExcused(node)) {
            return; // its claim was answered long ago
        }
        Life life = history.life(session);
        life.ends.forEach((by, reason) -> {
            if (!reason.equals("SERVER_STOPPING") && !history.isExcused(by)) {
                history.violation("I17: " + session + " was resumed on " + node + " after " + by
                        + " had said that it has ended: " + life.heard);
            }
        });
    }

    void ended(String session, String node, String reason) {
        Life life = history.life(session);
        if (!life.holder.isEmpty() && !life.holder.equals(node)) {
            if (!reason.equals("SERVER_STOPPING") && !history.isExcused(node)) {
                history.violation(
                        "I17: " + node + " says that " + session + " has ended, which " + life.holder + " has");
            }
            return;
        }
        boolean again = life.ends.entrySet().stream()
                .anyMatch(end ->
                        !end.getValue().equals("SERVER_STOPPING") && !history.troubledNodes.contains(end.getKey()));
        life.ends.put(node, reason);
        life.endedAt = Math.min(life.endedAt, trace.now());
        if (again && history.failovers.isEmpty() && !reason.equals("SERVER_STOPPING")) {
            history.violation("I17: " + session + " ended more than once: " + life.heard);
        }
    }

    List<TestNode> up() {
        List<TestNode> up = new ArrayList<>();
        for (TestNode node : cluster.nodes()) {
            if (node.isUp()) {
                up.add(node);
            }
        }
        return up;
    }

    /** The engine of a node, if it runs. */
    Set<String> running(TestNode node) {
        return node.isRunning() ? Set.of(node.realtime().node()) : Set.of();
    }

    Set<String> running() {
        Set<String> running = new TreeSet<>();
        cluster.nodes().stream()
                .filter(TestNode::isRunning)
                .forEach(node -> running.add(node.realtime().node()));
        return running;
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
