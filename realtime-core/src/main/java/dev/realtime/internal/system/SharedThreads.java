package dev.realtime.internal.system;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pool for the engine's own work and for handlers, so that what a handler emits may be delivered by the thread that it ran on. The engine's
 * work goes first, and some threads are never given to handlers: it goes on although all handlers block. Handlers that find no thread of the pool free
 * have further ones. Where these cost next to nothing each handler has its own at once. Else one after another is started, and only when none of the
 * handlers that run comes to an end, up to a limit; beyond it they wait for their turn.
 *
 * <p>Wakes one thread at a time. While it is on its way nobody else is called; when it has come it calls the next one, if there is more to do than
 * its own task. A burst of ten wakes two or three threads instead of ten. Tasks of a kind begin in their order; handlers of sessions and what lets
 * clients in take turns.
 */
final class SharedThreads implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(SharedThreads.class);
    /** If no waiting handler has begun for so long, those that run are taken to block. */
    private static final long STUCK_NANOS = 3_000_000;

    private final Executor pool;
    private final Executor more;
    private final boolean plenty;
    private final Queue<Runnable> own = new ConcurrentLinkedQueue<>();
    private final TwoLines<Runnable> handlers =
            new TwoLines<>(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
    private final AtomicInteger free; // how many of the pool's threads handlers may still have
    private final AtomicBoolean called = new AtomicBoolean(); // a thread is on its way
    private final AtomicBoolean scouting = new AtomicBoolean(); // a further thread looks whether it is needed
    private final LongAdder begun = new LongAdder(); // handlers
    private final AtomicBoolean exhausted = new AtomicBoolean();

    /**
     * @param more has the threads beside the pool; refuses when there are enough
     * @param plenty whether it never does, and its threads cost next to nothing
     * @param forHandlers threads of the pool that handlers may have
     */
    SharedThreads(Executor pool, Executor more, boolean plenty, int forHandlers) {
        this.pool = pool;
        this.more = more;
        this.plenty = plenty;
        this.free = new AtomicInteger(forHandlers);
    }

    /** Work of the engine, which does not block. */
    @Override
    public void execute(Runnable task) {
        own.add(task);
        call();
    }

    /** Code of the application, which may. */
    void executeHandler(Runnable task) {
        executeHandler(task, false);
    }

    /** The same that lets a client in. */
    void executeNewcomer(Runnable task) {
        executeHandler(task, true);
    }

    private void executeHandler(Runnable task, boolean newcomer) {
        handlers.add(task, newcomer);
        if (free.get() > 0) {
            call();
        } else {
            scout();
        }
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
        while (true) {
            Runnable task = own.poll();
            if (task != null) {
                callIfMore();
                run(task);
                continue;
            }
            task = takeHandler();
            if (task == null) {
                return;
            }
            callIfMore();
            run(task);
            free.incrementAndGet();
        }
    }

    /** A handler, and with it one of the threads for them. */
    private @Nullable Runnable takeHandler() {
        while (!handlers.isEmpty()) {
            if (free.getAndUpdate(left -> left > 0 ? left - 1 : 0) == 0) {
                scout();
                return null;
            }
            Runnable task = handlers.poll();
            if (task != null) {
                begun.increment();
                return task;
            }
            free.incrementAndGet(); // and look again: who came in between has seen none free
        }
        return null;
    }

    private void callIfMore() {
        boolean forHandlers = false;
        if (!handlers.isEmpty()) {
            forHandlers = free.get() > 0;
            if (!forHandlers) {
                scout();
            }
        }
        if (!forHandlers && own.isEmpty()) {
            return;
        }
        try {
            call();
        } catch (RejectedExecutionException e) {
            LOG.debug("the pool has ended; this thread does the rest", e);
        }
    }

    /** Handlers wait and no thread of the pool is free for them: further threads take them, or one looks after it at a time. */
    private void scout() {
        if (plenty) {
            giveEachAThread();
            return;
        }
        if (scouting.get() || !scouting.compareAndSet(false, true)) {
            return;
        }
        try {
            more.execute(this::help);
        } catch (RejectedExecutionException e) {
            scouting.set(false);
            if (exhausted.compareAndSet(false, true)) {
                LOG.warn("all threads for handlers are busy; further handlers wait (handlerThreads)");
            }
        }
    }

    private void giveEachAThread() {
        Runnable task;
        while ((task = handlers.poll()) != null) {
            Runnable handler = task;
            begun.increment();
            try {
                more.execute(() -> run(handler));
            } catch (RejectedExecutionException e) {
                LOG.debug("the threads have ended, and a handler with them", e);
            }
        }
    }

    private void help() {
        while (!handlers.isEmpty()) {
            long before = begun.sum();
            LockSupport.parkNanos(STUCK_NANOS);
            if (begun.sum() == before && !handlers.isEmpty()) {
                scouting.set(false);
                scout(); // for those behind the one that this thread takes
                runHandlers();
                return;
            }
            if (Thread.interrupted()) {
                break;
            }
        }
        scouting.set(false);
        if (!handlers.isEmpty() && free.get() <= 0) {
            scout();
        }
    }

    private void runHandlers() {
        Runnable task;
        while ((task = handlers.poll()) != null) {
            begun.increment();
            run(task);
        }
        exhausted.set(false);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a task failed", e);
        } finally {
            Thread.interrupted(); // what a handler leaves behind would interrupt the next one, of another session
        }
    }
}
