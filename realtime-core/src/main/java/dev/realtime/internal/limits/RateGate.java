package dev.realtime.internal.limits;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The rates of a node: who has sent how much under which rule. A user costs some hundred bytes, and four for each event that still counts in a window, and
 * nothing afterwards: while anything is remembered, what has passed is swept away twice a minute. Thread-safe.
 */
public final class RateGate {
    private static final Duration SWEEP = Duration.ofSeconds(30);

    private final Time time;
    private final Executor executor;
    private final long origin;
    private final List<RateScope> scopes = new CopyOnWriteArrayList<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /** @param executor where what has passed is swept away */
    public RateGate(Time time, Executor executor) {
        this.time = time;
        this.executor = executor;
        this.origin = time.nanoTime();
    }

    /** Returns a new scope, which stays for as long as the node. */
    RateScope scope(List<RateRule> rules) {
        RateScope scope = new RateScope(this, rules);
        scopes.add(scope);
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

    /** How many users are remembered, one in two scopes twice. */
    public int size() {
        int size = 0;
        for (RateScope scope : scopes) {
            size += scope.users().size();
        }
        return size;
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
        for (RateScope scope : scopes) {
            scope.users().forEach(UserBudgets::sweep);
        }
        sweeping.set(false);
        sweepLater();
    }
}
