package dev.realtime.limits;

import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * How often one user may send an event, over all sessions of the user on this node. A generic cell rate rule (GCRA): in no interval as
 * long as a window's period are more events admitted than its count, wherever the interval begins, and a refusal says exactly
 * when the next event is admitted. An event that one window refuses costs nothing in another. Immutable.
 *
 * <pre>{@code
 * RateLimit tries = RateLimit.perMinute(20); // 20 in any minute, 4 of them at once
 * RateLimit chat = RateLimit.perMinute(20).perHour(500).burst(5); // and no more than 500 in any hour, 5 at once
 * }</pre>
 *
 * <p>Each window has a burst of its own. What may come at once cannot also come steadily: after a burst of {@code b} a window admits one more
 * event every {@code period / (count − b + 1)}, so a small burst leaves the higher steady rate. Somebody who tries all the time gets
 * this from {@code perMinute(20).perHour(500)}: 4 at once, then one every 3.6 seconds, until the hour's burst of 100 is used up; from then on one every 9
 * seconds, and 500 in the hour.
 */
public sealed interface RateLimit permits RateLimit.Rule {

    /**
     * Returns a limit of one window, a fifth of which, though at least one event, may come at once.
     *
     * @param period longer than zero, at most seven days
     * @param count at least 1
     * @throws IllegalArgumentException if either is out of range
     */
    static Rule per(Duration period, int count) {
        return new Rule(List.of(Window.of(period, count)));
    }

    /**
     * Returns a limit of this many events in any second.
     *
     * @see #per(Duration, int)
     */
    static Rule perSecond(int count) {
        return per(Duration.ofSeconds(1), count);
    }

    /**
     * Returns a limit of this many events in any minute.
     *
     * @see #per(Duration, int)
     */
    static Rule perMinute(int count) {
        return per(Duration.ofMinutes(1), count);
    }

    /**
     * Returns a limit of this many events in any hour.
     *
     * @see #per(Duration, int)
     */
    static Rule perHour(int count) {
        return per(Duration.ofHours(1), count);
    }

    /** Returns the windows, each of which has to have room for an event. */
    List<Window> windows();

    /** Returns how many events may come at once: the least burst of any window. */
    default int burst() {
        return windows().stream().mapToInt(Window::burst).min().orElseThrow();
    }

    /** A number of events in any interval of one length, some of which may come at once. */
    final class Window {
        private static final Duration LONGEST = Duration.ofDays(7);

        private final int count;
        private final Duration period;
        private final int burst;

        private Window(Duration period, int count, int burst) {
            this.period = period;
            this.count = count;
            this.burst = burst;
        }

        private static Window of(Duration period, int count) {
            Objects.requireNonNull(period, "period");
            return new Window(
                    Range.between(Duration.ofNanos(1), LONGEST, "RateLimit.period", period),
                    Range.atLeast(1, "RateLimit.count", count),
                    Math.max(1, count / 5));
        }

        private Window burst(int value) {
            return new Window(period, count, value);
        }

        /** Returns how many events are admitted per period. */
        public int count() {
            return count;
        }

        /** Returns the length of the interval. */
        public Duration period() {
            return period;
        }

        /** Returns how many of them may come at once. */
        public int burst() {
            return burst;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Window that
                    && count == that.count
                    && burst == that.burst
                    && period.equals(that.period);
        }

        @Override
        public int hashCode() {
            return Objects.hash(count, burst, period);
        }

        @Override
        public String toString() {
            return count + " per " + period + " (" + burst + " at once)";
        }
    }

    /** A limit to which windows can be added: what {@link RateLimit#perMinute} and its like return. */
    final class Rule implements RateLimit {
        private final List<Window> windows;

        private Rule(List<Window> windows) {
            this.windows = windows;
        }

        /**
         * Adds a window, a fifth of which, though at least one event, may come at once: an event has to find room in each window.
         *
         * @param period longer than zero, at most seven days
         * @param count at least 1
         * @throws IllegalArgumentException if either is out of range
         */
        public Rule per(Duration period, int count) {
            List<Window> more = new ArrayList<>(windows);
            more.add(Window.of(period, count));
            return new Rule(List.copyOf(more));
        }

        /**
         * Adds a window of a second.
         *
         * @see #per(Duration, int)
         */
        public Rule perSecond(int count) {
            return per(Duration.ofSeconds(1), count);
        }

        /**
         * Adds a window of a minute.
         *
         * @see #per(Duration, int)
         */
        public Rule perMinute(int count) {
            return per(Duration.ofMinutes(1), count);
        }

        /**
         * Adds a window of an hour.
         *
         * @see #per(Duration, int)
         */
        public Rule perHour(int count) {
            return per(Duration.ofHours(1), count);
        }

        /**
         * Sets how many events may come at once: the burst of the shortest window. That of a longer one only grows to the value, where it was
         * smaller.
         *
         * @param value between 1 and the count of every window
         * @throws IllegalArgumentException if the value is out of range
         */
        public Rule burst(int value) {
            int most = windows.stream().mapToInt(Window::count).min().orElseThrow();
            int burst = Range.between(1, most, "RateLimit.burst", value);
            Duration shortest = windows.stream()
                    .map(Window::period)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            return new Rule(windows.stream()
                    .map(window -> window.period().equals(shortest)
                            ? window.burst(burst)
                            : window.burst(Math.max(burst, window.burst())))
                    .toList());
        }

        @Override
        public List<Window> windows() {
            return windows;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Rule that && windows.equals(that.windows);
        }

        @Override
        public int hashCode() {
            return windows.hashCode();
        }

        @Override
        public String toString() {
            return "RateLimit" + windows;
        }
    }
}
