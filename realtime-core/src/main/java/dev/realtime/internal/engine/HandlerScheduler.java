package dev.realtime.internal.engine;

import dev.realtime.Scheduler;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
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

    private final NodeRuntime runtime;
    private final Lifetime lifetime;

    HandlerScheduler(NodeRuntime runtime, Lifetime lifetime) {
        this.runtime = runtime;
        this.lifetime = lifetime;
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
        lifetime.require();
        task.schedule();
        return task;
    }

    /** One task; runs of it follow each other. */
    private final class TimedTask implements Scheduled {
        private final Runnable task;
        private final Class<?> kind;
        private final long period; // 0: once
        private volatile boolean cancelled;
        private long due; // used by one run after another
        private volatile Time.@Nullable Timer timer;

        TimedTask(Runnable task, long delay, long period) {
            this.task = runtime.logs().here(task);
            this.kind = task.getClass();
            this.period = period;
            this.due = runtime.time().nanoTime() + delay;
        }

        void schedule() {
            Duration wait = Duration.ofNanos(Math.max(0, due - runtime.time().nanoTime()));
            timer = runtime.time()
                    .schedule(wait, () -> runtime.workers().handlers().execute(this::run));
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
                runtime.lines().error(LOG, kind, "a task of the scheduler failed", e);
            }
            if (period > 0 && !isOver()) {
                long late = runtime.time().nanoTime() - due;
                due += period * (1 + Math.max(0, late) / period);
                schedule();
            }
        }

        private boolean isOver() {
            return cancelled || lifetime.end() != null;
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
