package dev.realtime.standalone;

import dev.realtime.Realtime;
import dev.realtime.drain.DrainOptions;
import dev.realtime.spi.BoundedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine on a port of its own, on Grizzly: WebSocket and long-polling under the engine's path, {@code /health}, {@code /health/live} and {@code /health/ready} for
 * probes (200 {@code UP}, or 503), static files and REST handlers. What operators see besides is for {@linkplain StandaloneOptions#managementPort(int) a port of their
 * own}: these pages in full, {@code /health/websocket}, {@code /stats}, and {@code /metrics} (text that the {@linkplain StandaloneOptions#metrics application gives}).
 *
 * A process with a started server goes on until the server is closed, even if its {@code main} has returned.
 *
 * <pre>{@code
 * StandaloneServer server = StandaloneServer.start(realtime, 8080);
 * StandaloneServer other = StandaloneServer.start(realtime, StandaloneOptions.DEFAULT.port(8443).staticFiles("/", "web"));
 * }</pre>
 */
public final class StandaloneServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneServer.class);
    /** What clients get to answer their close frames when the server stops: several round trips of a slow network. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** What the threads of those get that are cut off, to notice it. */
    private static final Duration CUT = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int GOING_AWAY = 1001;
    private static final Duration FORGETTING = Duration.ofSeconds(30);

    private final ServedEngine engine;
    private final RequestRouter router;
    private final ServerSockets port;
    private final HttpCounters counters;
    private final DeadlineTimer deadlines;
    private final RestWorkers workers;
    private final WebSockets sockets;
    private final DrainOptions drain;
    private final HttpConnections connections;
    private final int number;
    private final int managementNumber;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StandaloneServer(ServedEngine engine, StandaloneOptions options) throws IOException {
        this.engine = engine;
        drain = options.drain();
        deadlines = new DeadlineTimer();
        counters = new HttpCounters();
        BoundedLog lines = new BoundedLog(System::nanoTime, BoundedLog.DEFAULT_LINES, counters.omittedLines::increment);
        workers = new RestWorkers(
                options.handlersPerAddress(),
                counters.queuedHandlers::increment,
                engine.doors().inbound(),
                lines);
        HeavyWork heavy = new HeavyWork(System::nanoTime, counters.rests::increment);
        deadlines.every(FORGETTING, heavy::forget);
        sockets = new WebSockets(engine.doors(), deadlines, heavy);
        ErrorShield shield = new ErrorShield(counters, lines);
        HttpOptions http = options.http();
        connections = new HttpConnections(http, counters, deadlines);
        ManagementDetails details = new ManagementDetails(options.publicDetails(), options.metrics());
        router = new RequestRouter(engine, options.handlers(), options.files(), workers, details, lines);
        port = new ServerSockets(
                options.selectors(),
                options.gather(),
                options.sendBuffer(),
                options.tls(),
                new SelectorThreads(counters));
        Upgrades upgrades = new Upgrades(
                engine.doors(),
                new WebSocketHandshake(engine.doors().compression().enabled()),
                sockets,
                port.webSocketChain(shield),
                lines);
        HttpServer shared =
                new HttpServer(engine, http, counters, lines, deadlines, connections, router, upgrades, heavy);
        try {
            port.open(options.host(), options.port(), new HttpFilter(shared, sockets, port.isSecure(), shield));
            if (options.managementPort().isPresent()) {
                details.managementPort(port.alsoListen(
                        options.managementHost(), options.managementPort().getAsInt()));
            }
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
        managementNumber = details.managementPort();
        number = port.number();
    }

    /**
     * Starts a server with the default options.
     *
     * @param port 0 lets the system choose one
     * @throws IllegalStateException if the engine is closed, or stops
     * @throws UncheckedIOException if the port cannot be had
     */
    public static StandaloneServer start(Realtime realtime, int port) {
        Objects.requireNonNull(realtime, "realtime");
        return start(realtime, StandaloneOptions.DEFAULT.port(port));
    }

    /**
     * Starts a server.
     *
     * @throws IllegalStateException if the engine is closed, or stops
     * @throws UncheckedIOException if the port cannot be had
     */
    public static StandaloneServer start(Realtime realtime, StandaloneOptions options) {
        Objects.requireNonNull(realtime, "realtime");
        Objects.requireNonNull(options, "options");
        if (realtime.isOpen() && !options.warmUp().isZero()) {
            WarmUp.run(options.warmUp());
        }
        return start(new ServedEngine(realtime.doors(), realtime::isOpen, realtime.pages(), realtime::drain), options);
    }

    static StandaloneServer start(ServedEngine engine, StandaloneOptions options) {
        if (!engine.isOpen().getAsBoolean()) {
            throw new IllegalStateException("this Realtime is closed, or stops, and lets nobody in");
        }
        try {
            StandaloneServer server = new StandaloneServer(engine, options);
            LOG.info("listening on {}:{}{}", options.host(), server.port(), server.management());
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": " + e.getMessage(), e);
        }
    }

    /** The port; the one that the system chose if 0 was asked for. */
    public int port() {
        return number;
    }

    private String management() {
        return managementNumber < 0 ? "" : ", for operators on port " + managementNumber;
    }

    /** The port for operators; the one that the system chose if 0 was asked for, -1 when there is none. */
    public int managementPort() {
        return managementNumber;
    }

    /**
     * Returns what the server counts beside its engine since it has started, by name: {@code http.requests}, {@code http.connections.refused}, … The names are fixed.
     * {@code log.lines.omitted} is to be added to the engine's own.
     */
    public Map<String, Long> counters() {
        return counters.snapshot();
    }

    /** Returns what the server measures at this moment beside its engine, by name: {@code http.connections} that are open and not a WebSocket. */
    public Map<String, Long> gauges() {
        return Map.of("http.connections", (long) connections.size());
    }

    /** How many deadlines run. */
    int deadlines() {
        return deadlines.waiting();
    }

    /**
     * Stops: drains the engine as {@link StandaloneOptions#drain(DrainOptions)} says, which is announced first; refuses new connections as soon as the engine does; closes what is
     * still open, then releases port and threads. Blocks until done. A new server may use the port at once. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> drained = engine.drain().apply(drain).toCompletableFuture();
        router.stopping();
        awaitAnnouncement(drained);
        port.stopListening();
        try {
            drained.get(drain.deadline().toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the engine did not drain in {}", drain.deadline(), e);
        }
        sockets.closeAll(GOING_AWAY, "server is stopping");
        connections.finishAll();
        awaitGoodbyes();
        release();
        LOG.info("the server on port {} has stopped", number);
    }

    /** The port is open while balancers have not noticed, so that whoever they still send is served. */
    private void awaitAnnouncement(CompletableFuture<Void> drained) {
        while (engine.isOpen().getAsBoolean()
                && !drained.isDone()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Clients have a moment to answer their close frames, as long as nobody is in a hurry; then they are cut off. */
    private void awaitGoodbyes() {
        Duration patience = engine.doors().patience();
        awaitEnds(patience.compareTo(GOODBYE) < 0 ? patience : GOODBYE);
        if (someAreOpen()) {
            sockets.terminateAll();
            connections.terminateAll();
            boolean hurry = Thread.interrupted(); // those that are cut off take no longer than this
            awaitEnds(CUT);
            if (hurry) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awaitEnds(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (someAreOpen()
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private boolean someAreOpen() {
        return !sockets.isEmpty() || !connections.isEmpty();
    }

    private void release() {
        port.close();
        deadlines.close();
        workers.close();
        sockets.close();
    }
}
