package dev.realtime.internal.presence;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.presence.PresenceChange;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the application of edges, one after the other, in order, on its own threads. Where so many wait that the application is far behind, a user who has come
 * and gone since, or has gone and come, is not told of: so no more wait than there are users. Thread-safe.
 */
final class EdgeTeller {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeTeller.class);
    private static final int MOST_WAITING = 1_024;

    private final Executor handlers;
    private final NodeRuntime runtime;
    private final Consumer<PresenceChange> edges;
    private final ArrayDeque<PresenceChange> waiting = new ArrayDeque<>(); // guarded by this
    private final Map<String, PresenceChange> behind =
            new LinkedHashMap<>(); // those, one of each user; guarded by this
    private boolean telling; // guarded by this

    /** @param edges tells the application */
    EdgeTeller(NodeRuntime runtime, Consumer<PresenceChange> edges) {
        this.handlers = runtime.workers().handlers();
        this.runtime = runtime;
        this.edges = edges;
    }

    void tell(PresenceChange change) {
        boolean merged = false;
        boolean first;
        synchronized (this) {
            if (behind.isEmpty() && waiting.size() < MOST_WAITING) {
                waiting.addLast(change);
            } else {
                merged = merge(change);
            }
            first = !telling;
            telling = true;
        }
        if (merged) {
            runtime.counters().count(Counters.Name.PRESENCE_UNTOLD);
            runtime.lines()
                    .warn(
                            LOG,
                            "presence",
                            "{} changes of presence wait for a listener that is slow; users who come and go meanwhile are left out",
                            MOST_WAITING);
        }
        if (first) {
            handlers.execute(this::next);
        }
    }

    /** Whether the application need not hear of it, nor of the one before, since all is as it was told. */
    private boolean merge(PresenceChange change) {
        PresenceChange before = behind.get(change.userId());
        if (before == null || before.online() == change.online()) {
            behind.putIfAbsent(change.userId(), change);
            return false;
        }
        behind.remove(change.userId());
        return true;
    }

    private void next() {
        PresenceChange change = take();
        if (change == null) {
            return;
        }
        try {
            edges.accept(change);
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, "presence", "telling of user {} failed", change.userId(), e);
        }
        handlers.execute(this::next);
    }

    private synchronized @Nullable PresenceChange take() {
        PresenceChange change = waiting.pollFirst();
        if (change == null && !behind.isEmpty()) {
            change = behind.remove(behind.keySet().iterator().next());
        }
        telling = change != null;
        return change;
    }
}
