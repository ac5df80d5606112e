package dev.realtime.internal.idempotency;

import dev.realtime.ErrorCode;
import dev.realtime.idempotency.Idempotency;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.node.StoreClock;
import dev.realtime.spi.Backend;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Values;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The requests of a node that are handled once and are under way: one {@link Execution} for each key. Thread-safe. */
public final class IdempotentRequests {
    /** Requests under way: of one session, and of the whole node. */
    private static final int MOST_OF_SESSION = 64;

    private static final int MOST = 10_000;
    /** Handlers are waited for so many times as long as a client waits. */
    private static final int TIMEOUTS = 4;

    private static final String NAME = "idempotency:"; // of values, before the key

    private final NodeRuntime runtime;
    private final Backend backend;
    private final Duration lease;
    private final Duration longest;
    private final StoreClock clock;
    private final Map<String, Execution> executions = new ConcurrentHashMap<>(); // by key
    private final Map<String, Integer> bySession = new ConcurrentHashMap<>();
    private final AtomicInteger entrants = new AtomicInteger();
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private volatile @Nullable Values values; // known with the first request

    /**
     * @param lease for how long a claim holds that is not renewed
     * @param handlerTimeout for how long a client waits for a handler
     */
    public IdempotentRequests(NodeRuntime runtime, Backend backend, Duration lease, Duration handlerTimeout) {
        this.runtime = runtime;
        this.backend = backend;
        this.lease = lease;
        this.longest = handlerTimeout.multipliedBy(TIMEOUTS);
        this.clock = new StoreClock(runtime.time());
    }

    /**
     * A request has come.
     *
     * @param key see {@link RequestKey}
     * @param session whose client sent it
     * @param patient whether it waits for what others do with the same request; else it {@linkplain Turn.Later hears later}
     * @param sentAt when its client made it, in milliseconds since the epoch; null if it does not say
     */
    public Entrant enter(String key, String session, boolean patient, Idempotency<?> options, @Nullable Long sentAt) {
        if (!takesPlace(session)) {
            return overflow();
        }
        Entrant entrant = new Entrant(patient, sentAt, options.window().toMillis(), () -> leavesPlace(session));
        while (true) {
            Execution execution = executions.computeIfAbsent(key, unknown -> new Execution(this, NAME + key, options));
            switch (execution.add(entrant)) {
                case FIRST -> {
                    tickLater();
                    execution.start();
                    return entrant;
                }
                case ADDED -> {
                    return entrant;
                }
                case FULL -> {
                    entrant.leave();
                    return overflow();
                }
                case OVER -> executions.remove(key, execution);
            }
        }
    }

    private Entrant overflow() {
        count(Counters.Name.IDEMPOTENCY_OVERFLOW);
        return Entrant.refused(ErrorCode.OVERLOADED);
    }

    private boolean takesPlace(String session) {
        if (entrants.incrementAndGet() > MOST) {
            entrants.decrementAndGet();
            return false;
        }
        int[] before = {0};
        bySession.compute(session, (id, count) -> {
            before[0] = count == null ? 0 : count;
            return Math.min(MOST_OF_SESSION, before[0] + 1);
        });
        if (before[0] == MOST_OF_SESSION) {
            entrants.decrementAndGet();
            return false;
        }
        return true;
    }

    private void leavesPlace(String session) {
        entrants.decrementAndGet();
        bySession.computeIfPresent(session, (id, count) -> count == 1 ? null : count - 1);
    }

    /** How many are under way. */
    public int size() {
        return executions.size();
    }

    // ---- for the executions

    void over(String name, Execution execution) {
        executions.remove(name.substring(NAME.length()), execution);
    }

    Values values() {
        Values known = values;
        if (known == null) {
            known = backend.values();
            values = known;
        }
        return known;
    }

    StoreClock clock() {
        return clock;
    }

    Duration lease() {
        return lease;
    }

    /** A handler that has not answered for so long never will. */
    Duration longest() {
        return longest;
    }

    BoundedLog lines() {
        return runtime.lines();
    }

    long nanoTime() {
        return runtime.time().nanoTime();
    }

    void count(Counters.Name name) {
        runtime.counters().count(name);
    }

    String newAttempt() {
        return runtime.node() + "." + Long.toString(attempts.incrementAndGet(), 36);
    }

    /** Whether it was made here. */
    boolean isOwn(String attempt) {
        return attempt.startsWith(runtime.node() + ".");
    }

    void later(Duration pause, Runnable task) {
        runtime.time().schedule(pause, () -> runtime.workers().execute(task));
    }

    // ---- what has to be done in time

    private void tickLater() {
        if (ticking.compareAndSet(false, true)) {
            later(lease.dividedBy(6), this::tick);
        }
    }

    private void tick() {
        executions.values().forEach(Execution::look);
        ticking.set(false);
        if (!executions.isEmpty()) {
            tickLater();
        }
    }
}
