package dev.realtime.internal.limits;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The rates of a node: who has sent how much under which rule. A user costs some hundred bytes, and four for each event that still counts in a window, and
 * nothing afterwards: while anything is remembered, what has passed is swept away twice a minute, and every second while there is much. All together cost
 * no more than a bound. Thread-safe.
 */
public final class RateGate {
    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final long CROWDED_SWEEP = Duration.ofSeconds(1).toNanos();

    private final Time time;
    private final Executor executor;
    private final long origin;
    private final RateMemory memory;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final AtomicLong swept = new AtomicLong(); // when it was done last

    /**
     * @param executor where what has passed is swept away
     * @param maxBytes how much may be remembered
     * @param forgotten told of each user who is forgotten, since it would be more
     */
    public RateGate(Time time, Executor executor, long maxBytes, Runnable forgotten) {
        this.time = time;
        this.executor = executor;
        this.origin = time.nanoTime();
        this.memory = new RateMemory(maxBytes, this::crowded, forgotten);
    }

    /** Returns a new scope, which stays for as long as the node. */
    RateScope scope(List<RateRule> rules) {
        RateScope scope = new RateScope(this, rules);
        memory.add(scope);
        return scope;
    }

    /** Returns a new scope of rules some of which all nodes count together; see {@link RateScope}. */
    RateScope scope(List<RateRule> rules, @Nullable SharedRates shared, @Nullable String[] ledgers) {
        RateScope scope = new RateScope(this, rules, shared, ledgers);
        memory.add(scope);
        return scope;
    }

    /** Returns a new scope of paces, which count the same few bytes for each user. */
    public RateScope scope(Pace... paces) {
        return scope(Arrays.stream(paces).map(RateRule::of).toList());
    }

    /** The time since the gate was made, in nanoseconds. */
    long now() {
        return time.nanoTime() - origin;
    }

    RateMemory memory() {
        return memory;
    }

    /** How many users are remembered, one in two scopes twice. */
    public int size() {
        int size = 0;
        for (RememberedClients scope : memory.scopes()) {
            size += scope.clients().size();
        }
        return size;
    }

    /** How much memory that takes, about, in bytes. */
    public long bytes() {
        return memory.taken();
    }

    /** Somebody is remembered who was not before. */
    void remembers() {
        if (!sweeping.get()) {
            sweepLater();
        }
    }

    private void sweepLater() {
        if (size() > 0 && sweeping.compareAndSet(false, true)) {
            time.schedule(SWEEP, () -> executor.execute(this::sweep));
        }
    }

    private void sweep() {
        sweepNow();
        sweeping.set(false);
        sweepLater();
    }

    private void sweepNow() {
        swept.set(now());
        for (RememberedClients scope : memory.scopes()) {
            scope.clients().forEach(Remembered::sweep);
        }
    }

    /** Nobody is to be forgotten for the sake of what has passed. */
    private void crowded() {
        long last = swept.get();
        long now = now();
        if (now - last >= CROWDED_SWEEP && swept.compareAndSet(last, now)) {
            executor.execute(this::sweepNow);
        }
    }
}
