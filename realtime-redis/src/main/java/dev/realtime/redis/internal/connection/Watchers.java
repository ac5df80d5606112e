package dev.realtime.redis.internal.connection;

import dev.realtime.spi.Registration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who want to know of changes: called one at a time on a thread of their own. Changes in quick succession are told as one. */
public final class Watchers {
    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor teller;

    public Watchers() {
        // one call may wait while another runs: it will see all that has changed until then
        teller = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1),
                task -> {
                    Thread thread = new Thread(task, "realtime-redis-watchers");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        teller.allowCoreThreadTimeOut(true);
    }

    @SuppressWarnings("UnnecessaryLambda")
    public Registration add(Runnable watcher) {
        Runnable own = () -> watcher.run(); // one of its own for each, since the same watcher may come twice
        watchers.add(own);
        return () -> watchers.remove(own);
    }

    public void tell() {
        teller.execute(() -> watchers.forEach(watcher -> {
            try {
                watcher.run();
            } catch (RuntimeException e) {
                LOG.error("a watcher of the backend failed", e);
            }
        }));
    }

    public void close() {
        teller.shutdown();
    }
}
