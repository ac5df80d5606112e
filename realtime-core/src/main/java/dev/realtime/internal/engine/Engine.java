package dev.realtime.internal.engine;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.Scheduler;
import dev.realtime.Stats;
import dev.realtime.drain.DrainOptions;
import dev.realtime.health.HealthOptions;
import dev.realtime.health.HealthReport;
import dev.realtime.health.MemoryAccount;
import dev.realtime.internal.client.ClientConnection;
import dev.realtime.internal.client.ConnectHandler;
import dev.realtime.internal.cluster.EpochWatch;
import dev.realtime.internal.cluster.LeaseKeeper;
import dev.realtime.internal.engineio.EngineDoors;
import dev.realtime.internal.limits.ConnectGate;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.limits.Pace;
import dev.realtime.internal.limits.Places;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.limits.SharedRates;
import dev.realtime.internal.namespace.LocalNamespace;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.recovery.RecoveryServices;
import dev.realtime.internal.relay.Relay;
import dev.realtime.internal.setup.NamespaceDefinition;
import dev.realtime.internal.socketio.DecoderLimits;
import dev.realtime.internal.socketio.PacketDecoder;
import dev.realtime.internal.system.Heap;
import dev.realtime.internal.system.SystemTime;
import dev.realtime.internal.users.NodeUsers;
import dev.realtime.internal.users.UserDirectory;
import dev.realtime.internal.users.UserRestrictions;
import dev.realtime.spi.Bus;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.OperatorPages;
import dev.realtime.spi.Registration;
import dev.realtime.spi.TransportDoors;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.RequestDecision;
import dev.realtime.users.UserRules;
import dev.realtime.users.Users;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One node: puts the parts together, and stops them in order. */
public final class Engine implements Realtime {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_NAME_LENGTH = 128;

