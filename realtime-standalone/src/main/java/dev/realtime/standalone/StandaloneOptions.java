package dev.realtime.standalone;

import dev.realtime.drain.DrainOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link StandaloneServer}. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * StandaloneOptions.DEFAULT.port(8443).tls(new Tls(Path.of("game.p12"), password))
 *         .staticFiles("/", "web").handler("/api/world", (request, body) -> world())
 * }</pre>
 */
public final class StandaloneOptions implements Cloneable {
    /** Port 8080 on all addresses, without TLS, files, handlers and a port for operators. */
    public static final StandaloneOptions DEFAULT = new StandaloneOptions();

    private Map<String, RestHandler> handlers = Map.of();
    private List<StaticFiles> files = List.of();
    private String host = "0.0.0.0";
    private int port = 8080;
    private int selectors = Runtime.getRuntime().availableProcessors() < 4 ? 1 : 2;
    private Duration gather = Duration.ofNanos(500_000);
    private Duration warmUp = Duration.ZERO;
    private DrainOptions drain = DrainOptions.DEFAULT;
    private Duration idleTimeout = Duration.ofSeconds(30);
    private int maxHeaderBytes = 16_384;
    private int maxHttpConnections = 10_000;
    private int maxHttpConnectionsPerAddress = 1_000;
    private int handlersPerAddress = RestWorkers.THREADS / 2;
    private TrustedProxies trustedProxies = TrustedProxies.none();
    private int sendBuffer = 65_536;
    private boolean publicDetails;
    private @Nullable Supplier<String> metrics;
    private String managementHost = "127.0.0.1";
    private int managementPort = ManagementDetails.NO_PORT;
    private @Nullable SSLContext tls;

    private StandaloneOptions() {}

    private StandaloneOptions with(Consumer<StandaloneOptions> change) {
        try {
            StandaloneOptions copy = (StandaloneOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Sets the port.
     *
     * @param number between 0, with which the system chooses a free one, and 65,535; default 8080
     */
    public StandaloneOptions port(int number) {
        between(0, 65_535, "port", number);
        return with(copy -> copy.port = number);
    }

    /** Sets the address to listen on; default {@code 0.0.0.0}, all of them, as other embedded servers do. */
    public StandaloneOptions host(String address) {
        Objects.requireNonNull(address, "host");
        return with(copy -> copy.host = address);
    }

    /** Serves HTTPS and WSS instead of HTTP and WS. Costs the batched path its directness: bytes then pass the TLS engine. */
    public StandaloneOptions tls(SSLContext context) {
        Objects.requireNonNull(context, "tls");
        return with(copy -> copy.tls = context);
    }

    /**
     * Serves HTTPS and WSS as {@link #tls(SSLContext)} does, from a key store file.
     *
     * @throws IllegalArgumentException when the file is not there or no key store
     */
    public StandaloneOptions tls(Tls keystore) {
        Objects.requireNonNull(keystore, "tls");
        return tls(keystore.context());
    }

    /** Serves the files of a class path folder under a path prefix; the longest prefix that fits a request wins. */
    public StandaloneOptions staticFiles(String prefix, String classpathFolder) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(classpathFolder, "classpathFolder");
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = own != null ? own : StandaloneServer.class.getClassLoader();
        return files(
                prefix,
                StaticSource.classpath(classpathFolder, loader),
                new StaticFiles.Place(classpathFolder, loader));
    }

    /** Serves the files of a directory under a path prefix. */
    public StandaloneOptions staticFiles(String prefix, Path directory) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(directory, "directory");
        return files(prefix, StaticSource.directory(directory), new StaticFiles.Place(directory.toString(), null));
    }

    StandaloneOptions files(String prefix, StaticSource source, StaticFiles.Place place) {
        String path = checked(prefix).endsWith("/") ? prefix : prefix + "/";
        List<StaticFiles> more = new ArrayList<>(files);
        more.add(new StaticFiles(path, source, place));
        more.sort(Comparator.comparingInt(StaticFiles::prefixLength).reversed());
        return with(copy -> copy.files = List.copyOf(more));
    }

    /** Answers every method of exactly this path; takes precedence over {@code /health} and files. */
    public StandaloneOptions handler(String path, RestHandler handler) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(handler, "handler");
        Map<String, RestHandler> more = new HashMap<>(handlers);
        if (more.putIfAbsent(checked(path), handler) != null) {
            throw new IllegalArgumentException("there is already a handler for " + path);
        }
        return with(copy -> copy.handlers = Map.copyOf(more));
    }

