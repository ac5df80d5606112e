package dev.realtime.internal.namespace;

import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.limits.EventRates;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.recovery.RecoveryServices;
import dev.realtime.internal.session.EndedSessions;
import dev.realtime.internal.session.EventRoute;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.setup.NamespaceDefinition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces of a node. Those with a name are there from the start; those of a family come into being with the first client that
 * asks, and end with everything that they hold when the last session has ended, suspended ones included, nobody is being admitted, and the
 * application has not used them for a while. How many of families there may be is bounded, in all and for one address.
 */
public final class Namespaces {
    /** How long a namespace stays open after the application has used it: its questions have been answered by then. */
    private static final Duration HELD = Duration.ofMinutes(1);

    private static final int SHARE = 10; // of all namespaces of families, for one address
    private static final int LEAST_SHARE = 16;

    private final Realtime realtime;
    private final NodeContext context;
    private final List<NamespaceDefinition> definitions;
    private final List<EventRates> rates; // of each definition
    private final NamespaceFactory factory;
    private final CompletableFuture<Void> filled;
    private final Map<String, LocalNamespace> live = new ConcurrentHashMap<>();
    private final Map<String, Opened> ofFamilies = new HashMap<>(); // guarded by this
    private final Map<String, Integer> byAddress = new HashMap<>(); // those that a client has opened; guarded by this

    /** A namespace of a family. Guarded by the registry, but for itself: it is made under no lock that anybody else waits for. */
    private final class Opened {
        private final String name;
        private final NamespaceDefinition family;
        final @Nullable String address; // whose client opened it
        private volatile @Nullable LocalNamespace namespace;
        int admitting;
        boolean held;
        boolean used; // since it was looked at last

        Opened(String name, NamespaceDefinition family, @Nullable String address) {
            this.name = name;
            this.family = family;
            this.address = address;
        }

        /** The backend is asked for its log here; who wants the same namespace meanwhile waits, and nobody else does. */
        LocalNamespace namespace() {
            LocalNamespace ready = namespace;
            if (ready != null) {
                return ready;
            }
            synchronized (this) {
                ready = namespace;
                if (ready == null) {
                    ready = create(name, family, () -> endIfEmpty(name));
                    namespace = ready;
                    live.put(name, ready);
                }
                return ready;
            }
        }

        boolean isEmpty() {
            LocalNamespace known = namespace;
            return known == null || known.isEmpty();
        }
    }