    private final NodeContext context;
    private final NodeLifecycleLog log;
    private final Namespaces namespaces;
    private final @Nullable UserDirectory directory; // null without rules for users
    private final Users users;
    private final RateGate rates;
    private final @Nullable SharedRates sharedRates; // null where this node counts alone
    private final ConnectionGate gate;
    private final @Nullable Relay relay; // null where no other node can have what reaches this one
    private final EngineDoors doors;
    private final EpochWatch epochWatch;
    private final Clock clock;
    private final Scheduler scheduler;
    private final LeaseKeeper leaseKeeper;
    private final EngineMemory memory;
    private final EngineHealth health;
    private final NodeStop stop;
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * @param servesClient whether the official JavaScript client can be loaded from the engine's path
     * @param allowRequest what the application says to opening requests; null if it judges none
     * @param relays whether requests of long-polling may reach another node than that of their connection
     * @param saturationHeader says how full the node is in replies that open a connection; null: none
     * @param health what belongs to its health
     */
    public Engine(
            NodeContext context,
            List<NamespaceDefinition> definitions,
            boolean servesClient,
            @Nullable Function<OpeningRequest, CompletionStage<RequestDecision>> allowRequest,
            boolean relays,
            @Nullable String saturationHeader,
            HealthOptions health) {
        this.context = context;
        this.log = new NodeLifecycleLog(context);
        this.clock = new EngineClock(context.time(), ZoneOffset.UTC);
        this.scheduler = new HandlerScheduler(context.runtime(), context.lifetime());
        this.rates = context.nodeLimits().rates();
        this.sharedRates = context.nodeLimits().sharedRates();
        UserRules rules = context.users();
        this.directory = rules == null ? null : new UserDirectory(context.runtime(), context.backend(), rules);
        RecoveryServices recovery = RecoveryServices.of(context, rates, directory);
        this.namespaces = new Namespaces(this, context, definitions, rates, recovery);
        this.users = new NodeUsers(
                directory,
                rules == null ? UserRules.DEFAULT : rules,
                namespaces::all,
                context.lifetime(),
                () -> context.logs().here(context.workers().handlers()));
        if (directory != null) {
            context.nodeLimits().share(new UserRestrictions(directory, context.lines()));
        }
        RefusalReporter refusals = new RefusalReporter(context.nodeLimits().reports(), List.of());
        this.gate = new ConnectionGate(context.limits(), context.time(), rates, refusals);
        ConnectGate connects = new ConnectGate(context.limits(), rates);
        ConnectHandler handler = new ConnectHandler(
                context.runtime(),
                context.json(),
                context.recovery().isOn(),
                namespaces,
                connects,
                recovery.refusals(),
                refusals);
        DecoderLimits limits = new DecoderLimits(
                context.limits().maxAttachments(),
                context.limits().maxPayload(),
                context.limits().maxDepth(),
                MAX_NAME_LENGTH,
                MAX_NAME_LENGTH);
        NodeRuntime runtime = context.runtime();
        int late = context.limits().latePacketsPerMinute();
        Pace latePackets = Pace.of(late, Duration.ofMinutes(1), late);
        this.relay = relays ? relay() : null;
        this.doors = new EngineDoors(
                context,
                gate,
                servesClient,
                allowRequest,
                relay,
                saturationHeader,
                socket -> new ClientConnection(
                        runtime,
                        context.limits(),
                        context.inbound(),
                        context.shares(),
                        handler,
                        connects.ofConnection(),
                        latePackets,
                        new PacketDecoder(limits),
                        socket));
        if (relay != null) {
            relay.start(doors::answer, doors::lost);
        }
        doors.sockets().startHeartbeat();
        this.leaseKeeper = new LeaseKeeper(
                context.runtime(),
                context.backend(),
                context.lease(),
                namespaces,
                sharedRates == null ? () -> {} : sharedRates::hasLease);
        this.epochWatch = new EpochWatch(context.runtime(), context.backend(), namespaces, leaseKeeper);
        leaseKeeper.start();
        Heap heap = new Heap();
        this.memory = new EngineMemory(
                context.inbound(), context.outbound(), rates, context.limits().maxRateBytes(), namespaces, heap);
        this.stop = new NodeStop(
                stopping -> new Drain(
                        runtime,
                        context.outbox().stallTimeout(),
                        namespaces,
                        doors,
                        leaseKeeper,
                        this::isDegraded,
                        stopping),
                this::run);
        this.health = new EngineHealth(
                context.runtime(),
                context.lifetime(),
                context.backend(),
                context.limits().maxConnections(),
                health,
                namespaces,
                gate,
                () -> !stop.hasBegun(),
                heap,
                memory::account);
        log.started();
    }

    /** Each connection may wait for messages and say something at the same time. */
    private static int requestsOf(int connections) {
        return (int) Math.min(Integer.MAX_VALUE, 2L * connections);
    }

    private Relay relay() {
        return new Relay(
                context.runtime(),
                context.ids(),
                context.backend().bus(Bus.NODES, context.node()),
                new Places(
                        requestsOf(context.limits().maxConnections()),
                        requestsOf(context.limits().maxConnectionsPerIp())),
                context.inbound(),
                context.limits().maxPayload(),
                context.heartbeat().interval().plus(context.heartbeat().timeout()));
    }

    @Override
    public Namespace namespace(String name) {
        Range.wellFormed("name", name);
        Namespace namespace = namespaces.find(name);
        if (namespace == null) {
            throw new IllegalArgumentException("no namespace '" + name + "' is configured");
        }
        return namespace;
    }

    @Override
    public List<Namespace> namespaces() {
        return List.copyOf(namespaces.all());
    }

    @Override
    public String node() {
        return context.node();
    }