    private static String checked(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path starts with a slash, but this is '" + path + "'");
        }
        return path;
    }

    /** Sets how many threads read and write sockets and run the engine; default 2, or 1 where there are fewer than four cores; between 1 and 1,024. */
    public StandaloneOptions selectors(int threads) {
        between(1, 1_024, "selectors", threads);
        return with(copy -> copy.selectors = threads);
    }

    /**
     * Sets the longest pause of a busy I/O thread, in which messages gather before it reads them together. It pauses for as long as its last
     * turn took, after a turn that found between 2 and 15 connections with something to read: a little latency for much less work per message
     * while many send, and none for a client that is alone. Default 0.5 ms, at most 10 ms; zero: no pauses.
     */
    public StandaloneOptions gather(Duration atMost) {
        Objects.requireNonNull(atMost, "gather");
        between(Duration.ZERO, Duration.ofMillis(10), "gather", "0 and 10 ms", atMost);
        return with(copy -> copy.gather = atMost);
    }

    /**
     * Sets how long the server is warmed up before it opens its port. A JVM that has just started interprets and compiles, and what a player's
     * arrival costs is then several times what it costs later. A new node that is to take over the players of another one had better have that behind it.
     * {@link StandaloneServer#start} takes so much longer: clients of its own connect over the loopback address to an engine that is there for that
     * alone, speak and leave, on one core. The application's engine, its handlers and its backend have no part in it. What TLS needs is not warmed up.
     * Default zero: not at all; at most 5 minutes. Five to ten seconds are worth while.
     */
    public StandaloneOptions warmUp(Duration time) {
        Objects.requireNonNull(time, "warmUp");
        between(Duration.ZERO, Duration.ofMinutes(5), "warmUp", "0 and 5 minutes", time);
        return with(copy -> copy.warmUp = time);
    }

    /** Sets how {@link StandaloneServer#close} stops the engine. Default: {@link DrainOptions#DEFAULT}, 30 s at most; a node that is alone is done as soon as it is quiet. */
    public StandaloneOptions drain(DrainOptions options) {
        Objects.requireNonNull(options, "drain");
        return with(copy -> copy.drain = options);
    }

    /**
     * Sets how long an HTTP connection may stay without a request being answered on it, whether it is silent or sends the head of a request
     * drop by drop; default 30 s, between 40 ms and one day.
     */
    public StandaloneOptions idleTimeout(Duration atMost) {
        Objects.requireNonNull(atMost, "idleTimeout");
        between(Duration.ofMillis(40), Duration.ofDays(1), "idleTimeout", "40 ms and 1 day", atMost);
        return with(copy -> copy.idleTimeout = atMost);
    }

    /**
     * Sets the bytes of a request line and its headers together; default 16,384 as in Node.js. What is longer is answered 431, or 414 when the
     * request line alone is. Raise it for large cookies and tokens.
     *
     * @param most between 1,024 and 1,048,576
     */
    public StandaloneOptions maxHeaderBytes(int most) {
        return with(copy -> copy.maxHeaderBytes = between(1_024, 1 << 20, "maxHeaderBytes", most));
    }

    /**
     * Sets how many HTTP connections there are at a time, whether they poll, are kept alive or have not sent anything yet; default 10,000. One more is reset.
     * WebSockets do not count here, see {@link dev.realtime.limits.Limits#maxConnections()}.
     */
    public StandaloneOptions maxHttpConnections(int most) {
        return with(copy -> copy.maxHttpConnections = between(1, Integer.MAX_VALUE, "maxHttpConnections", most));
    }

    /**
     * Sets the same as {@link #maxHttpConnections(int)} for connections from one address (of IPv6 one /64 network); default 1,000, since many players may share one.
     * What counts is the other end of the socket. {@linkplain #trustedProxies Trusted proxies} may open as many as they like of
     * {@code maxHttpConnections}; behind one that is not listed, raise this.
     */
    public StandaloneOptions maxHttpConnectionsPerAddress(int most) {
        return with(copy -> copy.maxHttpConnectionsPerAddress =
                between(1, Integer.MAX_VALUE, "maxHttpConnectionsPerAddress", most));
    }

    /**
     * Sets how many of the 16 threads of REST handlers and files one address (of IPv6 one /64 network) has at a time; default 8. What it asks for beyond
     * that waits, the same part of the 1,024 requests that may, while others pass by. Behind a proxy that is not {@linkplain #trustedProxies
     * listed}, raise this.
     *
     * @param most between 1 and 16
     */
    public StandaloneOptions handlersPerAddress(int most) {
        return with(copy -> copy.handlersPerAddress = between(1, RestWorkers.THREADS, "handlersPerAddress", most));
    }

    /**
     * Sets whose word about clients is believed: the address, scheme and host of a request that such a proxy passes on are those that the proxy
     * tells, for limits, origins, logs and {@link dev.realtime.Handshake}. Default: {@linkplain TrustedProxies#none() nobody's}.
     */
    public StandaloneOptions trustedProxies(TrustedProxies trusted) {
        return with(copy -> copy.trustedProxies = Objects.requireNonNull(trusted, "trustedProxies"));
    }

    /**
     * Sets the bytes that the kernel holds for a client that does not read, before this server's own bounds apply; default 65,536, which allows
     * 640 KB a second at a round trip of 100 ms. Linux counts about twice as much. 0 leaves it to the system, which may go to
     * several megabytes for each connection.
     *
     * @param bytes 0, or at least 4,096
     */
    public StandaloneOptions sendBuffer(int bytes) {
        return with(copy -> copy.sendBuffer = bytes == 0 ? 0 : between(4_096, 1 << 30, "sendBuffer", bytes));
    }

    /**
     * Sets whether everybody may read {@code /metrics}, {@code /stats} and the pages about the server's health in full; default false:
     * these say one word, and there is neither {@code /metrics} nor {@code /stats}.
     *
     * @see #managementPort(int)
     */
    public StandaloneOptions publicDetails(boolean open) {
        return with(copy -> copy.publicDetails = open);
    }

    /**
     * Sets what {@code /metrics} says; default: there is no {@code /metrics}. It is shown on the {@linkplain #managementPort(int) port for operators}, and to everybody only
     * with {@link #publicDetails}.
     *
     * <pre>{@code
     * PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
     * StandaloneServer server = StandaloneServer.start(
     *         realtime, StandaloneOptions.DEFAULT.managementPort(9090).metrics(registry::scrape));
     * RealtimeMetrics.of(realtime).counters(server::counters).gauges(server::gauges).bindTo(registry);
     * }</pre>
     *
     * @param text in the Prometheus text format 0.0.4; asked on a worker for each request, so it may block
     */
    public StandaloneOptions metrics(Supplier<String> text) {
        Objects.requireNonNull(text, "metrics");
        return with(copy -> copy.metrics = text);
    }

    /**
     * Serves {@code /metrics} and {@code /health} in full on a port of their own, on {@link #managementHost(String)}. With {@link #tls} it is HTTPS
     * too. Default: none.
     *
     * @param number 0 lets the system choose a free one
     */
    public StandaloneOptions managementPort(int number) {
        between(0, 65_535, "managementPort", number);
        return with(copy -> copy.managementPort = number);
    }

    /**
     * Sets the address of the {@linkplain #managementPort(int) port for operators}, one that they can reach and players should not.
     *
     * @param address default {@code 127.0.0.1}
     */
    public StandaloneOptions managementHost(String address) {
        Objects.requireNonNull(address, "managementHost");
        return with(copy -> copy.managementHost = address);
    }

    HttpOptions http() {
        return new HttpOptions(
                maxHeaderBytes, maxHttpConnections, maxHttpConnectionsPerAddress, idleTimeout, trustedProxies);
    }

    @Nullable
    Supplier<String> metrics() {
        return metrics;
    }

    Map<String, RestHandler> handlers() {
        return handlers;
    }

    List<StaticFiles> files() {
        return files;
    }

    @Nullable
    SSLContext tls() {
        return tls;
    }

    /** Returns what {@link #port(int)} has set. */
    public int port() {
        return port;
    }

    /** Returns what {@link #host(String)} has set. */
    public String host() {
        return host;
    }

    /** Returns what {@link #selectors(int)} has set. */
    public int selectors() {
        return selectors;
    }

    /** Returns what {@link #gather(Duration)} has set. */
    public Duration gather() {
        return gather;
    }

    /** Returns what {@link #warmUp(Duration)} has set. */
    public Duration warmUp() {
        return warmUp;
    }

    /** Returns what {@link #drain(DrainOptions)} has set. */
    public DrainOptions drain() {
        return drain;
    }

    /** Returns what {@link #idleTimeout(Duration)} has set. */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /** Returns what {@link #maxHeaderBytes(int)} has set. */
    public int maxHeaderBytes() {
        return maxHeaderBytes;
    }

    /** Returns what {@link #maxHttpConnections(int)} has set. */
    public int maxHttpConnections() {
        return maxHttpConnections;
    }

    /** Returns what {@link #maxHttpConnectionsPerAddress(int)} has set. */
    public int maxHttpConnectionsPerAddress() {
        return maxHttpConnectionsPerAddress;
    }

    /** Returns what {@link #handlersPerAddress(int)} has set. */
    public int handlersPerAddress() {
        return handlersPerAddress;
    }

    /** Returns what {@link #trustedProxies(TrustedProxies)} has set. */
    public TrustedProxies trustedProxies() {
        return trustedProxies;
    }

    /** Returns what {@link #sendBuffer(int)} has set. */
    public int sendBuffer() {
        return sendBuffer;
    }

    /** Returns what {@link #publicDetails(boolean)} has set. */
    public boolean publicDetails() {
        return publicDetails;
    }

    /** Returns what {@link #managementHost(String)} has set. */
    public String managementHost() {
        return managementHost;
    }

    /** Returns what {@link #managementPort(int)} has set; empty for none. */
    public OptionalInt managementPort() {
        return managementPort < 0 ? OptionalInt.empty() : OptionalInt.of(managementPort);
    }

    private static int between(int least, int most, String option, int value) {
        check(value >= least && value <= most, option, least + " and " + most, value);
        return value;
    }

    private static void between(Duration least, Duration most, String option, String range, Duration value) {
        check(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, option, range, value);
    }

    private static void check(boolean right, String option, String range, Object value) {
        if (!right) {
            throw new IllegalArgumentException(
                    "StandaloneOptions." + option + " must be between " + range + ", but is " + value);
        }
    }

    /** Returns all that may be shown by name, in order. */
    private Map<String, Object> shown() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("host", host);
        values.put("port", port);
        values.put("selectors", selectors);
        values.put("gather", gather);
        values.put("warmUp", warmUp);
        values.put("drain", drain);
        values.put("idleTimeout", idleTimeout);
        values.put("maxHeaderBytes", maxHeaderBytes);
        values.put("maxHttpConnections", maxHttpConnections);
        values.put("maxHttpConnectionsPerAddress", maxHttpConnectionsPerAddress);
        values.put("handlersPerAddress", handlersPerAddress);
        values.put("trustedProxies", trustedProxies);
        values.put("sendBuffer", sendBuffer);
        values.put("publicDetails", publicDetails);
        values.put("managementHost", managementHost);
        values.put("managementPort", managementPort());
        values.put("handlers", new TreeSet<>(handlers.keySet()));
        values.put("files", files);
        return values;
    }

    /** Equal options serve the same, with the same handlers and the same context of TLS. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StandaloneOptions that
                && shown().equals(that.shown())
                && handlers.equals(that.handlers)
                && Objects.equals(metrics, that.metrics)
                && Objects.equals(tls, that.tls);
    }

    @Override
    public int hashCode() {
        return Objects.hash(shown(), handlers, metrics, tls);
    }

    /** Shows paths, and nothing of keys. */
    @Override
    public String toString() {
        Map<String, Object> values = shown();
        if (metrics != null) {
            values.put("metrics", "(set)");
        }
        if (tls != null) {
            values.put("tls", "(set)");
        }
        String text = values.toString();
        return "StandaloneOptions[" + text.substring(1, text.length() - 1) + "]";
    }
}
