package dev.realtime.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * The only clock and timer of the engine. Deadlines are measured on {@link #nanoTime()}, which never jumps; {@link #now()} is for
 * stamps that people or other machines read. Implementations are thread-safe.
 */
public interface Time {

    /** The wall clock. May jump in both directions. */
    Instant now();

    /** A monotonic clock in nanoseconds with an arbitrary origin; compare by subtraction. */
    long nanoTime();

    /**
     * Runs {@code task} once after {@code delay} (never early, zero or less means as soon as possible). The task runs on a
     * timer thread and must be short: whatever may take long is handed to an executor by the task.
     */
    Timer schedule(Duration delay, Runnable task);

    /** A task that waits for its moment. */
    @FunctionalInterface
    interface Timer {
        /** Stops the task if it has not started. Safe to call at any time, also twice. */
        void cancel();
    }
}
