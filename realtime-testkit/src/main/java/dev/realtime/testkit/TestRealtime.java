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
 * An engine for one test: on virtual time, with a transport in memory, and with {@link TestUsers} in place of the real authenticator.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TestRealtime realtime = TestRealtime.of(Game::realtime);
 *
 * @Test
 * void everybodyInTheTavernHearsIt() {
 *     TestClient ann = realtime.connect("/", "ann");
 *     ann.emit(SAY, new Chat("hi"));
 *     assertThat(ann.next(SAID).text()).isEqualTo("hi");
 * }
 * }</pre>
 *
 * <p>After the test the engine is drained; the test fails if a task of the engine has thrown or the engine has broken the rules of the
 * transport SPI. Without JUnit: {@link #start()} and {@link #close()}.
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

    /** An engine with the options of this builder. */
    public static TestRealtime of(Supplier<RealtimeBuilder> builder) {
        return new TestRealtime(builder);
    }

    /** Leaves the builder's own authenticator where it is. */
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

    /** A client still to be described. */
    public ClientOptions client() {
        return new ClientOptions(new Entrance.Only(transport(), clients::add));
    }

    public Realtime realtime() {
        if (realtime == null) {
            throw notRunning();
        }
        return realtime;
    }

    public Namespace namespace(String name) {
        return realtime().namespace(name);
    }

    public VirtualTime time() {
        return time;
    }

    public VirtualExecutor executor() {
        return executor;
    }

    public Backend backend() {
        return backend;
    }

    /** For tests that speak to the engine without a client. */
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

    /** Lets time pass. */
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
