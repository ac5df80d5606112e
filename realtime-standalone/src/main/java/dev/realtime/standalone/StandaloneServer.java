package dev.realtime.standalone;

import dev.realtime.Realtime;
import dev.realtime.spi.BoundedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine on a port of its own, on Tyrus and Grizzly: WebSocket and long-polling under the engine's path, {@code /health} (JSON, 200
 * {@code UP} or 503 {@code STOPPING}), static files and REST handlers. {@code /metrics} (Prometheus text) and whether the node is
 * {@code DEGRADED}, that is without its backend, are for {@linkplain Builder#managementPort(int) a port of their own}.
 *
 * <pre>{@code
 * StandaloneServer server = StandaloneServer.start(realtime, 8080);
 * StandaloneServer other = StandaloneServer.builder(realtime).port(8443).tls(new Tls(Path.of("game.p12"), password))
 *         .staticFiles("/", "web").handler("/api/world", (request, body) -> world()).start();
 * }</pre>
 */
public final class StandaloneServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneServer.class);
    private static final int GOING_AWAY = 1001;
    private static final Duration FORGETTING = Duration.ofSeconds(30);

    private final ServedEngine engine;
    private final RequestRouter router;
    private final ServerSockets port;
    private final DeadlineTimer deadlines;
    private final RestWorkers workers;
    private final WebSockets sockets;
    private final Duration drainPatience;
    private final HttpConnections connections;
    private final int number;
    private final int managementNumber;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StandaloneServer(Builder options, TyrusHandshake handshake) throws IOException {
        engine = options.engine;
        drainPatience = options.drainPatience;
        deadlines = new DeadlineTimer();
        HttpCounters counters = new HttpCounters();
        BoundedLog lines = new BoundedLog(System::nanoTime, BoundedLog.DEFAULT_LINES, counters.omittedLines::increment);
        workers = new RestWorkers(
                options.handlersPerAddress,
                counters.queuedHandlers::increment,
                engine.doors().inbound(),
                lines);
        HeavyWork heavy = new HeavyWork(System::nanoTime, counters.rests::increment);
        deadlines.every(FORGETTING, heavy::forget);
        sockets = new WebSockets(engine.doors(), deadlines, heavy);
        ErrorShield shield = new ErrorShield(counters, lines);
        HttpOptions http = options.http();
        connections = new HttpConnections(http, counters, deadlines);
        ManagementDetails details =
                new ManagementDetails(options.publicDetails, engine.stats(), counters, connections::size);
        router = new RequestRouter(engine, options.handlers, options.files, workers, details, lines);
        port = new ServerSockets(
                options.selectors, options.gather, options.sendBuffer, options.tls, new SelectorThreads(counters));
        Upgrades upgrades = new Upgrades(engine.doors(), handshake, sockets, port.webSocketChain(shield), lines);
        HttpServer shared =
                new HttpServer(engine, http, counters, lines, deadlines, connections, router, upgrades, heavy);
        try {
            port.open(options.host, options.port, new HttpFilter(shared, sockets, port.isSecure(), shield));
            if (options.managementPort >= 0) {
                details.managementPort(port.alsoListen(options.managementHost, options.managementPort));
            }
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
        managementNumber = details.managementPort();
        number = port.number();
    }

    /** Starts with the defaults on a port; 0 lets the system choose one. */
    public static StandaloneServer start(Realtime realtime, int port) {
        Objects.requireNonNull(realtime, "realtime");
        return builder(realtime).port(port).start();
    }

    /**
     * A server for an engine, not yet started.
     */
    public static Builder builder(Realtime realtime) {
        Objects.requireNonNull(realtime, "realtime");
        return builder(new ServedEngine(
                realtime.doors(), realtime::stats, realtime::isOpen, realtime::isDegraded, realtime::drain));
    }

    static Builder builder(ServedEngine engine) {
        return new Builder(engine);
    }

    /** The port; the one that the system chose if 0 was asked for. */
    public int port() {
        return number;
    }

    /** The port for operators; the one that the system chose if 0 was asked for, -1 when there is none. */
    public int managementPort() {
        return managementNumber;
    }

    /**
     * Stops: refuses new connections, drains the engine (at most {@link Builder#drainPatience}), closes what is still open, then
     * releases port and threads. Blocks until done. A new server may use the port at once. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        router.stopping();
        port.stopListening();
        try {
            engine.drain()
                    .apply(drainPatience)
                    .toCompletableFuture()
                    .get(drainPatience.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the engine did not drain in {}", drainPatience, e);
        }
        sockets.closeAll(GOING_AWAY, "server is stopping");
        connections.finishAll();
        awaitGoodbyes();
        release();
    }

    /** Clients have the engine's patience to answer their close frames; then they are cut off. */
    private void awaitGoodbyes() {
        long end = System.nanoTime() + engine.doors().patience().toNanos();
        boolean terminated = false;
        while (!sockets.isEmpty() || !connections.isEmpty()) {
            boolean late = System.nanoTime() > end;
            if (late && terminated) {
                return;
            }
            if (late || Thread.currentThread().isInterrupted()) {
                sockets.terminateAll();
                connections.terminateAll();
                terminated = true;
                end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private void release() {
        port.close();
        deadlines.close();
        workers.close();
        sockets.close();
    }

    /** Options of a server; every one has a default. Not thread-safe. */
    public static final class Builder {
        private final ServedEngine engine;
        private final Map<String, RestHandler> handlers = new HashMap<>();
        private final List<StaticFiles> files = new ArrayList<>();
        private String host = "0.0.0.0";
        private int port = 8080;
        private int selectors = Runtime.getRuntime().availableProcessors() < 4 ? 1 : 2;
        private Duration gather = Duration.ofNanos(500_000);
        private Duration drainPatience = Duration.ofSeconds(10);
        private Duration idleTimeout = Duration.ofSeconds(30);
        private int maxHeaderBytes = 16_384;
        private int maxHttpConnections = 10_000;
        private int maxHttpConnectionsPerAddress = 1_000;
        private int handlersPerAddress = RestWorkers.THREADS / 2;
        private TrustedProxies proxies = TrustedProxies.none();
        private int sendBuffer = 65_536;
        private boolean publicDetails;
        private String managementHost = "127.0.0.1";
        private int managementPort = ManagementDetails.NO_PORT;
        private @Nullable SSLContext tls;

        private Builder(ServedEngine engine) {
            this.engine = engine;
        }

        /** 0 lets the system choose a free one; default 8080. */
        public Builder port(int number) {
            if (number < 0 || number > 65_535) {
                throw new IllegalArgumentException("port must be between 0 and 65535, but is " + number);
            }
            port = number;
            return this;
        }

        /** The address to listen on; default {@code 0.0.0.0}, all of them, as other embedded servers do. */
        public Builder host(String address) {
            Objects.requireNonNull(address, "host");
            host = address;
            return this;
        }

        /** HTTPS and WSS instead of HTTP and WS. Costs the batched path its directness: bytes then pass the TLS engine. */
        public Builder tls(SSLContext context) {
            Objects.requireNonNull(context, "tls");
            tls = context;
            return this;
        }

        /**
         * As {@link #tls(SSLContext)}, from a key store file.
         *
         * @throws IllegalArgumentException when the file is not there or no key store
         */
        public Builder tls(Tls keystore) {
            Objects.requireNonNull(keystore, "tls");
            return tls(keystore.context());
        }

        /** Serves the files of a class path folder under a path prefix; the longest prefix that fits a request wins. */
        public Builder staticFiles(String prefix, String classpathFolder) {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(classpathFolder, "classpathFolder");
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            return files(
                    prefix,
                    StaticSource.classpath(
                            classpathFolder, loader != null ? loader : StandaloneServer.class.getClassLoader()));
        }

        /** Serves the files of a directory under a path prefix. */
        public Builder staticFiles(String prefix, Path directory) {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(directory, "directory");
            return files(prefix, StaticSource.directory(directory));
        }

        private Builder files(String prefix, StaticSource source) {
            String path = checked(prefix).endsWith("/") ? prefix : prefix + "/";
            files.add(new StaticFiles(path, source));
            files.sort(
                    java.util.Comparator.comparingInt(StaticFiles::prefixLength).reversed());
            return this;
        }

        /** Answers every method of exactly this path; takes precedence over {@code /health} and files. */
        public Builder handler(String path, RestHandler handler) {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(handler, "handler");
            if (handlers.putIfAbsent(checked(path), handler) != null) {
                throw new IllegalArgumentException("there is already a handler for " + path);
            }
            return this;
        }

        private static String checked(String path) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("a path starts with a slash, but this is '" + path + "'");
            }
            return path;
        }

        /** Threads that read and write sockets and run the engine; default 2, or 1 where there are less than four cores. */
        public Builder selectors(int threads) {
            if (threads < 1) {
                throw new IllegalArgumentException("selectors must be at least 1, but is " + threads);
            }
            selectors = threads;
            return this;
        }

        /**
         * How long a busy I/O thread lets messages gather before it reads them together: so much latency, only while it would be woken
         * more often than every two such times for few messages each, for much less work per message. Default 0.5 ms, at most 10 ms; zero: not at all.
         */
        public Builder gather(Duration atMost) {
            Objects.requireNonNull(atMost, "gather");
            if (atMost.isNegative() || atMost.toMillis() > 10) {
                throw new IllegalArgumentException("gather must be between 0 and 10 ms, but is " + atMost);
            }
            gather = atMost;
            return this;
        }

        /** How long {@link StandaloneServer#close} lets accepted events finish; default 10 s. */
        public Builder drainPatience(Duration atMost) {
            Objects.requireNonNull(atMost, "drainPatience");
            drainPatience = atMost;
            return this;
        }

        /**
         * How long an HTTP connection may stay without a request being answered on it, whether it is silent or sends the head of a request
         * drop by drop; default 30 s.
         */
        public Builder idleTimeout(Duration atMost) {
            Objects.requireNonNull(atMost, "idleTimeout");
            if (atMost.toMillis() < 40) {
                throw new IllegalArgumentException("idleTimeout must be at least 40 ms, but is " + atMost);
            }
            idleTimeout = atMost;
            return this;
        }

        /**
         * Bytes of a request line and its headers together; default 16,384 as in Node.js. What is longer is answered 431, or 414 when the
         * request line alone is. Raise it for large cookies and tokens.
         *
         * @param most between 1,024 and 1,048,576
         */
        public Builder maxHeaderBytes(int most) {
            maxHeaderBytes = between(1_024, 1 << 20, "maxHeaderBytes", most);
            return this;
        }

        /**
         * HTTP connections at a time, whether they poll, are kept alive or have not sent anything yet; default 10,000. One more is reset.
         * WebSockets do not count here, see {@link dev.realtime.limits.Limits#maxConnections()}.
         */
        public Builder maxHttpConnections(int most) {
            maxHttpConnections = between(1, Integer.MAX_VALUE, "maxHttpConnections", most);
            return this;
        }

        /**
         * As {@link #maxHttpConnections(int)}, from one address (of IPv6 one /64 network); default 1,000, since many players may share one.
         * What counts is the other end of the socket. {@linkplain #trustedProxies Trusted proxies} may open as many as they like of
         * {@code maxHttpConnections}; behind one that is not listed, raise this.
         */
        public Builder maxHttpConnectionsPerAddress(int most) {
            maxHttpConnectionsPerAddress = between(1, Integer.MAX_VALUE, "maxHttpConnectionsPerAddress", most);
            return this;
        }

        /**
         * How many of the 16 threads of REST handlers and files one address (of IPv6 one /64 network) has at a time; default 8. What it asks for beyond
         * that waits, the same part of the 1,024 requests that may, while others pass by. Behind a proxy that is not {@linkplain #trustedProxies
         * listed}, raise this.
         *
         * @param most between 1 and 16
         */
        public Builder handlersPerAddress(int most) {
            handlersPerAddress = between(1, RestWorkers.THREADS, "handlersPerAddress", most);
            return this;
        }

        /**
         * Whose word about clients is believed: the address, scheme and host of a request that such a proxy passes on are those that the proxy
         * tells, for limits, origins, logs and {@link dev.realtime.Handshake}. Default: {@linkplain TrustedProxies#none() nobody's}.
         */
        public Builder trustedProxies(TrustedProxies trusted) {
            proxies = Objects.requireNonNull(trusted, "trustedProxies");
            return this;
        }

        /**
         * Bytes that the kernel holds for a client that does not read, before this server's own bounds apply; default 65,536, which allows
         * 640 KB a second at a round trip of 100 ms. Linux counts about twice as much. 0 leaves it to the system, which may go to
         * several megabytes for each connection.
         *
         * @param bytes 0, or at least 4,096
         */
        public Builder sendBuffer(int bytes) {
            sendBuffer = bytes == 0 ? 0 : between(4_096, 1 << 30, "sendBuffer", bytes);
            return this;
        }

        /**
         * Whether everybody may read {@code /metrics} and see in {@code /health} that the server is without its backend; default false:
         * {@code /health} says whether the server lives and no more, and there is no {@code /metrics}.
         *
         * @see #managementPort(int)
         */
        public Builder publicDetails(boolean open) {
            publicDetails = open;
            return this;
        }

        /**
         * Serves {@code /metrics} and {@code /health} in full on a port of their own, on {@code 127.0.0.1}. With {@link #tls} it is HTTPS
         * too. Default: none.
         *
         * @param number 0 lets the system choose a free one
         */
        public Builder managementPort(int number) {
            return managementPort("127.0.0.1", number);
        }

        /** As {@link #managementPort(int)}, on an address that operators can reach and players should not. */
        public Builder managementPort(String address, int number) {
            managementHost = Objects.requireNonNull(address, "address");
            managementPort = between(0, 65_535, "managementPort", number);
            return this;
        }

        private HttpOptions http() {
            return new HttpOptions(
                    maxHeaderBytes, maxHttpConnections, maxHttpConnectionsPerAddress, idleTimeout, proxies);
        }

        private static int between(int least, int most, String option, int value) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        option + " must be between " + least + " and " + most + ", but is " + value);
            }
            return value;
        }

        /**
         * Opens the port.
         *
         * @throws IllegalStateException when the engine is closed, or stops
         * @throws UncheckedIOException when the port cannot be had
         */
        public StandaloneServer start() {
            if (!engine.isOpen().getAsBoolean()) {
                throw new IllegalStateException("this Realtime is closed, or stops, and lets nobody in");
            }
            try {
                StandaloneServer server = new StandaloneServer(
                        this,
                        TyrusHandshake.at(
                                engine.doors().path(),
                                engine.doors().compression().enabled()));
                LOG.info("listening on {}:{}", host, server.port());
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
            }
        }
    }
}
