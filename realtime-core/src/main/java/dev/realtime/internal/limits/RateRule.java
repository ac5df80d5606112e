package dev.realtime.internal.limits;

import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RateLimit.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A rate as it is counted: windows, for which the times of the admitted events are kept, and paces, for each of which one moment is. Immutable.
 *
 * <p>Times are kept in units, of which the longest window has no more than half as many as an {@code int} can count: the age of anything that
 * still counts can be told from its last 32 bits, even when as much time again has passed.
 */
final class RateRule {
    private static final long MOST_UNITS = (1 << 30) - 8;

    private final int[] counts;
    private final long[] periods;
    private final Pace[] paces;
    private final long longest;
    private final int most;
    private final long unit;

    private RateRule(List<Window> windows, List<Pace> paces) {
        this.counts = windows.stream().mapToInt(Window::count).toArray();
        this.periods =
                windows.stream().mapToLong(window -> window.period().toNanos()).toArray();
        this.paces = paces.toArray(Pace[]::new);
        Window widest = windows.stream()
                .max(Comparator.comparing(Window::period).thenComparing(Window::count, Comparator.reverseOrder()))
                .orElse(null);
        this.longest = widest == null ? 0 : widest.period().toNanos();
        this.most = widest == null ? 0 : widest.count();
        this.unit = unit(longest);
    }

    /** Returns the rule of a limit. A cooldown is a window of its own, and takes the place of the steady pace of the shortest. */
    static RateRule of(RateLimit limit) {
        List<Window> windows = new ArrayList<>(limit.windows());
        List<Pace> paces = new ArrayList<>();
        Duration cooldown = limit.cooldown().orElse(null);
        Duration shortest = windows.stream()
                .map(Window::period)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        for (Window window : limit.windows()) {
            boolean paced = cooldown == null || window.period().compareTo(shortest) > 0;
            if (paced && window.burst() < window.count()) {
                paces.add(Pace.of(window.count(), window.period(), window.burst()));
            }
        }
        if (cooldown != null) {
            windows.addAll(RateLimit.per(cooldown, limit.burst()).windows());
        }
        return new RateRule(windows, paces);
    }

    /** Returns a rule without a window: it costs the same few bytes for each user, however many events it counts. */
    static RateRule of(Pace pace) {
        return new RateRule(List.of(), List.of(pace));
    }

    /** The shortest one, of those that engineers count in, that is long enough. Rounder than need be, so that round times keep their value. */
    private static long unit(long longest) {
        long power = 1;
        while (true) {
            for (long unit : new long[] {power, 2 * power, 5 * power}) {
                if (longest / unit < MOST_UNITS) {
                    return unit;
                }
            }
            power *= 10;
        }
    }

    /** Whether the times of events have to be kept. */
    boolean hasWindows() {
        return most > 0;
    }

    /** How many windows there are. */
    int windows() {
        return counts.length;
    }

    int count(int window) {
        return counts[window];
    }

    long period(int window) {
        return periods[window];
    }

    /** How many paces there are. */
    int paces() {
        return paces.length;
    }

    Pace pace(int number) {
        return paces[number];
    }

    /** The period of the longest window: for so long an event counts. */
    long longest() {
        return longest;
    }

    /** The period of the shortest window. */
    long shortest() {
        return Arrays.stream(periods).min().orElse(0);
    }

    /** The period of the shortest window in which an event of this age counts; the longest if there is none. */
    long shortestBeyond(long age) {
        return Arrays.stream(periods).filter(period -> period > age).min().orElse(longest);
    }

    /** How many events count at a time, at most. */
    int most() {
        return most;
    }

    /** How many nanoseconds a kept time is exact to. */
    long unit() {
        return unit;
    }
}
