package dev.realtime.internal.system;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In front of a pool whose tasks are short and come in bursts: wakes one thread at a time. While it is on its way nobody else is called; when it
 * has come it calls the next one, if there is more to do than its own task, so a task that blocks holds up no other. A burst of ten wakes two or
 * three threads instead of ten. Tasks begin in their order.
 */
final class ThrottledExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottledExecutor.class);

    private final Executor pool;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean called = new AtomicBoolean(); // a thread is on its way

    ThrottledExecutor(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        call();
    }

    /** @throws RejectedExecutionException when the pool has ended; who is still at work does what is left */
    private void call() {
        if (!called.get() && called.compareAndSet(false, true)) {
            try {
                pool.execute(this::work);
            } catch (RejectedExecutionException e) {
                called.set(false);
                throw e;
            }
        }
    }

    private void work() {
        called.set(false); // before it looks: whoever adds something from now on calls another one
        Runnable task;
        while ((task = tasks.poll()) != null) {
            if (!tasks.isEmpty()) {
                callIfPossible();
            }
            run(task);
        }
    }

    private void callIfPossible() {
        try {
            call();
        } catch (RejectedExecutionException e) {
            LOG.debug("the pool has ended; this thread does the rest", e);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a task failed", e);
        }
    }
}