    public Namespaces(
            Realtime realtime,
            NodeContext context,
            List<NamespaceDefinition> definitions,
            RateGate rates,
            RecoveryServices recovery) {
        this.realtime = realtime;
        this.context = context;
        this.definitions = definitions;
        this.rates = definitions.stream()
                .map(definition -> rates(context, rates, definition.handlers(), scope(definition)))
                .toList();
        this.factory = new NamespaceFactory(realtime, context, recovery);
        for (NamespaceDefinition definition : definitions) {
            String name = definition.name();
            if (name != null) {
                if (live.containsKey(name)) {
                    throw new IllegalArgumentException("namespace '" + name + "' is configured twice; once is right");
                }
                live.put(name, create(name, definition, () -> {}));
            }
        }
        this.filled = CompletableFuture.allOf(live.values().stream()
                .map(namespace -> namespace.filled().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** How many requests that are handled once are under way. */
    public int idempotentRequests() {
        return factory.node().idempotent().size();
    }

    /** What they hold in memory; looks at each. */
    public HeldBytes held() {
        HeldBytes held = new HeldBytes();
        long mostReplay = context.recovery().isOn() ? context.recovery().maxBytes() : 0;
        for (LocalNamespace namespace : all()) {
            namespace.addTo(held, mostReplay);
        }
        return held;
    }

    /** How they are at this moment; looks at each. */
    public void gauges(Map<String, Long> values) {
        long rooms = 0;
        long waiting = 0;
        long present = 0;
        for (LocalNamespace namespace : all()) {
            rooms += namespace.rooms().size();
            waiting += namespace.waiting();
            present += namespace.present();
        }
        values.put("rooms", rooms);
        values.put("fanout.waiting", waiting);
        values.put("presence.sessions", present);
    }

    /** Completes when the named namespaces can replay what their logs held before this node came; a family's do so when somebody asks for it. */
    public CompletionStage<Void> filled() {
        return filled.minimalCompletionStage();
    }

    private LocalNamespace create(String name, NamespaceDefinition definition, Runnable emptied) {
        int number = definitions.indexOf(definition);
        String share = definition.isDynamic() ? scope(definition) : null;
        return factory.create(name, definition.handlers(), share, rates.get(number), emptied);
    }

    /** What a namespace or a family is called at all nodes: a family by its place among all that is configured. */
    private String scope(NamespaceDefinition definition) {
        String name = definition.name();
        return name == null ? "family " + definitions.indexOf(definition) : name;
    }

    private static EventRates rates(NodeContext context, RateGate gate, NamespaceHandlers handlers, String scope) {
        return new EventRates(
                gate,
                context.limits(),
                handlers.limit(),
                handlers.routes().values().stream().map(EventRoute::contract).toList(),
                context.nodeLimits().sharedRates(),
                scope);
    }

    /**
     * For a client that is to be admitted; {@link #admitted} must follow, unless this throws. Null when there is none of that name.
     *
     * @param address of the client, as it is counted; null for a session that another node had
     * @throws ConnectRefusedException when there are too many
     */
    public @Nullable LocalNamespace open(String name, @Nullable String address) {
        NamespaceDefinition family = null;
        if (!isNamed(name)) {
            family = family(name);
            if (family == null) {
                return null;
            }
        }
        if (family == null) {
            return live.get(name);
        }
        Opened known;
        synchronized (this) {
            known = ofFamilies.get(name);
            if (known == null) {
                known = openNew(name, family, address);
            }
            known.admitting++;
        }
        try {
            return known.namespace();
        } catch (RuntimeException | Error e) {
            admitted(name);
            throw e;
        }
    }

    /** Whether it is there, so that nobody has to open it. */
    public boolean isLive(String name) {
        return live.containsKey(name);
    }

    private Opened openNew(String name, NamespaceDefinition family, @Nullable String address) {
        if (address != null) {
            int most = context.limits().maxPatternNamespaces();
            int share = Math.min(most, Math.max(LEAST_SHARE, most / SHARE));
            if (ofFamilies.size() >= most || byAddress.getOrDefault(address, 0) >= share) {
                context.counters().count(Counters.Name.NAMESPACES_REFUSED);
                throw new ConnectRefusedException(
                        ErrorCode.NAMESPACES_FULL.sentence(),
                        Map.of(
                                "code",
                                ErrorCode.NAMESPACES_FULL.code(),
                                "retryAfterMs",
                                ConnectionGate.NO_ROOM.toMillis()));
            }
            byAddress.merge(address, 1, Integer::sum);
        }
        Opened opened = new Opened(name, family, address);
        ofFamilies.put(name, opened);
        return opened;
    }

    private boolean isNamed(String name) {
        for (NamespaceDefinition definition : definitions) {
            if (name.equals(definition.name())) {
                return true;
            }
        }
        return false;
    }

    /** The first family that accepts the name; the predicate is the application's. */
    private @Nullable NamespaceDefinition family(String name) {
        if (NamespaceDefinition.isName(name)) {
            for (NamespaceDefinition definition : definitions) {
                if (definition.isDynamic() && definition.names().test(name)) {
                    return definition;
                }
            }
        }
        return null;
    }

    /** An admission has ended, in whatever way. */
    public void admitted(String name) {
        synchronized (this) {
            Opened known = ofFamilies.get(name);
            if (known != null) {
                known.admitting--;
            }
        }
        endIfEmpty(name);
    }

    private void endIfEmpty(String name) {
        LocalNamespace ended;
        synchronized (this) {
            Opened known = ofFamilies.get(name);
            if (known == null || known.held || known.admitting > 0 || !known.isEmpty()) {
                return;
            }
            ended = known.namespace;
            ofFamilies.remove(name);
            live.remove(name);
            if (known.address != null) {
                byAddress.computeIfPresent(known.address, (address, count) -> count == 1 ? null : count - 1);
            }
        }
        if (ended != null) {
            ended.close();
        }
    }

    /** What the application sees of a namespace; null when there is none of that name. */
    public @Nullable Namespace find(String name) {
        if (isNamed(name)) {
            return live.get(name);
        }
        NamespaceDefinition family = family(name);
        return family == null ? null : new NamespaceHandle(realtime, name, () -> use(name, family));
    }

    /** For the application: open while it is used. */
    private LocalNamespace use(String name, NamespaceDefinition family) {
        context.lifetime().require();
        Opened known;
        synchronized (this) {
            known = ofFamilies.get(name);
            if (known == null) {
                known = openNew(name, family, null);
            }
            known.used = true;
            if (!known.held) {
                known.held = true;
                letGoLater(name, known);
            }
        }
        return known.namespace();
    }

    private void letGoLater(String name, Opened opened) {
        context.time()
                .schedule(
                        HELD,
                        () -> context.workers().execute(() -> {
                            synchronized (this) {
                                opened.held = opened.used;
                                opened.used = false;
                                if (opened.held) {
                                    letGoLater(name, opened);
                                    return;
                                }
                            }
                            endIfEmpty(name);
                        }));
    }

    public Collection<LocalNamespace> all() {
        return live.values();
    }

    /** The sessions of the node that have ended. */
    public EndedSessions ended() {
        return factory.node().ended();
    }

    /** How many have been opened by clients that have not been closed since, by address. */
    public synchronized int addresses() {
        return byAddress.size();
    }

    /** Sessions of the node that wait for their client. */
    public int suspended() {
        return factory.node().suspended().count();
    }

    /** Addresses and users that have some. */
    public int sharesOfSuspended() {
        return factory.node().suspended().shares();
    }
}
