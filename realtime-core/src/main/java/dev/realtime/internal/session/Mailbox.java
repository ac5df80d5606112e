package dev.realtime.internal.session;

import dev.realtime.internal.logs.HandlerWatch;
import dev.realtime.spi.BoundedLog;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The serial queue of one session's tasks. They run one after another, in the order in which they came, on whatever thread the executor has. A
 * task that goes on elsewhere returns a stage, and the next one waits for it. Thread-safe.
 */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    /** After so many tasks the thread is given back, so that sessions share the workers. */
    private static final int TASKS_PER_TURN = 64;

    /** One thing to be done. */
    @FunctionalInterface
    interface Task {
        /** @return null when it is done, else a stage that completes when it is */
        @Nullable
        CompletionStage<?> run();
    }

    private final Executor executor;
    private final TimeoutQueue flushes;
    private final Runnable flush;
    private final HandlerWatch watch;
    private final BoundedLog lines;
    private volatile TimeoutQueue.@Nullable Deadline due; // of what has been sent since the last flush
    // guarded by this
    private @Nullable ArrayDeque<Task> waiting;
    private @Nullable CompletableFuture<Void> idle;
    private @Nullable CompletableFuture<Void> answered;
    private boolean running;
    private boolean intakeOver;
    private int outside;

    /**
     * @param flushes how long what a task has sent may wait for the end of the turn
     * @param flush writes what the tasks have sent; called after a turn, and beside it when that takes long
     * @param watch looks how long the tasks take
     * @param lines for tasks that fail
     */
    Mailbox(Executor executor, TimeoutQueue flushes, Runnable flush, HandlerWatch watch, BoundedLog lines) {
        this.executor = executor;
        this.flushes = flushes;
        this.flush = flush;
        this.watch = watch;
        this.lines = lines;
    }

    /** Adds a task of the client. False when the node takes none any more. */
    boolean offer(Task task) {
        boolean start;
        synchronized (this) {
            if (intakeOver) {
                return false; // the connection is about to be closed
            }
            start = enqueue(task);
        }
        if (start) {
            executor.execute(new Turn(false));
        }
        return true;
    }

    /**
     * Adds a task of the client, which the caller runs at once if nothing is before it; what it has sent then is the caller's to flush. False when the
     * node takes none any more.
     *
     * @param now by the monotonic clock
     */
    boolean offerHere(Task task, long now) {
        synchronized (this) {
            if (intakeOver) {
                return false;
            }
            if (running) {
                add(task);
                return true;
            }
            running = true;
        }
        watch.begins(now);
        CompletionStage<?> pending = run(task);
        if (pending != null) {
            pending.whenComplete((done, failure) -> executor.execute(new Turn(true)));
        } else {
            ranHere();
        }
        return true;
    }

    private void ranHere() {
        CompletableFuture<Void> quiet = null;
        boolean more;
        synchronized (this) {
            more = hasMore();
            if (!more) {
                running = false;
                quiet = quiet();
            }
        }
        if (more) { // of the engine, or over another connection of the session
            executor.execute(new Turn(false));
        }
        complete(quiet);
    }

    /**
     * Adds a task of the engine itself, of which a session has few. It takes its place in the order at once.
     *
     * @return starts the mailbox if that is needed; to be run without any lock
     */
    Runnable put(Task task) {
        boolean start;
        synchronized (this) {
            start = enqueue(task);
        }
        return start ? () -> executor.execute(new Turn(false)) : () -> {};
    }

    /** Adds a task before all that wait, for the one that runs: it is next when that is done. */
    synchronized void putFirst(Task task) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
        }
        waiting.addFirst(task);
    }

    /** Takes nothing further of the client. */
    synchronized void endIntake() {
        intakeOver = true;
    }

    /** Takes of the client again, which has come back. */
    synchronized void beginIntake() {
        intakeOver = false;
    }

    private boolean enqueue(Task task) {
        add(task);
        boolean start = !running;
        running = true;
        return start;
    }

    private void add(Task task) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
        }
        waiting.addLast(task);
    }

    /** Runs what waits, on one thread. */
    private final class Turn implements Runnable {
        private boolean unflushed;

        /** @param unflushed whether the task before it may have sent something since the last flush */
        Turn(boolean unflushed) {
            this.unflushed = unflushed;
        }

        @Override
        public void run() {
            watch.begins();
            for (int left = TASKS_PER_TURN; left > 0; left--) {
                Task task = next();
                if (task == null) {
                    return;
                }
                if (unflushed) {
                    flushSoon(); // this handler may block: what was sent before it does not wait for it
                }
                CompletionStage<?> pending = Mailbox.this.run(task);
                unflushed = true;
                if (pending != null) {
                    flush();
                    pending.whenComplete((done, failure) -> executor.execute(new Turn(true)));
                    return;
                }
            }
            flush();
            executor.execute(new Turn(false));
        }

        private void flush() {
            TimeoutQueue.Deadline known = due;
            if (known != null) {
                known.meet();
                due = null;
            }
            flush.run();
            unflushed = false;
        }

        /** The next task; null when there is none, after what was sent has been flushed and nothing came in the meantime. */
        private @Nullable Task next() {
            Task task = poll(false);
            if (task == null) {
                flush();
                task = poll(true);
            }
            return task;
        }
    }

    /** What a task has sent does not wait for its end. From any thread. */
    void flushSoon() {
        TimeoutQueue.Deadline known = due;
        if (known == null || known.isOver()) {
            due = flushes.add(flush);
        }
    }

    private @Nullable CompletionStage<?> run(Task task) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        try {
            CompletionStage<?> pending = task.run();
            return pending == null || pending.toCompletableFuture().isDone() ? null : pending;
        } catch (RuntimeException | Error e) {
            lines.error(LOG, "", "a task of a session failed; the session goes on", e);
            return null;
        } finally {
            watch.ended();
            if (!interrupted) {
                Thread.interrupted(); // what a handler leaves behind would interrupt the next one
            }
        }
    }

    /**
     * Takes the next task out.
     *
     * @param last whether the turn is over if there is none
     */
    private @Nullable Task poll(boolean last) {
        CompletableFuture<Void> quiet;
        synchronized (this) {
            Task task = waiting == null ? null : waiting.pollFirst();
            if (task != null || !last) {
                return task;
            }
            waiting = null;
            running = false;
            quiet = quiet();
        }
        complete(quiet);
        return null;
    }

    private synchronized boolean hasMore() {
        return waiting != null && !waiting.isEmpty();
    }

    /** Notes that something which a task has begun goes on without it. {@link #ends} follows. */
    synchronized void goesOn() {
        outside++;
    }

    void ends() {
        CompletableFuture<Void> quiet;
        CompletableFuture<Void> all = null;
        synchronized (this) {
            outside--;
            if (outside == 0) {
                all = answered;
                answered = null;
            }
            quiet = quiet();
        }
        complete(all);
        complete(quiet);
    }

    /** Completes when nothing that a task has begun goes on. */
    synchronized CompletionStage<Void> whenAnswered() {
        if (outside == 0) {
            return CompletableFuture.completedFuture(null);
        }
        if (answered == null) {
            answered = new CompletableFuture<>();
        }
        return answered;
    }

    private synchronized @Nullable CompletableFuture<Void> quiet() {
        if (running || outside > 0) {
            return null;
        }
        CompletableFuture<Void> quiet = idle;
        idle = null;
        return quiet;
    }

    private static void complete(@Nullable CompletableFuture<Void> quiet) {
        if (quiet != null) {
            quiet.complete(null);
        }
    }

    /** Completes when no task waits or runs, and nothing that one has begun goes on. */
    synchronized CompletionStage<Void> whenIdle() {
        if (!running && outside == 0) {
            return CompletableFuture.completedFuture(null);
        }
        if (idle == null) {
            idle = new CompletableFuture<>();
        }
        return idle;
    }
}
