package dev.realtime;

import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of connection state recovery: how long a session outlives its connection, and how much of the log is kept for it. Immutable:
 * start from {@link #DEFAULT}, or from the shorthands {@link #within} and {@link #off}.
 *
 * <pre>{@code
 * RealtimeBuilder builder =
 *         Realtime.builder().recovery(Recovery.within(Duration.ofMinutes(5)).maxEntries(20_000));
 * }</pre>
 *
 * <h2>What a client gets</h2>
 *
 * <p>A client that lost its connection and comes back within the {@linkplain #window(Duration) window} has the same session: its id, its
 * principal, its rooms and recorded attributes. It gets every reliable event that was for it meanwhile, once and in order, also on another node
 * and after the crash of its own. {@code socket.recovered} is true in the official clients (Socket.IO, "Connection state recovery"), which need
 * no setting for this. Volatile events are not kept.
 *
 * <h2>When it cannot be exact</h2>
 *
 * <p>If the window is over, if the log no longer holds what the client has missed, or if its credentials or rooms are no longer valid, the
 * client gets a fresh session, and the application is told why by a {@link FreshReason}. There is never a silent gap.
 *
 * <pre>{@code
 * game.onFresh((session, reason) -> session.join("zone:entrance")); // it may have missed something
 * game.onResume(session -> {}); // it has missed nothing
 * }</pre>
 *
 * <h2>What it costs</h2>
 *
 * <p>Each node keeps the recent part of the log in memory, for each named namespace and for each pattern, up to the first of {@linkplain
 * #maxEntries(int) its entries}, {@linkplain #maxBytes(long) its bytes} and the window's age; without Redis the log itself is there besides, of the same
 * size. A suspended session counts as one of its user and its address, see {@link dev.realtime.limits.Limits}.
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
     * Sets how many bytes of a namespace's log are kept at most: texts, attachments, and what presence says to each room. All namespaces of one pattern share
     * them. Memory is given back in blocks, so up to half a mebibyte more is held.
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
