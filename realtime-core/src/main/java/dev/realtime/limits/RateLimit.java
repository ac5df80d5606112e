package dev.realtime.limits;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How often one user may send an event, over all sessions of the user; if clients are anonymous, how often those of one address may together. It
 * consists of windows, each of which must have room for an event. {@link Event#limit} limits one event or a category of events, and {@link
 * NamespaceSetup#limit} all events of a namespace together. Immutable.
 *
 * <pre>{@code
 * // 20 in any minute and 500 in any hour; 5 at once, and then one every three seconds
 * RateLimit chat = RateLimit.perMinute(20).perHour(500).burst(5);
 *
 * // 5 in any minute and 20 in any hour; never more than 2 within ten seconds
 * RateLimit invite = RateLimit.perMinute(5).perHour(20).burst(2).cooldown(Duration.ofSeconds(10));
 *
 * // shared by all events that have it
 * RateLimit actions = RateLimit.perMinute(150).burst(20).category("actions");
 * }</pre>
 *
 * <h2>Windows</h2>
 *
 * <p>A window has a count and a period: in no interval as long as the period are more events admitted than the count, wherever the interval begins.
 * Whoever sends steadily, one event every {@code period / count}, is admitted all of them. With several windows the
 * longer ones can be used up at the pace of the shortest: somebody who always sends as soon as it is allowed has sent the 500 of {@code chat} after 25
 * minutes, and waits for the rest of the hour.
 *
 * <h2>Bursts</h2>
 *
 * <p>The burst of a window is how many events may come at once, faster than the steady pace. Each that has come leaves room for another after {@code period /
 * count}. By default it is the whole count.
 *
 * <h2>Cooldown</h2>
 *
 * <p>A {@linkplain Rule#cooldown cooldown} says how long a user waits after a burst for the next one: there are never more than {@link #burst()} events within
 * it. It takes the place of the steady pace of the shortest window. The three first events of {@code invite} come at 0, 0, and 10 seconds.
 *
 * <h2>Refusals</h2>
 *
 * <p>An event that is refused counts nowhere, even where there was room for it. The refusal says exactly when the next event is admitted.
 *
 * <h2>Nodes</h2>
 *
 * <p>What a user sends on all nodes of a backend counts together: nodes reserve shares of what is free ahead, so that few events wait for the backend. While it does not answer each node
 * admits its part of the count, and counts that as {@code limits.degraded}. A limit {@linkplain Rule#perNode() per node} is counted by each node alone, and so is any with a backend that has no values.
 */
public sealed interface RateLimit permits RateLimit.Rule {

    /**
     * Returns a limit of one window, whose whole count may come at once.
     *
     * @param period longer than zero, at most seven days
     * @param count at least 1
     * @throws IllegalArgumentException if either is out of range
     */
    static Rule per(Duration period, int count) {
        return Rule.of(Window.of(period, count, count));
    }

    /**
     * Returns a limit of one window.
     *
     * @param period longer than zero, at most seven days
     * @param count at least 1
     * @param burst how many may come at once, between 1 and the count
     * @throws IllegalArgumentException if one of them is out of range
     */
    static Rule per(Duration period, int count, int burst) {
        return Rule.of(Window.of(period, count, burst));
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

    /** Returns the time in which there are never more events than {@link #burst()}, if there is a cooldown. */
    Optional<Duration> cooldown();

    /** Returns the name under which events share this limit, if they do. */
    Optional<String> category();

    /** Returns whether each node counts alone. */
    boolean isPerNode();

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

        private static Window of(Duration period, int count, int burst) {
            Objects.requireNonNull(period, "period");
            return new Window(
                    period("RateLimit.period", period),
                    Range.atLeast(1, "RateLimit.count", count),
                    Range.between(1, count, "RateLimit.burst", burst));
        }

        private static Duration period(String option, Duration value) {
            return Range.between(Duration.ofNanos(1), LONGEST, option, value);
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
            return count + " per " + period + (burst < count ? " (" + burst + " at once)" : "");
        }
    }

    /** A limit that can be changed: what {@link RateLimit#perMinute} and its like return. Each method returns a changed copy. */
    final class Rule implements RateLimit {
        private static final int LONGEST_CATEGORY = 128;

        private final List<Window> windows;
        private final @Nullable Duration cooldown;
        private final @Nullable String category;
        private final boolean perNode;

        private Rule(List<Window> windows, @Nullable Duration cooldown, @Nullable String category, boolean perNode) {
            this.windows = windows;
            this.cooldown = cooldown;
            this.category = category;
            this.perNode = perNode;
        }

        private static Rule of(Window window) {
            return new Rule(List.of(window), null, null, false);
        }

        private Rule with(Window window) {
            List<Window> more = new ArrayList<>(windows);
            more.add(window);
            return with(List.copyOf(more));
        }

        private Rule with(List<Window> changed) {
            return new Rule(changed, cooldown, category, perNode);
        }

        /**
         * Adds a window, whose whole count may come at once.
         *
         * @param period longer than zero, at most seven days
         * @param count at least 1
         * @throws IllegalArgumentException if either is out of range
         */
        public Rule per(Duration period, int count) {
            return with(Window.of(period, count, count));
        }

        /**
         * Adds a window.
         *
         * @param period longer than zero, at most seven days
         * @param count at least 1
         * @param burst how many may come at once, between 1 and the count
         * @throws IllegalArgumentException if one of them is out of range
         */
        public Rule per(Duration period, int count, int burst) {
            return with(Window.of(period, count, burst));
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
         * Sets how many events may come at once: the burst of the shortest of the windows that there are so far. For a longer window see {@link
         * #per(Duration, int, int)}.
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
            return with(windows.stream()
                    .map(window -> window.period().equals(shortest) ? window.burst(burst) : window)
                    .toList());
        }

        /**
         * Sets how long a user waits after a burst for the next one: in no interval of this length are there more than {@link #burst()} events, and the
         * shortest window has no steady pace. The count of a window may be out of reach then: with one event every 30 seconds there are never three in a
         * minute. Default: none.
         *
         * @param value longer than zero, at most seven days
         * @throws IllegalArgumentException if the value is out of range
         */
        public Rule cooldown(Duration value) {
            Objects.requireNonNull(value, "cooldown");
            return new Rule(windows, Window.period("RateLimit.cooldown", value), category, perNode);
        }

        /**
         * Makes all events of a namespace that have a limit with this category count together, beside what each of them may have for itself. These limits
         * must be equal. Default: none.
         *
         * @param value 1 to 128 characters
         * @throws IllegalArgumentException if it is empty or longer
         */
        public Rule category(String value) {
            Objects.requireNonNull(value, "category");
            Range.check(
                    !value.isEmpty() && value.length() <= LONGEST_CATEGORY,
                    "RateLimit.category",
                    "1 to " + LONGEST_CATEGORY + " characters long",
                    "'" + value + "'");
            return new Rule(windows, cooldown, value, perNode);
        }

        /**
         * Makes each node count alone: a user who has sessions on two nodes is admitted the count on each, and no event waits for the backend. Default: all nodes of a backend count
         * together.
         */
        public Rule perNode() {
            return new Rule(windows, cooldown, category, true);
        }

        @Override
        public List<Window> windows() {
            return windows;
        }

        @Override
        public Optional<Duration> cooldown() {
            return Optional.ofNullable(cooldown);
        }

        @Override
        public Optional<String> category() {
            return Optional.ofNullable(category);
        }

        @Override
        public boolean isPerNode() {
            return perNode;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Rule that
                    && windows.equals(that.windows)
                    && Objects.equals(cooldown, that.cooldown)
                    && Objects.equals(category, that.category)
                    && perNode == that.perNode;
        }

        @Override
        public int hashCode() {
            return Objects.hash(windows, cooldown, category, perNode);
        }

        @Override
        public String toString() {
            return windows.stream().map(Window::toString).collect(Collectors.joining(", ", "RateLimit[", ""))
                    + (cooldown == null ? "" : ", cooldown " + cooldown)
                    + (category == null ? "" : ", category " + category)
                    + (perNode ? ", per node]" : "]");
        }
    }
}
