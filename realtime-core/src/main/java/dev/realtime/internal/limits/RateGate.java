package dev.realtime.internal.limits;

import dev.realtime.RateLimit;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@link RateLimit}s by scope, user and rule. For each window it keeps one moment, the theoretical arrival time of the generic cell
 * rate algorithm (ITU-T I.371), so a user costs a few dozen bytes while being limited and nothing afterwards: while anything is kept, what
 * has passed is swept away twice a minute.
 */
public final class RateGate {
    private static final Duration SWEEP = Duration.ofSeconds(30);

    private final Time time;
    private final Executor executor;
    private final long origin;
    private final Map<Key, long[]> arrivals = new ConcurrentHashMap<>();
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
        int windows = limit.windows().size();
        arrivals.compute(new Key(scope, user, rule), (key, known) -> {
            long[] expected = known == null || known.length != windows ? new long[windows] : known;
            for (int i = 0; i < windows; i++) {
                RateLimit.Window window = limit.windows().get(i);
                long interval = interval(window, limit.burst());
                long allowedAt = Math.max(expected[i], now) - (limit.burst() - 1) * interval;
                wait[0] = Math.max(wait[0], allowedAt - now);
            }
            if (wait[0] <= 0) {
                for (int i = 0; i < windows; i++) {
                    RateLimit.Window window = limit.windows().get(i);
                    expected[i] = Math.max(expected[i], now) + interval(window, limit.burst());
                }
            }
            return expected;
        });
        if (!sweeping.get()) {
            sweepLater();
        }
        return wait[0] <= 0 ? null : Duration.ofNanos(wait[0]);
    }

    /** How many users and rules are remembered. */
    public int size() {
        return arrivals.size();
    }

    /** Rounded up, so that a window is never exceeded by a fraction. */
    private static long interval(RateLimit.Window window, int burst) {
        long shares = window.count() - burst + 1L;
        return (window.period().toNanos() + shares - 1) / shares;
    }

    private void sweepLater() {
        if (!arrivals.isEmpty() && sweeping.compareAndSet(false, true)) {
            time.schedule(SWEEP, () -> executor.execute(this::sweep));
        }
    }

    private void sweep() {
        long now = time.nanoTime() - origin;
        for (Key key : arrivals.keySet()) {
            arrivals.computeIfPresent(key, (same, expected) -> hasPassed(expected, now) ? null : expected);
        }
        sweeping.set(false);
        sweepLater();
    }

    private static boolean hasPassed(long[] moments, long now) {
        for (long moment : moments) {
            if (moment > now) {
                return false;
            }
        }
        return true;
    }
}
