package dev.realtime.testkit.simulation;

import dev.realtime.Position;
import dev.realtime.RealtimeBuilder;
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
import org.jspecify.annotations.Nullable;

/**
 * The cluster of one run of a {@link Simulator}: its nodes, its one source of randomness, its trace and what was found to be wrong. A
 * {@link Scenario} is given one, and does everything through it. Not thread-safe: a run has one thread.
 *
 * <p>Whatever a scenario decides at random it draws from {@link #random()}, and whatever it does later it leaves to {@link #after}: then one seed is
 * one story.
 */
public final class SimulatedCluster {
    private static final Duration FIRST_LEAST = Duration.ofNanos(100_000);
    private static final Duration FIRST_MOST = Duration.ofMillis(1);
    private static final Duration USUAL_LEAST = Duration.ofNanos(50_000);

    private final Random random;
    private final boolean lateThreads; // tasks of executors are sometimes late
    private final TestCluster cluster;
    private final SimulationTrace trace;
    private final Incidents incidents;
    private final FaultInjector faults;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, NodeBackend> backends = new HashMap<>(); // by engine id, the dead included
    private final Map<String, TestNode> nodes = new HashMap<>(); // by engine id, the dead included
    private @Nullable Scenario scenario;
    private @Nullable TestNode starting;

    SimulatedCluster(long seed, int size, List<ClusterFault> possible) {
        this.random = new Random(seed);
        this.lateThreads = random.nextInt(4) > 0;
        this.cluster = TestCluster.of(
                size,
                this::options,
                seed,
                (time, executor) -> task -> work(executor, task),
                (time, executor) -> new DelayedNetwork(time, random, executor));
        this.trace = new SimulationTrace(cluster.time());
        this.incidents = new Incidents(this::now);
        this.faults = new FaultInjector(this, possible);
    }

    void play(Scenario played) {
        scenario = played;
    }

    private RealtimeBuilder options() {
        return scenario().options(new SimulatedNode(this, Objects.requireNonNull(starting)));
    }

    /** Threads of a pool are sometimes late. */
    private void work(Executor executor, Runnable task) {
        if (lateThreads && random.nextInt(8) == 0) {
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
        incidents.killed(node.realtime().node());
        node.kill();
        after(Duration.ofMillis(500 + random.nextInt(2_000)), () -> {
            if (!node.isRunning()) {
                restart(node);
                rush(node);
            }
        });
    }

    /** Starts a node that does not run, as another process with another id. */
    void restart(TestNode node) {
        node.line().latency(FIRST_LEAST, FIRST_MOST);
        starting = node;
        node.restart();
        String id = node.realtime().node();
        backends.put(id, node.backend());
        nodes.put(id, node);
        undisturbed(node);
        note("started " + id);
    }

    /** From now on messages between a node and the backend take their usual time. */
    void undisturbed(TestNode node) {
        if (node.isRunning()) {
            incidents.undisturbed(node.realtime().node());
        }
        node.line()
                .latency(USUAL_LEAST, Duration.ofNanos(500_000L + random.nextInt(4_000_000)))
                .batch(random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1024)
                .impatient();
    }

    /** Everybody loses the connection and comes to this node. */
    void rush(TestNode node) {
        note("everybody to " + node);
        scenario().everybodyTo(node);
    }

    /** Troubles come at bad moments: something is done on a node now. */
    void badMoment(TestNode node) {
        scenario().badMoment(node.realtime().node());
    }

    void heal() {
        for (TestNode node : cluster.nodes()) {
            node.thaw();
            node.heal();
            if (!node.isRunning()
                    || !node.realtime().isOpen()
                    || incidents.wasDrained(node.realtime().node())) {
                if (node.isRunning()) {
                    incidents.killed(node.realtime().node()); // while it was stopping, perhaps
                }
                restart(node);
            }
            node.line().dieBefore(-1, () -> {});
            node.line().duplicates(0);
            undisturbed(node);
        }
    }

    FaultInjector faults() {
        return faults;
    }

    /** Returns what the run is about. */
    public Scenario scenario() {
        return Objects.requireNonNull(scenario);
    }

    SimulationTrace trace() {
        return trace;
    }

    List<String> violations() {
        return violations;
    }

    /** Returns the one source of everything random in this run. */
    public Random random() {
        return random;
    }

    /** Returns one of several things, at random. */
    public <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Returns the nodes, the clock and the backend. */
    public TestCluster cluster() {
        return cluster;
    }

    /** Returns what has happened to nodes and backend. */
    public Incidents incidents() {
        return incidents;
    }

    /** Adds a line to the trace. */
    public void note(String what) {
        trace.add(what);
    }

    /** Says that something is wrong; the run goes on, and has failed. */
    public void violation(String what) {
        trace.add("VIOLATION " + what);
        violations.add(what);
    }

    /** Returns the microseconds since the run began. */
    public long now() {
        return trace.now();
    }

    /** Runs something later, whatever happens to the nodes. {@link SimulatedNode#later} is what a node does later. */
    public void after(Duration delay, Runnable task) {
        var unused = cluster.time().schedule(delay, task);
    }

    /** Returns the nodes that run and are not frozen. */
    public List<TestNode> up() {
        List<TestNode> up = new ArrayList<>();
        for (TestNode node : cluster.nodes()) {
            if (node.isUp()) {
                up.add(node);
            }
        }
        return up;
    }

    /** Returns the ids of the engines that run, frozen or not. */
    public Set<String> running() {
        Set<String> running = new TreeSet<>();
        cluster.nodes().stream()
                .filter(TestNode::isRunning)
                .forEach(node -> running.add(node.realtime().node()));
        return running;
    }

    /** Whether the engine of this id still runs, frozen or not. */
    public boolean isRunning(String node) {
        TestNode machine = nodes.get(node);
        return machine != null
                && machine.isRunning()
                && machine.realtime().node().equals(node);
    }

    /** Returns the end of the log of the namespace {@code /} as an engine knows it. */
    public Position tail(String node) {
        NodeBackend backend = backends.get(node);
        Position tail = backend == null ? null : backend.tail("/");
        return tail == null ? Position.START : tail;
    }
}
