package dev.realtime.internal.system;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where handlers and deliveries run. What is submitted is bounded by its nature: one task per mailbox and per namespace at a time, so
 * the queue in front of a pool needs no bound of its own.
 */
public final class Workers implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final Executor executor;
    private final @Nullable ExecutorService owned;

    private Workers(Executor executor, @Nullable ExecutorService owned) {
        this.executor = executor;
        this.owned = owned;
    }

    /**
     * Virtual threads where the JVM has them, else {@code max(16, 4 × processors)} daemon threads. Those are a fork-join pool because it
     * wakes the thread that went to sleep last; a {@link ThrottledExecutor} in front of it wakes few: tasks here are short and many.
     */
    public static Workers start() {
        ExecutorService service = virtualThreads();
        if (service != null) {
            return new Workers(service, service);
        }
        int size = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
        ForkJoinPool pool = new ForkJoinPool(size, named(), null, true);
        return new Workers(new ThrottledExecutor(pool), pool);
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

    /** An executor of the application, which stays its own. */
    public static Workers given(Executor executor) {
        return new Workers(executor, null);
    }

    /** The library is compiled for Java 17, so the factory of Java 21 is looked up by name. */
    private static @Nullable ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        } catch (InvocationTargetException e) {
            LOG.warn("virtual threads are not available, using a pool", e.getCause());
            return null;
        }
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("a task came after the end of the workers", e);
        }
    }

    /** Ends the engine's own threads; does nothing to an executor that was given. */
    @Override
    public void close() {
        if (owned != null) {
            owned.shutdown();
        }
    }
}
