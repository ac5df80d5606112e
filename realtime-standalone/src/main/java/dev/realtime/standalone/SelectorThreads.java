package dev.realtime.standalone;

import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.nio.SelectorRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The I/O threads of a server. They go on after an {@link OutOfMemoryError} wherever it strikes: a thread that dies would leave its
 * connections, and all who try to connect, without an answer in a process that looks alive. They are no daemons, so a process whose
 * {@code main} has returned lives until its server is closed.
 */
final class SelectorThreads extends ThreadPoolExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(SelectorThreads.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final HttpCounters counters;

    SelectorThreads(HttpCounters counters) {
        super(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), new Names());
        this.counters = counters;
    }

    @Override
    public void execute(Runnable command) {
        super.execute(command instanceof SelectorRunner runner ? () -> keepRunning(runner) : command);
    }

    /** Ends them, and waits for it, unless one is stuck in code of somebody else. */
    void end() {
        shutdownNow();
        try {
            if (!awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("an I/O thread is stuck, and has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepRunning(SelectorRunner runner) {
        while (true) {
            try {
                runner.run();
                return; // it was told to stop
            } catch (Throwable e) {
                counters.survived.increment();
                runner.postpone(); // Grizzly's way to let it be run again
            }
        }
    }

    private static final class Names implements java.util.concurrent.ThreadFactory {
        private final AtomicInteger number = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task, "realtime-io-" + number.incrementAndGet());
            thread.setDaemon(false); // whoever starts them may be a daemon
            return thread;
        }
    }
}
