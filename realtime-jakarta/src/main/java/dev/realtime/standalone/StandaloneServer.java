package dev.realtime.standalone;

import dev.realtime.Realtime;
import jakarta.websocket.DeploymentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine on a port of its own, on Tyrus and Grizzly: WebSocket and long-polling under the engine's path, {@code /health} (JSON,
 * 200 {@code UP} or {@code DEGRADED}, that is without its backend, 503 {@code STOPPING}), {@code /metrics} (Prometheus text), static files and REST handlers.
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

    private final Engine engine;
    private final Front front;
    private final Port port;
    private final Deadlines deadlines;
    private final Workers workers;
    private final WebSockets sockets;
    private final Duration drainPatience;
    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StandaloneServer(Builder options, TyrusHandshake handshake) throws IOException {
        engine = options.engine;
        drainPatience = options.drainPatience;
        deadlines = new Deadlines();
        workers = new Workers();
        sockets = new WebSockets(engine.doors(), deadlines);
        front = new Front(engine, options.handlers, options.files, workers, deadlines);
        IdleConnections idle = new IdleConnections(options.idleTimeout, deadlines);
        port = new Port(
                options.host,
                options.port,
                options.selectors,
                options.gather,
                options.tls,
                front,
                engine,
                handshake,
                sockets,
                idle);
        try {
            port.open();
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
        number = port.number();
    }

    /** Starts with the defaults on a port; 0 lets the system choose one. */
    public static StandaloneServer start(Realtime realtime, int port) {
        return builder(realtime).port(port).start();
    }

    /** A server for an engine, not yet started. */
    public static Builder builder(Realtime realtime) {
        return builder(
                new Engine(realtime.doors(), realtime::stats, realtime::isOpen, realtime::isDegraded, realtime::drain));
    }

    static Builder builder(Engine engine) {
        return new Builder(engine);
    }

    /** The port; the one that the system chose if 0 was asked for. */
    public int port() {
        return number;
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
        front.stopping();
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
        awaitGoodbyes();
        release();
    }

    /** Clients have the engine's patience to answer their close frames; then they are cut off. */
    private void awaitGoodbyes() {
        long end = System.nanoTime() + engine.doors().patience().toNanos();
        boolean terminated = false;
        while (!sockets.isEmpty()) {
            boolean late = System.nanoTime() > end;
            if (late && terminated) {
                return;
            }
            if (late || Thread.currentThread().isInterrupted()) {
                sockets.terminateAll();
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
        private final Engine engine;
        private final Map<String, RestHandler> handlers = new HashMap<>();
        private final List<StaticFiles> files = new ArrayList<>();
        private String host = "0.0.0.0";
        private int port = 8080;
        private int selectors = Runtime.getRuntime().availableProcessors() < 4 ? 1 : 2;
        private Duration gather = Duration.ofNanos(500_000);
        private Duration drainPatience = Duration.ofSeconds(10);
        private Duration idleTimeout = Duration.ofSeconds(30);
        private @Nullable SSLContext tls;

        private Builder(Engine engine) {
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
            host = address;
            return this;
        }

        /** HTTPS and WSS instead of HTTP and WS. Costs the batched path its directness: bytes then pass the TLS engine. */
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /** As {@link #tls(SSLContext)}, from a key store file. */
        public Builder tls(Tls keystore) {
            return tls(keystore.context());
        }

        /** Serves the files of a class path folder under a path prefix; the longest prefix that fits a request wins. */
        public Builder staticFiles(String prefix, String classpathFolder) {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            return files(
                    prefix,
                    StaticSource.classpath(
                            classpathFolder, loader != null ? loader : StandaloneServer.class.getClassLoader()));
        }

        /** Serves the files of a directory under a path prefix. */
        public Builder staticFiles(String prefix, Path directory) {
            return files(prefix, StaticSource.directory(directory));
        }

        private Builder files(String prefix, StaticSource source) {
            String path = checked(prefix).endsWith("/") ? prefix : prefix + "/";
            files.add(new StaticFiles(path, source));
            files.sort(
                    java.util.Comparator.comparingInt(StaticFiles::prefixLength).reversed());
            return this;
        }

        /** Answers every method of exactly this path; takes precedence over {@code /health}, {@code /metrics} and files. */
        public Builder handler(String path, RestHandler handler) {
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
            if (atMost.isNegative() || atMost.toMillis() > 10) {
                throw new IllegalArgumentException("gather must be between 0 and 10 ms, but is " + atMost);
            }
            gather = atMost;
            return this;
        }

        /** How long {@link StandaloneServer#close} lets accepted events finish; default 10 s. */
        public Builder drainPatience(Duration atMost) {
            drainPatience = atMost;
            return this;
        }

        /** How long an HTTP connection may stay without a request being answered on it; default 30 s. */
        public Builder idleTimeout(Duration atMost) {
            if (atMost.toMillis() < 40) {
                throw new IllegalArgumentException("idleTimeout must be at least 40 ms, but is " + atMost);
            }
            idleTimeout = atMost;
            return this;
        }

        /**
         * Opens the port.
         *
         * @throws UncheckedIOException when the port cannot be had
         */
        public StandaloneServer start() {
            try {
                StandaloneServer server = new StandaloneServer(
                        this,
                        new TyrusHandshake(
                                engine.doors().path(),
                                engine.doors().compression().enabled()));
                LOG.info("listening on {}:{}", host, server.port());
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
