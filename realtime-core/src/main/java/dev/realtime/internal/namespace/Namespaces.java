package dev.realtime.internal.namespace;

import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.session.EndedSessions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces of a node. Those with a name are there from the start; those of a family come into being with the first client that
 * asks, and end when the last session has ended and nobody is being admitted.
 */
public final class Namespaces {
    private final NodeContext context;
    private final List<NamespaceDefinition> definitions;
    private final RateGate rates;
    private final AtomicInteger suspended = new AtomicInteger();
    private final EndedSessions ended;
    private final Recoveries recoveries;
    private final CompletableFuture<Void> filled;
    private final Map<String, LocalNamespace> live = new ConcurrentHashMap<>();
    private final Map<String, Integer> admitting = new HashMap<>(); // of families; guarded by this

    public Namespaces(NodeContext context, List<NamespaceDefinition> definitions) {
        this.context = context;
        this.definitions = definitions;
        this.rates = new RateGate(context.time());
        this.ended = new EndedSessions(context.time(), context.limits().authenticationTimeout());
        this.recoveries = Recoveries.of(context);
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

    /** Completes when the named namespaces can replay what their logs held before this node came; a family's do so when somebody asks for it. */
    public CompletionStage<Void> filled() {
        return filled.minimalCompletionStage();
    }

    private LocalNamespace create(String name, NamespaceDefinition definition, Runnable emptied) {
        return new LocalNamespace(name, definition.behaviour(), context, rates, suspended, ended, recoveries, emptied);
    }

    /** For a client that is to be admitted; {@link #admitted} must follow. Null when there is none of that name. */
    public @Nullable LocalNamespace open(String name) {
        LocalNamespace known = live.get(name);
        if (known != null && !isOfFamily(name)) {
            return known;
        }
        NamespaceDefinition family = family(name);
        if (family == null) {
            return null;
        }
        synchronized (this) {
            admitting.merge(name, 1, Integer::sum);
            return live.computeIfAbsent(name, missing -> create(missing, family, () -> endIfEmpty(missing)));
        }
    }

    private boolean isOfFamily(String name) {
        for (NamespaceDefinition definition : definitions) {
            if (name.equals(definition.name())) {
                return false;
            }
        }
        return true;
    }

    /** The first family that accepts the name; the predicate is the application's. */
    private @Nullable NamespaceDefinition family(String name) {
        for (NamespaceDefinition definition : definitions) {
            if (definition.isDynamic() && definition.names().test(name)) {
                return definition;
            }
        }
        return null;
    }

    /** An admission has ended, in whatever way. */
    public void admitted(String name) {
        synchronized (this) {
            admitting.computeIfPresent(name, (known, count) -> count == 1 ? null : count - 1);
        }
        endIfEmpty(name);
    }

    private void endIfEmpty(String name) {
        LocalNamespace ended = null;
        synchronized (this) {
            LocalNamespace known = live.get(name);
            if (known != null && known.isEmpty() && !admitting.containsKey(name) && isOfFamily(name)) {
                live.remove(name);
                ended = known;
            }
        }
        if (ended != null) {
            ended.close();
        }
    }

    public @Nullable LocalNamespace find(String name) {
        return live.get(name);
    }

    public Collection<LocalNamespace> all() {
        return live.values();
    }

    /** The sessions of the node that have ended. */
    public EndedSessions ended() {
        return ended;
    }

    /** Sessions of the node that wait for their client. */
    public int suspended() {
        return suspended.get();
    }
}
