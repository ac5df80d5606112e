package dev.realtime;

import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of connection state recovery: how long a session outlives its connection, and how much of the log is kept for it. A client
 * that returns in time gets every reliable event once and in order; one whose events are no longer all there gets a fresh session and
 * the application a {@link FreshReason}. Immutable: start from {@link #DEFAULT}.
 */
public final class Recovery {
    private static final Duration LONGEST = Duration.ofDays(7);

    /** Two minutes, 100,000 entries and 64 MiB. */
    public static final Recovery DEFAULT = new Recovery(Duration.ofMinutes(2), 100_000, 64L << 20);

    private final Duration window;
    private final int maxEntries;
    private final long maxBytes;

    private Recovery(Duration window, int maxEntries, long maxBytes) {
        this.window = window;
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
    }

    /**
     * Returns the defaults with another window.
     *
     * @see #window(Duration)
     */
    public static Recovery within(Duration window) {
        return DEFAULT.window(window);
    }

    /** Returns no recovery: a session ends with its connection, and events carry no offset. */
    public static Recovery off() {
        return DEFAULT.window(Duration.ZERO);
    }

    /** Returns how long a suspended session waits for its client; zero if recovery is off. */
    public Duration window() {
        return window;
    }

    /**
     * Sets how long a suspended session waits for its client. Zero switches recovery off.
     *
     * @param value between zero and seven days; default two minutes
     * @throws IllegalArgumentException if the value is out of range
     */
    public Recovery window(Duration value) {
        Objects.requireNonNull(value, "window");
        return new Recovery(Range.between(Duration.ZERO, LONGEST, "Recovery.window", value), maxEntries, maxBytes);
    }

    /** Returns how many entries of a namespace's log are kept at most. */
    public int maxEntries() {
        return maxEntries;
    }

    /**
     * Sets how many entries of a namespace's log are kept at most.
     *
     * @param value at least 1; default 100,000
     * @throws IllegalArgumentException if the value is out of range
     */
    public Recovery maxEntries(int value) {
        return new Recovery(window, Range.atLeast(1, "Recovery.maxEntries", value), maxBytes);
    }

    /** Returns how many bytes of a namespace's log are kept at most. */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * Sets how many bytes of a namespace's log are kept at most. All namespaces of one pattern share them.
     *
     * @param value in bytes, at least 1; default 64 MiB
     * @throws IllegalArgumentException if the value is out of range
     */
    public Recovery maxBytes(long value) {
        return new Recovery(window, maxEntries, Range.atLeast(1L, "Recovery.maxBytes", value));
    }

    /** Returns whether sessions outlive their connections at all. */
    public boolean isOn() {
        return !window.isZero();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Recovery that
                && window.equals(that.window)
                && maxEntries == that.maxEntries
                && maxBytes == that.maxBytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(window, maxEntries, maxBytes);
    }

    @Override
    public String toString() {
        return "Recovery[window=" + window + ", maxEntries=" + maxEntries + ", maxBytes=" + maxBytes + "]";
    }
}
