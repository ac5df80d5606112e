package dev.realtime.testkit;

import dev.realtime.RealtimeBuilder;
import dev.realtime.testkit.backend.ClusterBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Several real engines in one process, on one backend that they share as bytes, and on one virtual clock: a whole cluster for one test, in milliseconds. It is
 * an extension for JUnit 5.10 or later, or 6, and a field of the test. Not thread-safe.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TestCluster cluster = TestCluster.of(2, Game::realtime);
 *
 * @Test
 * void aMessageCrossesNodesAndSurvivesADrop() {
 *     TestClient ann = cluster.connect(0, "/", "ann");
 *     TestClient bob = cluster.connect(1, "/", "bob");
 *
 *     bob.dropConnection();
 *     ann.emit(Game.SAY, new Chat("hi"));
 *     cluster.time().advance(Duration.ofSeconds(30));
 *     bob.reconnect();
 *
 *     assertThat(bob.recovered()).isTrue();
 *     assertThat(bob.next(Game.SAID).text()).isEqualTo("hi");
 * }
 * }</pre>
 *
 * <p>JUnit calls {@link #start()} before each test and {@link #close()} after it. Without JUnit the test calls them. What {@link TestRealtime} says of clients,
 * time and waiting is true of a cluster too.
 *
 * <h2>Nodes</h2>
 *
 * <p>A {@link TestNode} can be {@linkplain TestNode#kill() killed}, {@linkplain TestNode#freeze() frozen}, {@linkplain TestNode#partition() cut off from the backend}
 * and {@linkplain TestNode#restart() started again}. A client that comes back may choose a node, or go to any, as behind a load balancer:
 *
 * <pre>{@code
 * @Test
 * void nobodyIsLostWithAKilledNode() {
 *     TestClient ann = cluster.connect(0, "/", "ann");
 *     TestClient bob = cluster.connect(1, "/", "bob");
 *
 *     cluster.node(1).kill();
 *     ann.emit(Game.SAY, new Chat("are you there?"));
 *     bob.reconnect();
 *
 *     assertThat(bob.recovered()).isTrue();
 *     assertThat(bob.next(Game.SAID).text()).isEqualTo("are you there?");
 * }
 * }</pre>
 *
 * <h2>The backend</h2>
 *
 * <p>What nodes tell each other crosses as bytes, at once unless there is {@linkplain #latency latency}. The {@linkplain #backend() backend} may lose what it was
 * told last, as a failover to a replica does:
 *
 * <pre>{@code
 * @Test
 * void afterAFailoverThatLostEventsClientsGetFreshSessions() {
 *     TestClient ann = cluster.connect(0, "/", "ann");
 *
 *     cluster.backend().failover(1);
 *     cluster.settle();
 *     ann.reconnect();
 *
 *     assertThat(ann.recovered()).isFalse();
 * }
 * }</pre>
 *
 * <h2>Failures</h2>
 *
 * <p>When a test fails, the failure shows all nodes and what every client has received. The engines are drained after the test. It fails if a handler or a
 * listener has thrown and the test has not {@linkplain #expectHandlerFailure() expected} it, if a task of an engine has thrown, or if an engine has broken the
 * rules of the transport SPI.
 */
public final class TestCluster
        implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler, AutoCloseable {
    private final VirtualTime time = VirtualTime.create();
    private final VirtualExecutor executor = new VirtualExecutor(time);
    private final ClusterBackend backend = ClusterBackend.create(time);
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<TestClient> clients = new ArrayList<>();
    private final HandlerFailures failures = new HandlerFailures();
    private final BlockingWatchdog watchdog = new BlockingWatchdog(time, () -> nodes().forEach(TestNode::closeEngine));
    private final Random random;
    private boolean ownAuthenticator;

    private TestCluster(
            int size,
            Supplier<RealtimeBuilder> builder,
            long seed,
            BiFunction<VirtualTime, Executor, Executor> workers,
            BiFunction<VirtualTime, Executor, Executor> network) {
        if (size < 1) {
            throw new IllegalArgumentException("a cluster has at least one node, but was asked for " + size);
        }
        random = new Random(seed);
        EmitPace pace = new EmitPace(time);
        for (int index = 0; index < size; index++) {
            nodes.add(new TestNode(
                    index,
                    seed,
                    time,
                    workers.apply(time, executor),
                    network.apply(time, executor),
                    backend,
                    pace,
                    () -> {
                        RealtimeBuilder options = builder.get().onError(failures::failed);
                        return ownAuthenticator ? options : options.authenticator(new TestUsers());
                    }));
        }
    }

    /**
     * Returns so many engines that are still to be started; clients are whom {@link TestUsers} believes them to be.
     *
     * @param builder is asked for the options of each node before it starts
     */
    public static TestCluster of(int size, Supplier<RealtimeBuilder> builder) {
        return new TestCluster(size, builder, 1, (time, executor) -> executor, (time, executor) -> executor);
    }

    /**
     * Returns a cluster whose tasks and packets do not run at once.
     *
     * @param workers makes of the common executor the one for a node's engine
     * @param network makes of the common executor the one that carries a node's packets; it keeps their order
     */
    public static TestCluster of(
            int size,
            Supplier<RealtimeBuilder> builder,
            long seed,
            BiFunction<VirtualTime, Executor, Executor> workers,
            BiFunction<VirtualTime, Executor, Executor> network) {
        return new TestCluster(size, builder, seed, workers, network);
    }

    /** Leaves the builder's own authenticator in place; {@link TestUsers} does not decide then. */
    public TestCluster keepAuthenticator() {
        ownAuthenticator = true;
        return this;
    }

    /**
     * Sets how long everything between a node and the backend takes, in each direction, at random between these two, and the same in every run. What is
     * emitted then arrives when time passes. Default: no time at all.
     */
    public TestCluster latency(Duration least, Duration most) {
        nodes.forEach(node -> node.latency(least, most));
        return this;
    }

    /**
     * Sets after how long a test is failed whose thread waits for what can only happen while it does not wait, such as a handler that calls {@code
     * join()} on a stage of the engine.
     *
     * @param limit of real time, at least 100 ms; default 10 s
     * @throws IllegalArgumentException if the limit is shorter
     */
    public TestCluster blockingLimit(Duration limit) {
        watchdog.limit(Objects.requireNonNull(limit, "limit"));
        return this;
    }

    /** Starts all nodes. JUnit calls it before each test. */
    public TestCluster start() {
        nodes.forEach(TestNode::start);
        return this;
    }

    /**
     * Says that a handler or a listener was meant to fail on one of the nodes, and returns what it has thrown: the oldest failure that was not
     * expected yet. One that no test expects fails the test when it ends.
     *
     * @throws AssertionError if none has failed
     */
    public Throwable expectHandlerFailure() {
        return failures.take();
    }

    /** Lets handlers and listeners fail, as often as they do: no failure of theirs fails the test. */
    public TestCluster allowHandlerFailures() {
        failures.allow();
        return this;
    }

    /** Closes all nodes, and checks that they behaved. JUnit calls it after each test. */
    @Override
    public void close() {
        nodes.forEach(TestNode::close);
        if (!executor.failures().isEmpty()) {
            throw new AssertionError(
                    "tasks of an engine have thrown: " + executor.failures(),
                    executor.failures().get(0));
        }
        failures.check();
        for (TestNode node : nodes) {
            if (!node.violationsOfTheTransport().isEmpty()) {
                throw new AssertionError(
                        node + " broke the rules of the transport: " + node.violationsOfTheTransport());
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start();
        watchdog.start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        watchdog.stop();
        if (watchdog.hasFired()) {
            nodes.forEach(TestNode::kill); // closed to wake the test: what it left behind is no failure of its own
            watchdog.check();
            return;
        }
        close();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        Throwable explained = watchdog.explained(failure);
        explained.addSuppressed(new Seen(describe()));
        throw explained;
    }

    /** Returns what every node and every client looks like now. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        nodes.forEach(node -> text.append("\n  ").append(node));
        clients.forEach(client -> text.append(client.receivedSoFar()));
        return text.toString();
    }

    /** Connects a user to a node over a WebSocket. */
    public TestClient connect(int node, String namespace, String user) {
        return client(node).user(user).connect(namespace);
    }

    /** Returns a client of a node that is still to be described. */
    public ClientOptions client(int node) {
        return new ClientOptions(new Balancer(node));
    }

    /**
     * Returns a node.
     *
     * @param index from 0
     */
    public TestNode node(int index) {
        return nodes.get(index);
    }

    /** Returns all nodes, the killed ones included. */
    public List<TestNode> nodes() {
        return List.copyOf(nodes);
    }

    /** Returns the clock that all nodes share. */
    public VirtualTime time() {
        return time;
    }

    /** Returns what runs the tasks of all engines. */
    public VirtualExecutor executor() {
        return executor;
    }

    /** Returns what the nodes share. */
    public ClusterBackend backend() {
        return backend;
    }

    /** Runs everything that can run without time passing. */
    public void settle() {
        time.settle();
    }

    /** Lets time pass: whatever becomes due runs at its moment. */
    public void advance(Duration by) {
        time.advance(by);
    }

    /**
     * Lets the cluster come to rest and returns the result of a stage. With {@linkplain #latency latency} that takes time, which passes.
     *
     * @throws AssertionError when it is not complete after ten seconds
     */
    public <T> T await(CompletionStage<T> stage) {
        settle();
        CompletableFuture<T> future = stage.toCompletableFuture();
        for (int step = 0; step < 1000 && !future.isDone(); step++) {
            time.advance(Duration.ofMillis(10));
        }
        if (!future.isDone()) {
            throw Unfinished.after("ten seconds", clients);
        }
        return future.join();
    }

    /**
     * Lets the cluster come to rest and returns how a stage failed.
     *
     * @throws AssertionError when it is not complete then, or has not failed
     */
    public Throwable failure(CompletionStage<?> stage) {
        try {
            throw new AssertionError("did not fail, but gave " + await(stage));
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    /** Where the connections of one client go. */
    private final class Balancer implements Entrance {
        private int node;
        private int next;

        Balancer(int node) {
            this.node = nodes.get(node).index();
            this.next = node;
        }

        @Override
        public InMemoryTransport transport() {
            return nodes.get(node).transport();
        }

        /** One after the other, without those that do not answer. */
        @Override
        public InMemoryTransport roaming() {
            for (int left = nodes.size(); left > 0; left--) {
                TestNode chosen = nodes.get(next++ % nodes.size());
                if (chosen.isUp()) {
                    return chosen.transport();
                }
            }
            return transport();
        }

        @Override
        public VirtualTime time() {
            return time;
        }

        @Override
        public int nodes() {
            return nodes.size();
        }

        @Override
        public void choose(int chosen) {
            node = nodes.get(chosen).index();
        }

        @Override
        public void chooseAnother() {
            node = (node + 1 + random.nextInt(nodes.size())) % nodes.size();
        }

        @Override
        public double jitter() {
            return random.nextDouble();
        }

        @Override
        public void entered(TestClient client) {
            clients.add(client);
        }
    }

    /** What stood where when a test failed; it is no failure of its own. */
    private static final class Seen extends RuntimeException {
        private static final long serialVersionUID = 1;

        Seen(String text) {
            super(text, null, false, false);
        }
    }
}
