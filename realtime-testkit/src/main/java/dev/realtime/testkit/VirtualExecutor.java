package dev.realtime.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after another, in the order they came, on the thread of whoever calls {@link #runAll()}. So a test sees one order of
 * events and always the same. Tasks must not block: nothing else would run meanwhile.
 */
public final class VirtualExecutor implements Executor {
    /** No test needs so many steps in one go; two parties that answer each other forever do. */
    private static final int TOO_MANY = 5_000_000;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Throwable> failures = new ArrayList<>();
    private boolean running;

    /** An executor that runs between the timers of {@code time}. */
    public VirtualExecutor(VirtualTime time) {
        time.between(this::runAll);
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs tasks until none is left, those added meanwhile included. Does nothing when called by a task. */
    public void runAll() {
        synchronized (this) {
            if (running) {
                return;
            }
            running = true;
        }
        try {
            int steps = 0;
            for (Runnable task = poll(); task != null; task = poll()) {
                run(task);
                if (++steps > TOO_MANY) {
                    throw new IllegalStateException("still not at rest after " + TOO_MANY + " tasks");
                }
            }
        } finally {
            synchronized (this) {
                running = false;
            }
        }
    }

    /** How many tasks wait. */
    public synchronized int waiting() {
        return tasks.size();
    }

    /** What tasks have thrown: an engine's tasks catch what user code throws, so there should be nothing. */
    public synchronized List<Throwable> failures() {
        return List.copyOf(failures);
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a task throws is reported, and the others still run
    private void run(Runnable task) {
        try {
            task.run();
        } catch (Exception | AssertionError e) {
            synchronized (this) {
                failures.add(e);
            }
        }
    }

    private synchronized @Nullable Runnable poll() {
        return tasks.poll();
    }
}
