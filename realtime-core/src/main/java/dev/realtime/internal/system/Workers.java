package dev.realtime.internal.system;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the engine does its own work, and where {@linkplain #handlers() code of the application} runs. The one goes on although all of the other
 * blocks. What the engine submits for itself is bounded by its nature, one task per mailbox, per namespace and per client on its way in at a time; what
 * clients cause to run of the application's comes through {@link HandlerShares}, so that one address has no more than its share in this queue.
 *
 * <p>No task is lost: what an executor of the application rejects runs on the engine's own threads, and the log says so once a minute.
 */
public final class Workers implements Executor, AutoCloseable {
    /** Threads that handlers may have where the JVM has no virtual ones. */
    public static final int HANDLER_THREADS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int LEAST_THREADS = 16;
    private static final int LEAST_OWN = 4;
    private static final int IDLE_SECONDS = 10;
    private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);

    private final Executor own;
    private final Executor handlers;
    private final Executor newcomers;
    private final Runnable end;
    private final boolean owned;
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong warnAt = new AtomicLong(System.nanoTime());
    private volatile boolean ended;
    private volatile UnaryOperator<Runnable> around = UnaryOperator.identity();

    private Workers(Executor own, Executor handlers, Runnable end) {
        this(own, handlers, handlers, end, true);
    }

    private Workers(Executor own, Executor handlers, Executor newcomers, Runnable end, boolean owned) {
        this.own = own;
        this.handlers = task -> execute(handlers, around.apply(task));
        this.newcomers = task -> execute(newcomers, around.apply(task));
        this.end = end;
        this.owned = owned;
    }

    /**
     * {@link SharedThreads} over {@code max(16, 4 × processors)} daemon threads, a fork-join pool because it wakes the thread that went to sleep last.
     * Handlers that find them occupied, since others block, have virtual threads where the JVM has them. They do not begin there: a thread for
     * each turn of a session is not only one more change of threads, it has also none of the buffers that libraries keep for a thread.
     *
     * @param handlerThreads the most that handlers have without virtual threads
     */
    public static Workers start(int handlerThreads) {
        ExecutorService virtual = virtualThreads("realtime-handler");
        int processors = Runtime.getRuntime().availableProcessors();
        int size = Math.max(LEAST_THREADS, 4 * processors);
        int forHandlers = size - Math.max(LEAST_OWN, processors);
        ForkJoinPool pool = new ForkJoinPool(size, named(), null, true);
        if (virtual != null) {
            SharedThreads threads = new SharedThreads(pool, virtual, true, forHandlers);
            return new Workers(
                    threads, threads::executeHandler, threads::executeNewcomer, () -> end(pool, virtual), true);
        }
        int inPool = Math.min(forHandlers, handlerThreads);
        ExecutorService more = new ThreadPoolExecutor(
                0,
                Math.max(1, handlerThreads - inPool),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                daemons());
        SharedThreads shared = new SharedThreads(pool, more, false, inPool);
        return new Workers(shared, shared::executeHandler, shared::executeNewcomer, () -> end(pool, more), true);
    }

    private static void end(ExecutorService one, ExecutorService other) {
        one.shutdown();
        other.shutdown();
    }

    /** With the class loader of whoever starts the engine, as other pools have it; that of a fork-join pool would be the system's. */
    private static ForkJoinPool.ForkJoinWorkerThreadFactory named() {
        AtomicInteger number = new AtomicInteger();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return pool -> {
            ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
            thread.setName("realtime-worker-" + number.incrementAndGet());
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    private static ThreadFactory daemons() {
        AtomicInteger number = new AtomicInteger();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return task -> {
            Thread thread = new Thread(task, "realtime-handler-" + number.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    /** Executors that stay whose they are. */
    public static Workers given(Executor own, Executor handlers) {
        return new Workers(own, handlers, handlers, () -> {}, false);
    }

    /** The engine's own threads beside an executor of the application, which stays its own. */
    public static Workers startBeside(Executor handlers) {
        int processors = Runtime.getRuntime().availableProcessors();
        ForkJoinPool pool = new ForkJoinPool(Math.max(LEAST_OWN, processors), named(), null, true);
        SharedThreads threads = new SharedThreads(pool, task -> {}, false, 0);
        return new Workers(threads, handlers, pool::shutdown);
    }

    /** The library is compiled for Java 17, so what Java 21 has is looked up by name. */
    private static @Nullable ExecutorService virtualThreads(String name) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            type.getMethod("name", String.class).invoke(builder, name);
            ThreadFactory factory = (ThreadFactory) type.getMethod("factory").invoke(builder);
            Method executor = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
            return (ExecutorService) executor.invoke(null, factory);
        } catch (NoSuchMethodException | ClassNotFoundException | IllegalAccessException e) {
            return null;
        } catch (InvocationTargetException e) {
            LOG.warn("virtual threads are not available, using a pool", e.getCause());
            return null;
        }
    }

    /** Runs work of the engine, which does not block and calls no code of the application. */
    @Override
    public void execute(Runnable task) {
        execute(own, task);
    }

    /** Does something around whatever code of the application runs. */
    public void around(UnaryOperator<Runnable> what) {
        around = what;
    }

    /** Runs code of the application: handlers, listeners, authenticators, and what depends on a stage that it was given. */
    public Executor handlers() {
        return handlers;
    }

    /** Runs code of the application that lets clients in: where threads are few it takes turns with the rest. */
    public Executor newcomers() {
        return newcomers;
    }

    private void execute(Executor executor, Runnable task) {
        if (ended) {
            LOG.debug("a task came after the end of the workers");
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            if (executor == own || ended) {
                LOG.debug("a task came after the end of the workers", e);
            } else {
                warn(e);
                execute(own, task);
            }
        }
    }

    private void warn(RejectedExecutionException why) {
        long count = rejected.incrementAndGet();
        long now = System.nanoTime();
        long due = warnAt.get();
        if (now - due >= 0 && warnAt.compareAndSet(due, now + WARN_EVERY)) {
            LOG.warn(
                    "the application's executor rejects tasks, {} so far: they run on the engine's threads",
                    count,
                    why);
        }
    }

    /** Ends the engine's own threads; does nothing to an executor that was given. */
    @Override
    public void close() {
        if (owned) {
            ended = true;
        }
        end.run();
    }
}
