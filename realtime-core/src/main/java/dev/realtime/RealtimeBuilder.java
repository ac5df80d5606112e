package dev.realtime;

import dev.realtime.NamespaceSetup.ErrorListener;
import dev.realtime.events.ClientEvents;
import dev.realtime.health.HealthOptions;
import dev.realtime.internal.engine.Engine;
import dev.realtime.internal.engine.StagedBackend;
import dev.realtime.internal.json.JacksonCodec;
import dev.realtime.internal.limits.EscalationGate;
import dev.realtime.internal.limits.EventGate;
import dev.realtime.internal.limits.NodeLimits;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.limits.RefusalReports;
import dev.realtime.internal.limits.SharedRates;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.logs.SlowHandlers;
import dev.realtime.internal.memory.MemoryBackend;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.CredentialClock;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.session.ContractCheck;
import dev.realtime.internal.setup.BackendNeeds;
import dev.realtime.internal.setup.NamespaceDefinition;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.internal.system.SystemIds;
import dev.realtime.internal.system.SystemTime;
import dev.realtime.internal.system.Workers;
import dev.realtime.internal.traces.Traces;
import dev.realtime.json.JacksonJson;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.RefusalListener;
import dev.realtime.logs.LogOptions;
import dev.realtime.spi.Backend;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EngineTracer;
import dev.realtime.spi.Ids;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import dev.realtime.transport.Compression;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Origins;
import dev.realtime.transport.RequestDecision;
import dev.realtime.transport.SameSite;
import dev.realtime.transport.Transport;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of an engine, collected one by one. Every option has a default; what has none is the namespaces, of which there is at least
 * one. A value that is out of range is refused at once, and {@link #build()} checks those that depend on one another: the message names the option,
 * what would be right, and the value. Not thread-safe.
 */
public final class RealtimeBuilder {
    /** Less than RFC 9110 allows (section 5.6.2): no server or balancer stumbles over these. */
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final long LARGEST = 2; // times maxPayload: a polling body is there as bytes and as text
    private static final int BODIES = 4; // part of the inbound budget, see InboundBudget.Use.ARRIVING

    private static final Duration SHORTEST_LEASE = Duration.ofMillis(300);
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(5);

    private @Nullable Authenticator authenticator;
    private Recovery recovery = Recovery.DEFAULT;
    private Heartbeat heartbeat = Heartbeat.DEFAULT;
    private Limits limits = Limits.DEFAULT;
    private @Nullable Escalation escalation;
    private ClientEvents clientEvents = ClientEvents.DEFAULT;
    private OutboxLimits outbox = OutboxLimits.DEFAULT;
    private boolean serveClient = true;
    private Compression compression = Compression.DEFAULT;
    private @Nullable Cookie cookie;
    private boolean relay = true;
    private @Nullable String saturationHeader;
    private Origins origins = Origins.sameHost();
    private @Nullable Function<OpeningRequest, CompletionStage<RequestDecision>> allowRequest;
    private Set<Transport> transports = EnumSet.allOf(Transport.class);
    private String path = "/socket.io/";
    private String refreshEvent = "auth:refresh";
    private String authenticateEvent = "authenticate";
    private @Nullable JsonCodec json;
    private @Nullable Time time;
    private @Nullable Ids ids;
    private @Nullable Executor executor;
    private @Nullable Executor engineExecutor;
    private int handlerThreads = Workers.HANDLER_THREADS;
    private @Nullable Backend backend;
    private @Nullable UserRules users;
    private HealthOptions health = HealthOptions.DEFAULT;
    private LogOptions logs = LogOptions.DEFAULT;
    private @Nullable EngineTracer tracer;
    private Duration lease = Duration.ofSeconds(10);
    private final List<NamespaceDefinition> namespaces = new ArrayList<>();
    private final List<ErrorListener> errorListeners = new ArrayList<>();
    private final List<RefusalListener> refusalListeners = new ArrayList<>();
    private final List<Consumer<Realtime>> startListeners = new ArrayList<>();

    RealtimeBuilder() {}

    /**
     * Sets who tells who clients are.
     *
     * @param value default: everybody is anonymous, and is let in where a namespace {@linkplain NamespaceSetup#allowAnonymous() allows it}
     */
    public RealtimeBuilder authenticator(Authenticator value) {
        Objects.requireNonNull(value, "authenticator");
        this.authenticator = value;
        return this;
    }

    /**
     * Sets how long sessions outlive their connections, and what is kept for them.
     *
     * @param value default {@link Recovery#DEFAULT}, two minutes
     */
    public RealtimeBuilder recovery(Recovery value) {
        Objects.requireNonNull(value, "recovery");
        this.recovery = value;
        return this;
    }

    /**
     * Sets how a dead connection is noticed.
     *
     * @param value default {@link Heartbeat#DEFAULT}
     */
    public RealtimeBuilder heartbeat(Heartbeat value) {
        Objects.requireNonNull(value, "heartbeat");
        this.heartbeat = value;
        return this;
    }

    /**
     * Sets what clients may ask of this node.
     *
     * @param value default {@link Limits#DEFAULT}
     */
    public RealtimeBuilder limits(Limits value) {
        Objects.requireNonNull(value, "limits");
        this.limits = value;
        return this;
    }

    /**
     * Sets what becomes of users who go on sending more than the limits allow.
     *
     * @param value by default nothing does
     */
    public RealtimeBuilder escalation(Escalation value) {
        Objects.requireNonNull(value, "escalation");
        this.escalation = value;
        return this;
    }

    /**
     * Sets the names of the events that the engine itself sends to clients.
     *
     * @param value default {@link ClientEvents#DEFAULT}
     */
    public RealtimeBuilder clientEvents(ClientEvents value) {
        Objects.requireNonNull(value, "clientEvents");
        this.clientEvents = value;
        return this;
    }

    /**
     * Sets what may wait for a client that does not read.
     *
     * @param value default {@link OutboxLimits#DEFAULT}
     */
    public RealtimeBuilder outbox(OutboxLimits value) {
        Objects.requireNonNull(value, "outbox");
        this.outbox = value;
        return this;
    }

    /**
     * Sets whether WebSocket messages are compressed.
     *
     * @param value default {@link Compression#DEFAULT}, which is off
     */
    public RealtimeBuilder compression(Compression value) {
        Objects.requireNonNull(value, "compression");
        this.compression = value;
        return this;
    }

    /**
     * Sets whether pages can load the official JavaScript client (4.8.4) from the engine's path, as with Node.js: {@code socket.io.js},
     * {@code socket.io.min.js}, {@code socket.io.esm.min.js} and their source maps. Default: true.
     */
    public RealtimeBuilder serveClient(boolean value) {
        this.serveClient = value;
        return this;
    }

    /**
     * Sets a cookie with the connection's id. By default none is sent.
     *
     * @throws IllegalArgumentException for {@link SameSite#NONE} without {@code secure}, which browsers throw away
     */
    public RealtimeBuilder cookie(Cookie value) {
        Objects.requireNonNull(value, "cookie");
        if (value.sameSite() == SameSite.NONE && !value.secure()) {
            throw new IllegalArgumentException("cookie must be secure for sameSite NONE, but is " + value);
        }
        this.cookie = value;
        return this;
    }

    /**
     * Sets whether requests of long-polling are answered whichever node of a cluster they reach: a node that does not have their connection asks the one
     * that has, over the backend's bus. So a load balancer need not keep clients on a node; where it does, nothing is relayed. Ids of polling connections have
     * 40 characters then, since they name the node. A WebSocket does not need it, and an upgrade that reaches another node is refused, so that
     * its client goes on polling. Default: true; without a {@linkplain #backend backend} nothing is relayed.
     */
    public RealtimeBuilder relay(boolean value) {
        this.relay = value;
        return this;
    }

    /**
     * Sets a header of the replies that open a connection, over either transport: which part of {@link Limits#maxConnections()} is open on this node, from
     * {@code 0.00} to {@code 1.00}, so that a balancer can place the next client elsewhere. Clients see it, unless the balancer takes it away. By default none is
     * sent; {@code /stats} says the same to those who ask.
     *
     * @param name such as {@code X-Saturation}
     * @throws IllegalArgumentException if it is no name of a header
     */
    public RealtimeBuilder saturationHeader(String name) {
        Objects.requireNonNull(name, "saturationHeader");
        Range.check(HEADER.matcher(name).matches(), "saturationHeader", "the name of a header", name);
        this.saturationHeader = name;
        return this;
    }

    /**
     * Sets which web pages may connect, for HTTP (CORS) and for WebSocket upgrades alike.
     *
     * @param value default {@link Origins#sameHost()}
     */
    public RealtimeBuilder origins(Origins value) {
        Objects.requireNonNull(value, "origins");
        this.origins = value;
        return this;
    }

    /**
     * Sets who judges the HTTP requests that open connections, before there is a connection and long before credentials are looked at: addresses that
     * are banned, a cookie of the web site, a region that has no game.
     *
     * <pre>{@code
     * Realtime.builder().allowRequest(request -> banned.contains(request.remoteAddress())
     *         ? RequestDecision.refuse(403, "You are banned")
     *         : RequestDecision.accept())
     * }</pre>
     *
     * <p>It is asked last: what is malformed, comes from a page that {@link #origins} does not allow, or exceeds a limit is refused without it. As with
     * Node.js it is asked once for each connection, for the first request of long-polling or for a WebSocket that begins as one. Further requests of a
     * connection, and its upgrade to a WebSocket, belong to who was let in.
     *
     * <p>The code runs where handlers run, and may block: one address has {@link Limits#maxHandlersPerIp()} of these and other handlers at once, and what
     * is being judged counts as a connection. After {@link Limits#authenticationTimeout()} the client is refused with status 503; code that throws, or
     * returns null, has it refused with 500, and is logged.
     *
     * @param value thread-safe; by default every request is accepted
     */
    public RealtimeBuilder allowRequest(Function<OpeningRequest, RequestDecision> value) {
        Objects.requireNonNull(value, "allowRequest");
        return allowRequestAsync(request -> CompletableFuture.completedFuture(value.apply(request)));
    }

    /**
     * As {@link #allowRequest}, for what has its answer later: no thread waits for it.
     *
     * @param value thread-safe and does not block; the stage may complete on any thread
     */
    public RealtimeBuilder allowRequestAsync(Function<OpeningRequest, CompletionStage<RequestDecision>> value) {
        this.allowRequest = Objects.requireNonNull(value, "allowRequestAsync");
        return this;
    }

    /** Sets which Engine.IO transports are offered. By default both are. */
    public RealtimeBuilder transports(Transport first, Transport... more) {
        EnumSet<Transport> chosen = EnumSet.of(Objects.requireNonNull(first, "transports"));
        for (Transport other : Objects.requireNonNull(more, "transports")) {
            chosen.add(Objects.requireNonNull(other, "transports"));
        }
        this.transports = chosen;
        return this;
    }

    /**
     * Sets the path of both transports.
     *
     * @param value with a slash at both ends, of letters, digits and {@code . _ ~ -}; default {@code /socket.io/}
     * @throws IllegalArgumentException if it is something else
     */
    public RealtimeBuilder path(String value) {
        Objects.requireNonNull(value, "path");
        Range.check(
                value.matches("/([A-Za-z0-9._~-]+/)+"),
                "path",
                "like '/socket.io/', with a slash at both ends",
                "'" + value + "'");
        this.path = value;
        return this;
    }

    /**
     * Sets the event by which a client renews its credentials in place. Its payload takes the place of the {@code auth} payload.
     *
     * @param name default {@code auth:refresh}
     * @throws IllegalArgumentException if it is empty
     */
    public RealtimeBuilder refreshEvent(String name) {
        Objects.requireNonNull(name, "refreshEvent");
        Range.check(!name.isEmpty(), "refreshEvent", "the name of an event", "empty");
        this.refreshEvent = name;
        return this;
    }

    /**
     * Sets the event by which a client that came without credentials shows them, in namespaces that let it in ({@link NamespaceSetup#allowAnonymous()}, {@link
     * NamespaceSetup#authenticateWithin}). Its payload takes the place of the {@code auth} payload; a text stands for <code>{token: text}</code>. The acknowledgement has
     * {@code expiresAt}, if the credentials end. From a client that is somebody already it is a {@linkplain #refreshEvent renewal}. A namespace may have a handler of that
     * name instead.
     *
     * @param name default {@code authenticate}
     * @throws IllegalArgumentException if it is empty
     */
    public RealtimeBuilder authenticateEvent(String name) {
        Objects.requireNonNull(name, "authenticateEvent");
        Range.check(!name.isEmpty(), "authenticateEvent", "the name of an event", "empty");
        this.authenticateEvent = name;
        return this;
    }

    /**
     * Sets how payloads become JSON. By default Jackson does it. {@link JacksonJson} makes a codec with the application's own modules or on its own mapper.
     */
    public RealtimeBuilder json(JsonCodec value) {
        Objects.requireNonNull(value, "json");
        this.json = value;
        return this;
    }

    /** Sets the clock and timer, for tests. By default they are the system's. */
    public RealtimeBuilder time(Time value) {
        Objects.requireNonNull(value, "time");
        this.time = value;
        return this;
    }

    /** Sets where ids come from, for tests. By default a secure random generator makes them. */
    public RealtimeBuilder ids(Ids value) {
        Objects.requireNonNull(value, "ids");
        this.ids = value;
        return this;
    }

    /**
     * Sets where code of the application runs: handlers, listeners and authenticators. Default: threads of the engine, which {@link Realtime#close()} ends. An
     * executor that is given here is left alone, and must not refuse tasks. Deliveries and heartbeats go on even if all of its threads block, but further
     * handlers wait for one.
     */
    public RealtimeBuilder executor(Executor value) {
        Objects.requireNonNull(value, "executor");
        this.executor = value;
        return this;
    }

    /**
     * Sets where the engine's own work runs: deliveries, heartbeats, timers. It does not block. Default: threads of the engine, which {@link Realtime#close()} ends. To
     * be given in tests, which run everything on one thread; otherwise it has to have threads that nothing else blocks.
     */
    public RealtimeBuilder engineExecutor(Executor value) {
        Objects.requireNonNull(value, "engineExecutor");
        this.engineExecutor = value;
        return this;
    }

    /**
     * Sets the most threads that handlers, listeners and authenticators have together, where the JVM has no virtual threads (before Java 21). There are
     * few as long as nothing blocks, and more are started while handlers wait and none gets on. Beyond it handlers wait for their turn, one of each
     * session, and a client on its way in for {@link Limits#authenticationTimeout()}. One address has no more than {@link Limits#maxHandlersPerIp()} of
     * them.
     *
     * @param value between 1 and 10,000; default 256
     * @throws IllegalArgumentException if the value is out of range
     */
    public RealtimeBuilder handlerThreads(int value) {
        this.handlerThreads = Range.between(1, 10_000, "handlerThreads", value);
        return this;
    }

    /** Sets what the nodes of a cluster share. It is closed with the engine. By default there is memory of this engine alone. */
    public RealtimeBuilder backend(Backend value) {
        Objects.requireNonNull(value, "backend");
        this.backend = value;
        return this;
    }

    /**
     * Sets how long this node may be silent before the other nodes of a cluster take it for dead and give its sessions a new home; it says
     * that it lives three times as often. A node whose process stands still for longer, such as in a
     * long garbage collection, comes back to find its sessions elsewhere; their clients follow.
     *
     * @param value between 300 ms and 5 min; default 10 s
     * @throws IllegalArgumentException if the value is out of range
     */
    public RealtimeBuilder lease(Duration value) {
        Objects.requireNonNull(value, "lease");
        this.lease = Range.between(SHORTEST_LEASE, LONGEST_LEASE, "lease", value);
        return this;
    }

    /**
     * Switches on what can be decided about {@linkplain Realtime#users() users} at run time, and a single login. It is the same on every node of a cluster.
     * Each client with a name then costs a question to the backend as it comes. By default it is off.
     */
    public RealtimeBuilder users(UserRules value) {
        Objects.requireNonNull(value, "users");
        this.users = value;
        return this;
    }

    /**
     * Adds a namespace.
     *
     * @param name with its slash, such as {@code /} or {@code /chat}
     * @param setup called once, at once, with what the namespace does to be filled in
     * @throws IllegalArgumentException if no namespace can have this name
     */
    public RealtimeBuilder namespace(String name, Consumer<NamespaceSetup> setup) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(setup, "setup");
        namespaces.add(NamespaceDefinition.named(name, setup));
        return this;
    }

    /** Adds all namespaces whose whole name matches; each comes into being with its first client and ends with its last. */
    public RealtimeBuilder namespaces(Pattern names, Consumer<NamespaceSetup> setup) {
        return namespaces(Objects.requireNonNull(names, "names").asMatchPredicate(), setup);
    }

    /** Adds all namespaces whose name is accepted; each comes into being with its first client and ends with its last. */
    public RealtimeBuilder namespaces(Predicate<String> names, Consumer<NamespaceSetup> setup) {
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(setup, "setup");
        namespaces.add(NamespaceDefinition.matching(names, setup));
        return this;
    }

    /**
     * Adds a listener for failures of handlers and listeners in all namespaces, such as one that tells an error tracker. It is called behind the
     * {@linkplain NamespaceSetup#onError listeners of the namespace}, in the thread that has failed. Default: none.
     */
    public RealtimeBuilder onError(ErrorListener listener) {
        Objects.requireNonNull(listener, "listener");
        errorListeners.add(listener);
        return this;
    }

    /**
     * Adds a listener for what clients are refused by the engine: connections and sessions for which there is no room, events beyond a limit or without a permission. It is
     * called behind the {@linkplain NamespaceSetup#onRefusal listeners of the namespace}, on a thread for handlers, for one refusal after another. It may block; then
     * refusals wait. Of one client ten a second are told, fifty at once, and no more than 1,024 wait: the others are counted as {@code refusals.unreported}.
     * Default: none.
     */
    public RealtimeBuilder onRefusal(RefusalListener listener) {
        Objects.requireNonNull(listener, "listener");
        refusalListeners.add(listener);
        return this;
    }

    /**
     * Adds a listener that is given the engine when it has started, before {@link #build()} returns: for what adds itself to an engine by its options and goes on working
     * with it. It is called in the thread of {@code build()}; what it throws ends the engine and is thrown there. Default: none.
     */
    public RealtimeBuilder onStart(Consumer<Realtime> listener) {
        startListeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Sets what belongs to the {@linkplain Realtime#health() health} of the node: checks of the application, and from where on the engine's own ones fail. Default: {@link
     * HealthOptions#DEFAULT}.
     */
    public RealtimeBuilder health(HealthOptions options) {
        this.health = Objects.requireNonNull(options, "options");
        return this;
    }

    /** Sets what the engine adds to the log: whose code runs, and which handlers are slow. Default: {@link LogOptions#DEFAULT}. */
    public RealtimeBuilder logs(LogOptions options) {
        this.logs = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Sets who joins what the engine does to the traces of the application, such as {@code RealtimeTraces} of {@code realtime-micrometer}. Default: nobody; what clients send as
     * {@code traceparent} is then ignored.
     */
    public RealtimeBuilder tracer(EngineTracer value) {
        this.tracer = Objects.requireNonNull(value, "tracer");
        return this;
    }

    /**
     * Checks the options and starts the engine.
     *
     * @throws IllegalArgumentException naming the option, its value and what would be right
     */
    public Realtime build() {
        Range.check(
                !namespaces.isEmpty(), "namespace", "given at least once, as in namespace(\"/\", game -> …)", "none");
        Range.check(
                limits.maxInboundBytes() >= BODIES * LARGEST * limits.maxPayload(),
                "Limits.maxInboundBytes",
                "at least eight times Limits.maxPayload, which is " + limits.maxPayload(),
                limits.maxInboundBytes());
        checkEscalation();
        JsonCodec codec = json == null ? new JacksonCodec(limits.maxDepth()) : json;
        if (codec instanceof JacksonCodec jackson) {
            codec = jackson.within(limits.maxDepth(), limits.maxEventSize());
        }
        ContractCheck contracts = new ContractCheck(codec);
        namespaces.forEach(namespace -> contracts.check(namespace.handlers()));
        Workers workers = workers();
        Time clock = time == null ? SystemTime.start() : time;
        Ids generator = ids == null ? new SystemIds() : ids;
        Counters counters = new Counters();
        HandlerShares shares = new HandlerShares(
                workers.handlers(),
                workers.newcomers(),
                limits.maxHandlersPerIp(),
                limits.maxConnectsPerIp(),
                limits.maxInboundBytes() / 8,
                () -> counters.count(Counters.Name.HANDLERS_QUEUED));
        Backend shared = new StagedBackend(backend == null ? new MemoryBackend() : backend);
        shared.runOn(clock);
        new BackendNeeds(shared).check(users != null, namespaces);
        BoundedLog lines = new BoundedLog(
                clock::nanoTime, limits.logLines(), () -> counters.count(Counters.Name.LOG_LINES_OMITTED));
        String node = generator.next();
        LogContext context = logs.isContext() ? LogContext.of(node, logs.isCorrelation(), generator) : LogContext.OFF;
        if (context.isOn()) {
            workers.around(context::inNode);
        }
        NodeContext parts = new NodeContext(
                node,
                authenticator,
                recovery,
                heartbeat,
                limits,
                outbox,
                compression,
                cookie,
                origins,
                Set.copyOf(transports),
                path,
                refreshEvent,
                authenticateEvent,
                clientEvents,
                codec,
                clock,
                new CredentialClock(clock),
                generator,
                workers,
                shares,
                shared,
                lease,
                users,
                counters,
                lines,
                context,
                traces(counters, lines),
                new SlowHandlers(
                        logs.slowHandler(), clock::nanoTime, () -> counters.count(Counters.Name.HANDLERS_SLOW)),
                nodeLimits(clock, workers, counters, lines, sharedRates(node, shared, clock, workers, counters, lines)),
                new InboundBudget(
                        limits.maxInboundBytes(),
                        LARGEST * limits.maxPayload(),
                        (InboundBudget.Use use) -> counters.count(
                                use == InboundBudget.Use.UNREAD
                                        ? Counters.Name.UNREAD_REFUSED
                                        : Counters.Name.INBOUND_REFUSED)),
                new OutboundBudget(limits.maxOutboundBytes()),
                new Lifetime());
        List<NamespaceDefinition> told = namespaces.stream()
                .map(namespace -> {
                    NamespaceDefinition all = namespace;
                    for (ErrorListener listener : errorListeners) {
                        all = all.toldTo(listener);
                    }
                    return all;
                })
                .toList();
        boolean relays = relay && backend != null && transports.contains(Transport.POLLING);
        return started(new Engine(parts, told, serveClient, allowRequest, relays, saturationHeader, health));
    }

    private Realtime started(Realtime realtime) {
        try {
            startListeners.forEach(listener -> listener.accept(realtime));
            return realtime;
        } catch (RuntimeException | Error e) {
            realtime.close();
            throw e;
        }
    }

    private Traces traces(Counters counters, BoundedLog lines) {
        EngineTracer given = tracer;
        return given == null
                ? Traces.OFF
                : new Traces(given, failure -> counters.observerFailed(given, failure, lines));
    }

    private void checkEscalation() {
        Escalation steps = escalation;
        if (steps != null) {
            Range.check(
                    steps.warnAt() < steps.restrictAt() && steps.restrictAt() < steps.disconnectAt(),
                    "Escalation",
                    "of steps that follow one another, warnAt < restrictAt < disconnectAt",
                    steps);
        }
    }

    private NodeLimits nodeLimits(
            Time clock, Workers workers, Counters counters, BoundedLog lines, @Nullable SharedRates sharedRates) {
        RateGate rates = new RateGate(
                clock, workers, limits.maxRateBytes(), () -> counters.count(Counters.Name.RATES_FORGOTTEN));
        return new NodeLimits(
                rates,
                new RefusalReports(
                        clock,
                        rates,
                        refusalListeners,
                        workers.handlers(),
                        lines,
                        () -> counters.count(Counters.Name.REFUSALS_UNREPORTED)),
                escalation == null ? null : new EscalationGate(escalation, rates),
                limits.eventsPerSecond() == Integer.MAX_VALUE ? null : new EventGate(limits.eventsPerSecond(), clock),
                limits.exemptWith(),
                sharedRates);
    }

    /** Nobody shares a backend that this engine has made for itself, and one without values cannot tell what others have admitted. */
    private @Nullable SharedRates sharedRates(
            String node, Backend shared, Time clock, Workers workers, Counters counters, BoundedLog lines) {
        Values values = backend == null ? null : new BackendNeeds(shared).values();
        return values == null
                ? null
                : new SharedRates(
                        values,
                        shared.leases(),
                        node,
                        clock,
                        workers,
                        new SharedRates.Observer() {
                            @Override
                            public void exchanged() {
                                counters.count(Counters.Name.LIMITS_EXCHANGED);
                            }

                            @Override
                            public void admittedAlone() {
                                counters.count(Counters.Name.LIMITS_DEGRADED);
                            }
                        },
                        lines);
    }

    private Workers workers() {
        if (engineExecutor != null) {
            return Workers.given(engineExecutor, executor == null ? engineExecutor : executor);
        }
        return executor == null ? Workers.start(handlerThreads) : Workers.startBeside(executor);
    }
}