    @Override
    public Users users() {
        return users;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public TransportDoors doors() {
        return doors;
    }

    @Override
    public CompletionStage<Void> ready() {
        return context.lifetime().within(namespaces.filled());
    }

    @Override
    public boolean isDegraded() {
        return context.backend().isDegraded();
    }

    @Override
    public CompletionStage<HealthReport> health() {
        return health.report();
    }

    @Override
    public MemoryAccount memory() {
        return memory.account();
    }

    @Override
    public OperatorPages pages() {
        return health.pages();
    }

    @Override
    public boolean isOpen() {
        return doors.isOpen();
    }

    @Override
    public Stats stats() {
        Map<String, Long> values = context.counters().snapshot();
        context.backend().counters().forEach((name, count) -> values.merge(name, count, Long::sum));
        return new Stats(gate.connections(), sessions(), namespaces.suspended(), values, gauges());
    }

    @Override
    public Registration observe(EngineObserver observer) {
        return context.counters().observe(Objects.requireNonNull(observer, "observer"), context.lines());
    }

    private int sessions() {
        int sessions = 0;
        for (LocalNamespace namespace : namespaces.all()) {
            sessions += namespace.live().size();
        }
        return sessions;
    }

    private Map<String, Long> gauges() {
        Map<String, Long> values = new TreeMap<>();
        values.put("namespaces.live", (long) namespaces.all().size());
        values.put(
                "namespaces.scheduled",
                namespaces.all().stream().filter(LocalNamespace::isScheduled).count());
        values.put(
                "schedule.waiting",
                namespaces.all().stream().mapToLong(LocalNamespace::scheduled).sum());
        values.put("limits.addresses", (long) gate.addresses());
        values.put("limits.rates", (long) rates.size());
        values.put("limits.rates.bytes", rates.bytes());
        values.put("limits.shares", sharedRates == null ? 0L : sharedRates.shares());
        values.put("limits.alone", sharedRates != null && sharedRates.isAlone() ? 1L : 0L);
        values.put("limits.nodes", sharedRates == null ? 1L : sharedRates.nodes());
        values.put("limits.suspended", (long) namespaces.sharesOfSuspended());
        values.put("handlers.addresses", (long) context.shares().size());
        values.put("idempotency.pending", (long) namespaces.idempotentRequests());
        values.put("inbound.bytes", context.inbound().used());
        values.put("inbound.limit", context.limits().maxInboundBytes());
        values.put("relay.waiting", relay == null ? 0L : relay.waiting());
        values.put("connections.limit", (long) context.limits().maxConnections());
        doors.sockets().gauges(values);
        memory.gauges(values);
        namespaces.gauges(values);
        return values;
    }

    @Override
    public CompletionStage<Void> drain(Duration patience) {
        Objects.requireNonNull(patience, "patience");
        return stop.drain(atOnce(patience));
    }

    @Override
    public CompletionStage<Void> drain(DrainOptions options) {
        Objects.requireNonNull(options, "options");
        return stop.drain(options);
    }

    private static DrainOptions atOnce(Duration patience) {
        Duration atMost = Duration.ofDays(1);
        Duration deadline = patience.isNegative() ? Duration.ZERO : patience.compareTo(atMost) > 0 ? atMost : patience;
        return DrainOptions.atOnce(deadline);
    }

    private CompletionStage<Void> run(Drain drain) {
        log.drains(gate.connections(), sessions(), drain.options());
        return drain.run()
                .thenCompose(complete -> giveSharesBack())
                .whenComplete((complete, impossible) -> log.hasDrained());
    }

    private CompletionStage<Void> giveSharesBack() {
        return sharedRates == null ? CompletableFuture.completedFuture(null) : sharedRates.close();
    }

    /** Drains, waits for it, and lets go of everything. */
    @Override
    public void close() {
        try {
            stop.drain(atOnce(CLOSE_PATIENCE))
                    .toCompletableFuture()
                    .get(CLOSE_PATIENCE.plus(CLOSE_PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.didNotDrain(e);
        }
        context.lifetime().close();
        epochWatch.close();
        if (directory != null) {
            directory.close();
        }
        if (relay != null) {
            relay.close();
        }
        namespaces.all().forEach(LocalNamespace::close);
        context.backend().close(); // which stores what has been emitted
        context.lifetime().fail();
        context.workers().close();
        if (context.time() instanceof SystemTime system) {
            system.close();
        }
        if (stopped.compareAndSet(false, true)) {
            log.stopped();
        }
    }
}
