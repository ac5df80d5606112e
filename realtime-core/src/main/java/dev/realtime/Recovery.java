package dev.realtime;

import java.time.Duration;
import java.util.Objects;

/**
 * Connection state recovery: how long a session outlives its connection, and how much of the log is kept for it. A client that
 * returns in time gets every reliable event once and in order; one whose events are no longer all there gets a fresh session and
 * the application a {@link FreshReason}.
 *
 * @param window how long a suspended session waits for its client; zero switches recovery off
 * @param maxEntries of a namespace's log to keep at most; default 100,000
 * @param maxBytes of a namespace's log to keep at most; default 64 MiB
 */
public record Recovery(Duration window, int maxEntries, long maxBytes) {
    private static final int DEFAULT_ENTRIES = 100_000;
    private static final long DEFAULT_BYTES = 64L << 20;

    public Recovery {
        Objects.requireNonNull(window, "window");
        if (window.isNegative() || window.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("recovery window must be between 0 and 7 days, but is " + window);
        }
        if (maxEntries < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "recovery must keep at least one entry and one byte, but has " + maxEntries + " and " + maxBytes);
        }
    }

    /** Recovery within this window; the default is two minutes. */
    public static Recovery within(Duration window) {
        return new Recovery(window, DEFAULT_ENTRIES, DEFAULT_BYTES);
    }

    /** No recovery: a session ends with its connection, and events carry no offset. */
    public static Recovery off() {
        return within(Duration.ZERO);
    }

    public Recovery maxEntries(int entries) {
        return new Recovery(window, entries, maxBytes);
    }

    public Recovery maxBytes(long bytes) {
        return new Recovery(window, maxEntries, bytes);
    }

    public boolean isOn() {
        return !window.isZero();
    }
}
