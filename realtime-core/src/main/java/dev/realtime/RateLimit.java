package dev.realtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How often one user may send an event, over all sessions of the user on this node. A cell rate rule (GCRA): every window holds at
 * any moment, and a refusal says exactly when the next event is accepted. An event that one window refuses costs nothing in another.
 *
 * @param windows each allows {@code count} events per {@code period}
 * @param burst how many may come at once; default is the smallest window's count
 */
public record RateLimit(List<Window> windows, int burst) {

    /** {@code count} events per {@code period}. */
    public record Window(int count, Duration period) {
        public Window {
            if (count < 1 || period.isNegative() || period.isZero()) {
                throw new IllegalArgumentException(
                        "a rate needs at least 1 event in a positive period, but has " + count + " per " + period);
            }
        }
    }

    public RateLimit {
        windows = List.copyOf(windows);
        if (windows.isEmpty() || burst < 1) {
            throw new IllegalArgumentException("a rate limit needs a window and a burst of at least 1");
        }
    }

    public static RateLimit per(Duration period, int count) {
        return new RateLimit(List.of(new Window(count, period)), count);
    }

    public static RateLimit perSecond(int count) {
        return per(Duration.ofSeconds(1), count);
    }

    public static RateLimit perMinute(int count) {
        return per(Duration.ofMinutes(1), count);
    }

    /** Additionally at most this many per hour. */
    public RateLimit perHour(int count) {
        return and(Duration.ofHours(1), count);
    }

    /** Additionally at most this many per period. */
    public RateLimit and(Duration period, int count) {
        List<Window> more = new ArrayList<>(windows);
        more.add(new Window(count, period));
        return new RateLimit(more, Math.min(burst, count));
    }

    public RateLimit burst(int events) {
        return new RateLimit(windows, events);
    }
}
