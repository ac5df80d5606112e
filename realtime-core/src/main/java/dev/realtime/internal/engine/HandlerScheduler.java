package dev.realtime.internal.engine;

import dev.realtime.Scheduler;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Times the application's own tasks by the engine's timer, and runs them where its handlers run. */
final class HandlerScheduler implements Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerScheduler.class);
    private static final long SHORTEST = 1_000_000; // ns

    private final NodeContext context;

    HandlerScheduler(NodeContext context) {
        this.context = context;
    }

    @Override
    public Scheduled after(Duration delay, Runnable task) {
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(task, "task");
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must be zero or more, but is " + delay);
        }
        return begin(new TimedTask(task, delay.toNanos(), 0));
    }

    @Override
    public Scheduled every(Duration period, Runnable task) {
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(task, "task");
        if (period.toNanos() < SHORTEST) {
            throw new IllegalArgumentException("period must be 1 ms or more, but is " + period);
        }
        return begin(new TimedTask(task, period.toNanos(), period.toNanos()));
    }

    private Scheduled begin(TimedTask task) {
        context.lifetime().require();
        task.schedule();
        return task;
    }

    /** One task; runs of it follow each other. */
    private final class TimedTask implements Scheduled {
        private final Runnable task;
        private final long period; // 0: once
        private volatile boolean cancelled;
        private long due; // used by one run after another
        private volatile Time.@Nullable Timer timer;

        TimedTask(Runnable task, long delay, long period) {
            this.task = task;
            this.period = period;
            this.due = context.time().nanoTime() + delay;
        }

        void schedule() {
            Duration wait = Duration.ofNanos(Math.max(0, due - context.time().nanoTime()));
            timer = context.time()
                    .schedule(wait, () -> context.workers().handlers().execute(this::run));
            if (cancelled) {
                cancel(); // since this was looked at last
            }
        }

        private void run() {
            if (isOver()) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                context.lines().error(LOG, task.getClass(), "a task of the scheduler failed", e);
            }
            if (period > 0 && !isOver()) {
                long late = context.time().nanoTime() - due;
                due += period * (1 + Math.max(0, late) / period);
                schedule();
            }
        }

        private boolean isOver() {
            return cancelled || context.lifetime().end() != null;
        }

        @Override
        public void cancel() {
            cancelled = true;
            Time.Timer waiting = timer;
            if (waiting != null) {
                waiting.cancel();
            }
        }
    }
}
