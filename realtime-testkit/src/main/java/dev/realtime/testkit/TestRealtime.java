package dev.realtime.testkit;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.memory.InMemoryBackend;
import dev.realtime.spi.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * An engine for one test: the real one, on virtual time, with a transport in memory, and with {@link TestUsers} in place of the application's authenticator.
 * It is an extension for JUnit 5.10 or later, or 6, and a field of the test. Not thread-safe.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TestRealtime realtime = TestRealtime.of(Game::realtime);
 *
 * @Test
 * void everybodyInTheTavernHearsIt() {
 *     TestClient ann = realtime.connect("/", "ann");
 *     TestClient bob = realtime.connect("/", "bob");
 *
 *     ann.emit(Game.SAY, new Chat("hi"));
 *
 *     assertThat(bob.next(Game.SAID)).isEqualTo(new Said("ann", "hi"));
 * }
 * }</pre>
 *
 * <p>JUnit calls {@link #start()} before each test and {@link #close()} after it. Without JUnit the test calls them.
 *
 * <h2>Clients</h2>
 *
 * <p>A {@link TestClient} speaks Socket.IO as the official client does. What it sends has been handled when the call returns, and what handlers or the test
 * emit has arrived when the client is asked for it. {@link #client()} describes one with headers, queries, an address, long-polling.
 *
 * <h2>Time</h2>
 *
 * <p>Only the test moves the clock. What becomes due on the way runs at its moment, in the order of the moments:
 *
 * <pre>{@code
 * @Test
 * void afterTwoMinutesASessionIsOver() {
 *     TestClient ann = realtime.connect("/", "ann");
 *     ann.dropConnection();
 *
 *     realtime.advance(Duration.ofMinutes(2).plusSeconds(1));
 *
 *     ann.reconnect();
 *     assertThat(ann.recovered()).isFalse();
 * }
 * }</pre>
 *
 * <h2>Waiting</h2>
 *
 * <p>The engine, its handlers and the clock are moved by the test's own thread. The result of a stage is therefore asked for with {@link #await}, which lets the
 * engine come to rest first:
 *
 * <pre>{@code
 * @Test
 * void theServerMayAskAClient() {
 *     TestClient ann = realtime.connect("/", "ann");
 *     ann.answer(Game.READY, question -> new Ready(question.round() + 1));
 *
 *     var replies = realtime.await(
 *             realtime.namespace("/").user("ann").request(Game.READY, new Ready(1), Duration.ofSeconds(5)));
 *
 *     assertThat(replies.values()).containsExactly(new Ready(2));
 * }
 * }</pre>
 *
 * <p>A {@code join()} on such a stage would wait for ever, in a handler as in the test; after the {@linkplain #blockingLimit blocking limit} it fails the test.
 *
 * <h2>Failures</h2>
 *
 * <p>The engine is drained after the test. The test fails if a handler or a listener has thrown and the test has not {@linkplain #expectHandlerFailure()
 * expected} it, if a task of the engine has thrown, if the engine still counts bytes of clients that are gone, or if it has broken the rules of the
 * transport SPI.
 *
 * @see TestCluster several engines that share a backend
 */
public final class TestRealtime
        implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler, AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Supplier<RealtimeBuilder> builder;
    private final VirtualTime time = VirtualTime.create();
    private final VirtualExecutor executor = new VirtualExecutor(time);
    private final Backend backend = InMemoryBackend.create();
    private final List<TestClient> clients = new ArrayList<>();
    private final HandlerFailures failures = new HandlerFailures();
    private final BlockingWatchdog watchdog = new BlockingWatchdog(time, this::closeEngine);
    private Executor handlers = executor;
    private UnaryOperator<Backend> seam = UnaryOperator.identity();
    private boolean ownAuthenticator;
    private @Nullable Realtime realtime;
    private @Nullable InMemoryTransport transport;

    private TestRealtime(Supplier<RealtimeBuilder> builder) {
        this.builder = builder;
    }

    /**
     * Returns an engine that is still to be started.
     *
     * @param builder is asked for the options before each start
     */
    public static TestRealtime of(Supplier<RealtimeBuilder> builder) {
        return new TestRealtime(builder);
    }

    /** Leaves the builder's own authenticator in place; {@link TestUsers} does not decide then. */
    public TestRealtime keepAuthenticator() {
        ownAuthenticator = true;
        return this;
    }

    /** Runs handlers, listeners and authenticators on this executor instead, such as one that holds some back as if they blocked. */
    public TestRealtime handlers(Executor own) {
        handlers = own;
        return this;
    }

    /** Puts something around the engine's backend, such as a probe. */
    public TestRealtime backend(UnaryOperator<Backend> around) {
        seam = around;
        return this;
    }

    /**
     * Sets after how long a test is failed whose thread waits for what can only happen while it does not wait, such as a handler that calls {@code
     * join()} on a stage of the engine.
     *
     * @param limit of real time, at least 100 ms; default 10 s
     * @throws IllegalArgumentException if the limit is shorter
     */
    public TestRealtime blockingLimit(Duration limit) {
        watchdog.limit(Objects.requireNonNull(limit, "limit"));
        return this;
    }

    /** Builds the engine. JUnit calls it before each test. */
    public TestRealtime start() {
        if (realtime != null) {
            throw new IllegalStateException(
                    "the engine is running already: JUnit starts it if the field is annotated with"
                            + " @RegisterExtension, else start() does");
        }
        RealtimeBuilder options = builder.get()
                .time(time)
                .ids(new SequentialIds("n0"))
                .executor(handlers)
                .engineExecutor(executor)
                .onError(failures::failed)
                .backend(new PacedBackend(seam.apply(backend), new EmitPace(time)));
        if (!ownAuthenticator) {
            options.authenticator(new TestUsers());
        }
        Realtime built = options.build();
        realtime = built;
        transport = new InMemoryTransport(built.doors(), time, executor);
        settle();
        return this;
    }

    /**
     * Says that a handler or a listener was meant to fail, and returns what it has thrown: the oldest failure that was not expected yet. One that
     * no test expects fails the test when it ends.
     *
     * @throws AssertionError if none has failed
     */
    public Throwable expectHandlerFailure() {
        return failures.take();
    }

    /** Lets handlers and listeners fail, as often as they do: no failure of theirs fails the test. */
    public TestRealtime allowHandlerFailures() {
        failures.allow();
        return this;
    }

    /** Drains and closes the engine, and checks that it behaved. JUnit calls it after each test. */
    @Override
    public void close() {
        if (realtime == null) {
            return;
        }
        Realtime closing = realtime;
        realtime = null;
        CompletableFuture<Void> drained = closing.drain(DRAIN).toCompletableFuture();
        time.advance(DRAIN.plus(DRAIN));
        if (!drained.isDone()) {
            throw new AssertionError("the engine has not come to rest " + DRAIN.plus(DRAIN) + " after the drain began");
        }
        closing.close();
        settle();
        if (!executor.failures().isEmpty()) {
            throw new AssertionError(
                    "tasks of the engine have thrown: " + executor.failures(),
                    executor.failures().get(0));
        }
        failures.check();
        long kept = closing.doors().inbound().used();
        if (kept != 0) {
            throw new AssertionError("the engine still counts " + kept + " bytes of clients that are gone");
        }
        if (!transport().violations().isEmpty()) {
            throw new AssertionError("the engine broke the rules of the transport: "
                    + transport().violations());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start();
        watchdog.start();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw watchdog.explained(failure);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        watchdog.stop();
        if (watchdog.hasFired()) {
            realtime = null; // closed to wake the test: what it left behind is no failure of its own
            watchdog.check();
            return;
        }
        close();
    }

    private void closeEngine() {
        Realtime running = realtime;
        if (running != null) {
            running.close();
        }
    }

    /** Connects a user over a WebSocket. */
    public TestClient connect(String namespace, String user) {
        return client().user(user).connect(namespace);
    }

    /** Returns a client that is still to be described. */
    public ClientOptions client() {
        return new ClientOptions(new Entrance.Only(transport(), clients::add));
    }

    /**
     * Returns the engine.
     *
     * @throws IllegalStateException when it does not run
     */
    public Realtime realtime() {
        if (realtime == null) {
            throw notRunning();
        }
        return realtime;
    }

    /** Returns a namespace of the engine. */
    public Namespace namespace(String name) {
        return realtime().namespace(name);
    }

    /** Returns the clock of the engine. */
    public VirtualTime time() {
        return time;
    }

    /** Returns what runs the tasks of the engine, and its handlers unless they have {@linkplain #handlers one of their own}. */
    public VirtualExecutor executor() {
        return executor;
    }

    /** Returns the backend, without what the test has put around it. */
    public Backend backend() {
        return backend;
    }

    /** Returns the transport, for tests that speak to the engine without a client. */
    public InMemoryTransport transport() {
        if (transport == null) {
            throw notRunning();
        }
        return transport;
    }

    private static IllegalStateException notRunning() {
        return new IllegalStateException("the engine is not running: annotate the field of the TestRealtime with"
                + " @RegisterExtension, or call start() before you use it");
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
     * Lets the engine come to rest and returns the result of a stage.
     *
     * @throws AssertionError when it is not complete then
     */
    public <T> T await(CompletionStage<T> stage) {
        settle();
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (!future.isDone()) {
            throw Unfinished.after("everything that needs no time", clients);
        }
        return future.join();
    }

    /**
     * Lets the engine come to rest and returns how a stage failed.
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
}
