package dev.realtime.redis.internal.connection;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of a backend: named, daemons. */
public final class Threads {
    private static final int WAITING_CALLBACKS = 100_000;

    private Threads() {}

    public static Thread start(String name, Runnable body) {
        Thread thread = new Thread(body, "realtime-redis-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** One thread that tells others about results; when it is held up for long or has ended, whoever has a result tells himself. */
    public static ThreadPoolExecutor callbacks() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_CALLBACKS),
                task -> {
                    Thread thread = new Thread(task, "realtime-redis-callbacks");
                    thread.setDaemon(true);
                    return thread;
                },
                (task, full) -> task.run()); // also after its end: nobody is left waiting
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Waits for the end of a thread, not for ever. */
    public static void join(Thread thread, long millis) {
        try {
            if (thread != Thread.currentThread()) {
                thread.join(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
