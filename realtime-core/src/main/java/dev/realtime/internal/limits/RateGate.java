package dev.realtime.internal.limits;

import dev.realtime.RateLimit;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@link RateLimit}s by user and event. For each window it keeps one moment, the theoretical arrival time of the generic cell
 * rate algorithm (ITU-T I.371), so a user costs a few dozen bytes while being limited and nothing afterwards.
 */
public final class RateGate {
    /** Above this many users and events, those whose time has passed are forgotten. */
    private static final int CLEAN_ABOVE = 4096;

    private final Time time;
    private final long origin;
    private final Map<Key, long[]> arrivals = new ConcurrentHashMap<>();
    private volatile int cleanAbove = CLEAN_ABOVE;

    private record Key(String user, String event) {}

    public RateGate(Time time) {
        this.time = time;
        this.origin = time.nanoTime();
    }

    /** Admits an event, or says how long the user has to wait for the next. */
    public @Nullable Duration admit(String user, String event, RateLimit limit) {
        long now = time.nanoTime() - origin;
        long[] wait = new long[1];
        arrivals.compute(new Key(user, event), (key, known) -> {
            long[] expected = known == null ? new long[limit.windows().size()] : known;
            for (int i = 0; i < expected.length; i++) {
                RateLimit.Window window = limit.windows().get(i);
                long interval = interval(window, limit.burst());
                long allowedAt = Math.max(expected[i], now) - (limit.burst() - 1) * interval;
                wait[0] = Math.max(wait[0], allowedAt - now);
            }
            if (wait[0] <= 0) {
                for (int i = 0; i < expected.length; i++) {
                    RateLimit.Window window = limit.windows().get(i);
                    expected[i] = Math.max(expected[i], now) + interval(window, limit.burst());
                }
            }
            return expected;
        });
        if (arrivals.size() > cleanAbove) {
            clean(now);
        }
        return wait[0] <= 0 ? null : Duration.ofNanos(wait[0]);
    }

    /** Rounded up, so that a window is never exceeded by a fraction. */
    private static long interval(RateLimit.Window window, int burst) {
        long shares = window.count() - burst + 1L;
        return (window.period().toNanos() + shares - 1) / shares;
    }

    private void clean(long now) {
        Iterator<long[]> all = arrivals.values().iterator();
        while (all.hasNext()) {
            long latest = 0;
            for (long expected : all.next()) {
                latest = Math.max(latest, expected);
            }
            if (latest <= now) {
                all.remove();
            }
        }
        cleanAbove = Math.max(CLEAN_ABOVE, 2 * arrivals.size());
    }
}
