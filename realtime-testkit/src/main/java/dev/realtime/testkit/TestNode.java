package dev.realtime.testkit;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.drain.DrainOptions;
import dev.realtime.testkit.backend.ClusterBackend;
import dev.realtime.testkit.backend.NodeBackend;
import dev.realtime.testkit.backend.SeededLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One node of a {@link TestCluster}: a real engine, and what may happen to the machine it runs on. */
public final class TestNode {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final int index;
    private final long seed;
    private final VirtualTime time;
    private final Executor workers;
    private final Executor network;
    private final ClusterBackend backend;
    private final EmitPace pace;
    private final Supplier<RealtimeBuilder> builder;
    private int starts;
    private NodeGate gate = new NodeGate();
    private NodeClock clock;
    private SeededLine line;
    private @Nullable Realtime realtime;
    private @Nullable NodeBackend backendView;
    private @Nullable InMemoryTransport transport;
    private final List<InMemoryTransport> transports = new ArrayList<>();
    private Duration leastLatency = Duration.ZERO;
    private Duration mostLatency = Duration.ZERO;

    TestNode(
            int index,
            long seed,
            VirtualTime time,
            Executor workers,
            Executor network,
            ClusterBackend backend,
            EmitPace pace,
            Supplier<RealtimeBuilder> builder) {
        this.index = index;
        this.seed = seed;
        this.time = time;
        this.workers = workers;
        this.network = network;
        this.backend = backend;
        this.pace = pace;
        this.builder = builder;
        this.clock = new NodeClock(time, gate);
        this.line = new SeededLine(time, gate, index);
    }

    /** Starts it, if it does not run. */
    public void start() {
        gate = new NodeGate();
        clock = new NodeClock(time, gate);
        line = new SeededLine(time, gate, seed * 31 + index * 1_000L + starts).latency(leastLatency, mostLatency);
        NodeGate mine = gate;
        String prefix = starts == 0 ? "n" + index : "n" + index + "r" + starts;
        starts++;
        NodeBackend view = backend.forNode(line);
        backendView = view;
        Executor mineAlone = task -> workers.execute(() -> mine.execute(task));
        Realtime built = builder.get()
                .time(clock)
                .ids(new SequentialIds(prefix))
                .executor(mineAlone)
                .engineExecutor(mineAlone)
                .backend(new PacedBackend(view, pace))
                .build();
        realtime = built;
        InMemoryTransport opened = new InMemoryTransport(built.doors(), time, network, mine);
        transport = opened;
        transports.add(opened);
        time.settle();
    }

    /** Its place in the cluster, from 0. */
    public int index() {
        return index;
    }

    /** The engine. */
    public Realtime realtime() {
        if (realtime == null) {
            throw notRunning();
        }
        return realtime;
    }

    public Namespace namespace(String name) {
        return realtime().namespace(name);
    }

    /** Its view of what the nodes share. */
    public NodeBackend backend() {
        if (backendView == null) {
            throw notRunning();
        }
        return backendView;
    }

    /** Its line to the backend: latency, and what else may happen there. */
    public SeededLine line() {
        return line;
    }

    /** For tests that speak to the engine without a client. */
    public InMemoryTransport transport() {
        if (transport == null) {
            throw notRunning();
        }
        return transport;
    }

    private IllegalStateException notRunning() {
        return new IllegalStateException(
                starts == 0
                        ? "node " + index + " was never started: annotate the field of the TestCluster with"
                                + " @RegisterExtension, or call start() before you use it"
                        : "node " + index + " is not running: it was killed or closed, and restart() starts it again");
    }

    /** Whether it runs and answers. */
    public boolean isUp() {
        return realtime != null && !gate.isFrozen();
    }

    /** Whether it runs, frozen or not. */
    public boolean isRunning() {
        return realtime != null;
    }

    /** {@code kill -9}: it does nothing more, nothing is closed, and its clients see their connections end. */
    public void kill() {
        if (realtime == null) {
            return;
        }
        gate.kill();
        line.die();
        transport().cut();
        backend().close(); // its connections end with it
        realtime = null;
        time.settle();
    }

    /** As {@link #kill()}, in the middle of what it does: when it has told the backend so many more things. */
    public void killAfter(int operations) {
        line.dieBefore(operations, this::kill);
    }

    /** The process stops for a while, as in a long collection of garbage: nobody notices, everything waits. */
    public void freeze() {
        gate.freeze();
    }

    /** The process goes on, beginning with what waited. */
    public void thaw() {
        gate.thaw();
        time.settle();
    }

    /** Starts it, as another process under another node id; kills it first if it runs. */
    public void restart() {
        kill();
        start();
    }

    /** Ends its engine alone, whatever it is doing, so that nobody waits for it any more. */
    void closeEngine() {
        Realtime running = realtime;
        if (running != null) {
            running.close();
        }
    }

    /** Stops it in good order: it drains, hands its sessions over, and ends. */
    public void close() {
        Realtime closing = realtime;
        if (closing == null) {
            return;
        }
        heal();
        thaw();
        CompletableFuture<Void> drained = closing.drain(DRAIN).toCompletableFuture();
        for (int step = 0; step < 100 && !drained.isDone(); step++) {
            time.advance(DRAIN.dividedBy(50));
        }
        if (!drained.isDone()) {
            throw new AssertionError(
                    "node " + index + " has not come to rest " + DRAIN.multipliedBy(2) + " after its drain began");
        }
        closing.close();
        realtime = null;
        time.settle();
        gate.kill();
        line.die();
    }

    /** The node and the backend do not hear each other any more; its clients still reach it. */
    public void partition() {
        cutToBackend();
        cutFromBackend();
    }

    /** The backend does not hear the node any more. */
    public void cutToBackend() {
        line.cutToBackend();
    }

    /** The node does not hear the backend any more. */
    public void cutFromBackend() {
        line.cutToNode();
    }

    /** Node and backend hear each other again. */
    public void heal() {
        line.heal();
        time.settle();
    }

    /** The wall clock of this node jumps, in either direction. */
    public void jumpClock(Duration by) {
        clock.jump(by);
    }

    /** How many timers its engine has set that have neither run nor been cancelled. */
    public int timers() {
        return clock.timers();
    }

    /** What its engines did that a transport need not endure. */
    public List<String> violationsOfTheTransport() {
        return transports.stream().flatMap(each -> each.violations().stream()).toList();
    }

    /** Begins to stop in good order and returns at once; the node ends when it has drained, which takes time. */
    public CompletionStage<Void> beginClose() {
        Realtime closing = realtime();
        return endBehind(closing, closing.drain(DRAIN));
    }

    /** The same in phases, as in a deploy: it announces that it stops, and its clients move one after another. */
    public CompletionStage<Void> beginClose(DrainOptions options) {
        Realtime closing = realtime();
        return endBehind(closing, closing.drain(options));
    }

    private CompletionStage<Void> endBehind(Realtime closing, CompletionStage<Void> drain) {
        return drain.thenAccept(drained -> workers.execute(() -> {
            if (realtime == closing) {
                closing.close();
                kill();
            }
        }));
    }

    /** Everything between this node and the backend takes between these from now on, in each direction, at random. */
    public void latency(Duration least, Duration most) {
        leastLatency = least;
        mostLatency = most;
        line.latency(least, most);
    }

    @Override
    public String toString() {
        return "node " + index
                + (realtime == null ? " (not running)" : gate.isFrozen() ? " (frozen)" : " " + realtime.node());
    }
}
