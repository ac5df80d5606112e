package dev.realtime.standalone;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport's timer: one daemon thread, tasks that only end things. Cancelled tasks are forgotten at once. */
final class DeadlineTimer implements AutoCloseable {
    /** Something that will end unless it is cancelled. */
    interface Deadline {
        void cancel();
    }

    private static final Logger LOG = LoggerFactory.getLogger(DeadlineTimer.class);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "realtime-http-timer");
        thread.setDaemon(true);
        return thread;
    });

    DeadlineTimer() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    Deadline after(Duration delay, Runnable task) {
        Future<?> scheduled = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    /** How many tasks wait for their time. */
    int waiting() {
        return timer.getQueue().size();
    }

    void every(Duration period, Runnable task) {
        var unused = timer.scheduleWithFixedDelay(
                () -> survive(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A periodic task that throws would never run again, whatever the reason was. */
    private static void survive(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a deadline was not looked at", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
