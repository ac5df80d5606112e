package dev.realtime.testkit;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A clock that moves only when a test says so, and runs the timers that become due on the way, in order. Timers of the same moment run
 * in the order in which they were set. Between two timers everything that waits in the {@link VirtualExecutor} runs.
 *
 * <p>{@link #nanoTime()} starts just before it overflows: code that compares its values by anything but subtraction fails here first.
 */
public final class VirtualTime implements Time {
    private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");
    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::order));
    private Runnable pause = () -> {};
    private Instant wall;
    private long elapsed;
    private long order;
    private boolean running;
    private @Nullable Thread mover; // who moved time last

    private VirtualTime(Instant start) {
        this.wall = start;
    }

    /** A clock that stands at the beginning of 2030. */
    public static VirtualTime create() {
        return new VirtualTime(BEGINNING);
    }

    /** A clock that stands at this moment. */
    public static VirtualTime startingAt(Instant start) {
        return new VirtualTime(start);
    }

    @Override
    public synchronized Instant now() {
        return wall;
    }

    @Override
    public synchronized long nanoTime() {
        return ORIGIN + elapsed;
    }

    @Override
    public synchronized Timer schedule(Duration delay, Runnable work) {
        Task task = new Task(elapsed + Math.max(0, delay.toNanos()), order++, work);
        tasks.add(task);
        return () -> cancel(task);
    }

    /** How many timers wait. */
    public synchronized int timers() {
        return tasks.size();
    }

    /**
     * Lets this much time pass: every timer that becomes due runs at its moment.
     *
     * @throws IllegalStateException when called by a timer or by a task of the executor
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time goes forward, but was asked to advance by " + by);
        }
        if (!begin()) {
            throw new IllegalStateException("time is being advanced already");
        }
        try {
            run(by.toNanos());
        } finally {
            end();
        }
    }

    /** Runs what is due now, without moving the clock. Does nothing when called by a timer or by a task of the executor. */
    public void settle() {
        if (begin()) {
            try {
                run(0);
            } finally {
                end();
            }
        }
    }

    /** Moves the wall clock alone, in either direction: timers and {@link #nanoTime()} do not notice. */
    public synchronized void jumpWallClock(Duration by) {
        wall = wall.plus(by);
    }

    /** Whether the thread that calls is the one that moves time, and is not doing so. */
    synchronized boolean isAtRestHere() {
        return !running && mover == Thread.currentThread();
    }

    /** The thread that has moved time last; null before the first time. */
    synchronized @Nullable Thread mover() {
        return mover;
    }

    /** Sets what runs before and after every timer. */
    synchronized void between(Runnable work) {
        pause = work;
    }

    private void run(long nanos) {
        Runnable rest = pause();
        long until = elapsed() + nanos;
        rest.run();
        for (Task task = next(until); task != null; task = next(until)) {
            task.work.run();
            rest.run();
        }
        moveTo(until);
        rest.run();
    }

    private synchronized @Nullable Task next(long until) {
        Task task = tasks.peek();
        if (task == null || task.due > until) {
            return null;
        }
        tasks.remove();
        moveTo(task.due);
        return task;
    }

    private synchronized void moveTo(long moment) {
        if (moment > elapsed) {
            wall = wall.plusNanos(moment - elapsed);
            elapsed = moment;
        }
    }

    private synchronized long elapsed() {
        return elapsed;
    }

    private synchronized Runnable pause() {
        return pause;
    }

    private synchronized boolean begin() {
        boolean free = !running;
        if (free) {
            running = true;
            mover = Thread.currentThread();
        }
        return free;
    }

    private synchronized void end() {
        running = false;
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    /** Compared by identity on removal: two timers may be set for the same moment by the same code. */
    private static final class Task {
        private final long due;
        private final long order;
        private final Runnable work;

        Task(long due, long order, Runnable work) {
            this.due = due;
            this.order = order;
            this.work = work;
        }

        long due() {
            return due;
        }

        long order() {
            return order;
        }
    }
}
