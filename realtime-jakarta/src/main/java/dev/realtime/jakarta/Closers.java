package dev.realtime.jakarta;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The few daemon threads a servlet needs beside the container's: some containers block in {@code Session.close()} while a client
 * stalls (Tomcat, for as long as its blocking send timeout), which no event thread and no thread of the engine can afford.
 *
 * <p>Goodbyes run on at most {@value #THREADS} threads and wait in a queue of at most {@value #QUEUE}; a goodbye that finds the
 * queue full is refused and the connection terminated instead. What never blocks (deadlines, terminations) has a thread of its
 * own, so that a queue of stalled goodbyes cannot delay it.
 */
final class Closers {
    private static final int THREADS = 4;
    private static final int QUEUE = 1_024;

    private final ScheduledThreadPoolExecutor prompt =
            new ScheduledThreadPoolExecutor(1, daemon("realtime-servlet-timer"));
    private final ThreadPoolExecutor blocking = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            daemon("realtime-servlet-closer"));

    Closers() {
        prompt.setRemoveOnCancelPolicy(true);
        prompt.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        blocking.allowCoreThreadTimeOut(true);
    }

    /** Runs a task that may block for a while; false when too many are waiting already. */
    boolean offer(Runnable mayBlock) {
        try {
            blocking.execute(mayBlock);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    /** Runs a task that does not block, soon and not on the caller's thread; on it once the servlet has been destroyed. */
    void soon(Runnable task) {
        try {
            prompt.execute(task);
        } catch (RejectedExecutionException stopped) {
            task.run();
        }
    }

    /** Runs a task that does not block after a delay, unless the returned handle cancels it. */
    Runnable after(Duration delay, Runnable task) {
        try {
            var scheduled = prompt.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException stopped) {
            return () -> {};
        }
    }

    /** How many tasks wait for their time. */
    int waiting() {
        return prompt.getQueue().size();
    }

    /** The container is going away and takes its sockets along; what waits for a deadline is dropped. */
    void stop() {
        prompt.shutdown();
        blocking.shutdown();
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
