package dev.realtime.internal.limits;

import dev.realtime.limits.RateLimit;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@link RateLimit}s by scope, user and rule. For each window it keeps {@linkplain ArrivalTimes one moment}, so a user costs a
 * few dozen bytes while being limited and nothing afterwards: while anything is kept, what has passed is swept away twice a minute.
 */
public final class RateGate {
    private static final Duration SWEEP = Duration.ofSeconds(30);

    private final Time time;
    private final Executor executor;
    private final long origin;
    private final Map<Key, ArrivalTimes> arrivals = new ConcurrentHashMap<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    private record Key(String scope, String user, String rule) {}

    /** @param executor where what has passed is swept away */
    public RateGate(Time time, Executor executor) {
        this.time = time;
        this.executor = executor;
        this.origin = time.nanoTime();
    }

    /**
     * Admits an event, or says how long the user has to wait for the next. A refusal costs the user nothing.
     *
     * @param scope where the rule belongs to: one rule has the same windows in all of its scope
     */
    public @Nullable Duration admit(String scope, String user, String rule, RateLimit limit) {
        long now = time.nanoTime() - origin;
        long[] wait = new long[1];
        arrivals.compute(new Key(scope, user, rule), (key, known) -> {
            ArrivalTimes expected = known == null || !known.fits(limit) ? new ArrivalTimes(limit) : known;
            wait[0] = expected.admit(limit, now);
            return expected;
        });
        if (!sweeping.get()) {
            sweepLater();
        }
        return wait[0] == 0 ? null : Duration.ofNanos(wait[0]);
    }

    /** Counts an event that has happened already, admitted or not. */
    void charge(String scope, String user, String rule, RateLimit limit) {
        long now = time.nanoTime() - origin;
        arrivals.compute(new Key(scope, user, rule), (key, known) -> {
            ArrivalTimes expected = known == null || !known.fits(limit) ? new ArrivalTimes(limit) : known;
            expected.charge(limit, now);
            return expected;
        });
        if (!sweeping.get()) {
            sweepLater();
        }
    }

    /** Whether a user has been {@linkplain #charge charged} for more than its limit, and has not made up for it. */
    boolean owes(String scope, String user, String rule, RateLimit limit) {
        long now = time.nanoTime() - origin;
        boolean[] owes = new boolean[1];
        arrivals.computeIfPresent(new Key(scope, user, rule), (key, known) -> {
            owes[0] = known.fits(limit) && known.owes(limit, now);
            return known;
        });
        return owes[0];
    }

    /** How many users and rules are remembered. */
    public int size() {
        return arrivals.size();
    }

    private void sweepLater() {
        if (!arrivals.isEmpty() && sweeping.compareAndSet(false, true)) {
            time.schedule(SWEEP, () -> executor.execute(this::sweep));
        }
    }

    private void sweep() {
        long now = time.nanoTime() - origin;
        for (Key key : arrivals.keySet()) {
            arrivals.computeIfPresent(key, (same, expected) -> expected.havePassed(now) ? null : expected);
        }
        sweeping.set(false);
        sweepLater();
    }
}
