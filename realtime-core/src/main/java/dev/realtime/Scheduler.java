package dev.realtime;

import java.time.Duration;

/**
 * The engine's timer, for a game's own use: turns that run out, bombs that go off, a world that ticks. Tasks run where handlers run, and may
 * block; tasks and handlers may run beside each other. In tests it is virtual, as the engine's clock is: time passes when the test
 * says so.
 *
 * <pre>{@code
 * Scheduler.Scheduled turn = realtime.scheduler().after(Duration.ofSeconds(30), () -> match.endTurn());
 *
 * turn.cancel(); // the player has moved in time
 * }</pre>
 *
 * <p>A task that throws is logged, and one that repeats goes on. When the engine is closed nothing is begun any more. Nothing of it survives the node: what has
 * to happen whatever becomes of the node does not belong here. Thread-safe; nothing blocks.
 */
public interface Scheduler {

    /**
     * Runs a task once, never early.
     *
     * @param delay zero or more
     * @throws IllegalArgumentException if it is negative
     * @throws IllegalStateException if the engine is closed
     */
    Scheduled after(Duration delay, Runnable task);

    /**
     * Runs a task again and again, for the first time after one period. It never runs beside itself: while it takes longer than a period, the times that have
     * passed meanwhile are left out, and it keeps to those that it had.
     *
     * @param period 1 ms or more
     * @throws IllegalArgumentException if it is shorter
     * @throws IllegalStateException if the engine is closed
     */
    Scheduled every(Duration period, Runnable task);

    /** A task that waits for its time. */
    interface Scheduled {

        /** Keeps the task from being begun, or from being begun again. Even if it is running, this does not wait for it. Idempotent. */
        void cancel();
    }
}
