package dev.realtime.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How often one user may send an event, over all sessions of the user on this node. A generic cell rate rule (GCRA): in no interval as
 * long as a window's period are more than its {@code count} events admitted, wherever the interval begins, and a refusal says exactly
 * when the next event is admitted. An event that one window refuses costs nothing in another.
 *
 * <p>What may come at once cannot also come steadily: after a burst of {@code b} one more event is admitted every
 * {@code period / (count − b + 1)}, so a small burst leaves the higher steady rate.
 *
 * @param windows each allows {@code count} events per {@code period}
 * @param burst how many may come at once; default is a fifth of the smallest count, at least 1
 */
public record RateLimit(List<Window> windows, int burst) {

    /** {@code count} events per {@code period}. */
    public record Window(int count, Duration period) {
        public Window {
            Objects.requireNonNull(period, "period");
            if (count < 1 || period.isNegative() || period.isZero()) {
                throw new IllegalArgumentException(
                        "a rate needs at least 1 event in a positive period, but has " + count + " per " + period);
            }
        }
    }

    public RateLimit {
        Objects.requireNonNull(windows, "windows");
        windows = List.copyOf(windows);
        if (windows.isEmpty()) {
            throw new IllegalArgumentException("a rate limit needs at least one window");
        }
        for (Window window : windows) {
            if (burst < 1 || burst > window.count()) {
                throw new IllegalArgumentException("a burst is between 1 and the count of every window, but is " + burst
                        + " with " + window.count() + " per " + window.period());
            }
        }
    }

    public static RateLimit per(Duration period, int count) {
        return new RateLimit(List.of(new Window(count, period)), Math.max(1, count / 5));
    }

    public static RateLimit perSecond(int count) {
        return per(Duration.ofSeconds(1), count);
    }

    public static RateLimit perMinute(int count) {
        return per(Duration.ofMinutes(1), count);
    }

    public static RateLimit perHour(int count) {
        return per(Duration.ofHours(1), count);
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
