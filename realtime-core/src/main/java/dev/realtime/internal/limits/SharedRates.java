package dev.realtime.internal.limits;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes of a cluster count together: each keeps its page of the ledger of a user and a rule in the store's values. While the store does not answer, the
 * node goes on with its part of each count, for as many nodes as have lived at once within a day: one that is cut off as well does not live any more, as far as the
 * others can see, and takes its part all the same. Thread-safe.
 */
public final class SharedRates {
    private static final Logger LOG = LoggerFactory.getLogger(SharedRates.class);

    /** After so long without an answer the store counts as gone. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration TICK = Duration.ofSeconds(1);
    /** Where it is kept how many nodes there are, */
    private static final String NODES = "limits-nodes";
    /** for so long since there were as many, */
    private static final Duration NODES_LIFE = Duration.ofDays(1);
    /** so it is written again in time if there still are. */
    private static final long NODES_AGAIN = Duration.ofHours(1).toNanos();

    private static final Duration PROBE_LIFE = Duration.ofMinutes(1);

    private final Values values;
    private final Leases leases;
    private final String node;
    private final Time time;
    private final Executor executor;
    private final Observer observer;
    private final BoundedLog lines;
    private final long origin;
    private final Set<UserBudgets> holders = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final AtomicLong writers = new AtomicLong();
    private volatile long nodesWritten; // when that was written last; 0 if it never was
    private volatile @Nullable StoreTime storeTime;
    private volatile int nodes = 1;
    private volatile boolean alone;
    private volatile boolean closed;
    private volatile long probed; // the version of what this node has written last to see whether it can

    /** Counts what happens. */
    public interface Observer {
        /** The store is asked, for which somebody waits or not. */
        void exchanged();

        /** An event was admitted while the store did not answer. */
        void admittedAlone();
    }

    /**
     * @param node the id of this node, never used before
     * @param executor where the node does what nobody waits for
     */
    public SharedRates(
            Values values,
            Leases leases,
            String node,
            Time time,
            Executor executor,
            Observer observer,
            BoundedLog lines) {
        this.values = values;
        this.leases = leases;
        this.node = node;
        this.time = time;
        this.executor = executor;
        this.observer = observer;
        this.lines = lines;
        this.origin = time.nanoTime();
    }

    /** The node has just renewed its lease: it looks around for others, whether anybody sends anything or not. When it is cut off it is too late. */
    public void hasLease() {
        if (!closed) {
            var unused = leases.living().thenCombine(values.find(NODES), this::seen);
        }
    }

    /** Returns how many nodes count. */
    private int seen(Set<String> living, Values.Value most) {
        int known = most.text() == null ? 0 : number(most.text());
        int now = Math.max(1, living.size());
        nodes = Math.max(now, known);
        boolean isOld = nodesWritten == 0 || now() - nodesWritten >= NODES_AGAIN;
        if (now > known || (now == known && isOld)) {
            nodesWritten = now() | 1;
            values.put(NODES, most.version(), Integer.toString(now), NODES_LIFE);
        }
        return nodes;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Gives back all shares. Completes, never exceptionally, when they are, or the store does not answer. */
    public CompletionStage<Void> close() {
        closed = true;
        List<CompletableFuture<Void>> given = new ArrayList<>();
        holders.forEach(budgets -> given.add(budgets.giveBack()));
        return CompletableFuture.allOf(given.toArray(CompletableFuture[]::new));
    }

    /** Whether the store does not answer. */
    public boolean isAlone() {
        return alone;
    }

    /** How many nodes there have been at once within a day, as the store has said last, this one included. */
    public int nodes() {
        return nodes;
    }

    /** How many users this node holds a share of. */
    public int shares() {
        return holders.size();
    }

    String newWriter() {
        return node + "." + Long.toString(writers.incrementAndGet(), 36);
    }

    long now() {
        return time.nanoTime() - origin;
    }

    Observer observer() {
        return observer;
    }

    // ---- the store

    @Nullable
    StoreTime storeTime() {
        return storeTime;
    }

    CompletionStage<Values.Value> find(String name) {
        observer.exchanged();
        long asked = now();
        return inTime(values.find(name)).thenApply(value -> {
            storeTime = StoreTime.of(asked, now(), value.at());
            return value;
        });
    }

    CompletionStage<Values.Written> put(String name, long expectedVersion, @Nullable String text, Duration timeToLive) {
        observer.exchanged();
        long asked = now();
        return inTime(values.put(name, expectedVersion, text, timeToLive)).thenApply(written -> {
            storeTime = StoreTime.of(asked, now(), written.value().at());
            return written;
        });
    }

    /** Fails if the store does not answer: somebody may be waiting. */
    private <T> CompletionStage<T> inTime(CompletionStage<T> asked) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        asked.whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        if (!answer.isDone()) {
            Time.Timer timer = time.schedule(
                    PATIENCE,
                    () -> executor.execute(
                            () -> answer.completeExceptionally(new TimeoutException("no answer after " + PATIENCE))));
            var unused = answer.whenComplete((value, failure) -> timer.cancel());
        }
        return answer;
    }

    /** The store has not answered. */
    void failed(Throwable failure) {
        if (closed) {
            return;
        }
        synchronized (this) {
            if (alone) {
                return;
            }
            alone = true;
        }
        lines.warn(
                LOG,
                "",
                "the backend does not answer: each node of {} admits its part of the limits by itself",
                nodes,
                failure);
        tickLater();
    }

    /** Writes something, since a store may answer who reads and take nothing: then a node that believed in it would be alone again with the next event. */
    private void probe() {
        put("limits-probe:" + node, probed, "", PROBE_LIFE).whenComplete((written, failure) -> {
            if (failure == null) {
                probed = written.value().version();
                if (written.isDone()) {
                    alone = false;
                }
            }
        });
    }

    // ---- what is held

    /** A user has a share that is to be given back in time. */
    void holds(UserBudgets budgets) {
        holders.add(budgets);
        tickLater();
    }

    private void tickLater() {
        if (!closed && ticking.compareAndSet(false, true)) {
            time.schedule(TICK, () -> executor.execute(this::tick));
        }
    }

    private void tick() {
        if (alone) {
            probe();
        }
        for (UserBudgets budgets : List.copyOf(holders)) {
            holders.remove(budgets);
            if (budgets.settle()) {
                holders.add(budgets);
            }
        }
        ticking.set(false);
        if (alone || !holders.isEmpty()) {
            tickLater();
        }
    }
}
