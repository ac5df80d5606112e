package dev.realtime.internal.recovery;

import dev.realtime.internal.system.Workers;
import dev.realtime.spi.BoundedLog;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node works for sessions that catch up: one portion at a time, each a task of its own, so that however many come back at once, what is
 * live waits for one portion at most. What waits here is bounded by its nature: one portion of each session.
 */
final class ReplayQueue implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayQueue.class);

    private final Workers workers;
    private final BoundedLog lines;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by this
    private boolean running; // guarded by this

    ReplayQueue(Workers workers, BoundedLog lines) {
        this.workers = workers;
        this.lines = lines;
    }

    @Override
    public void execute(Runnable portion) {
        synchronized (this) {
            waiting.addLast(portion);
            if (running) {
                return;
            }
            running = true;
        }
        workers.execute(this::turn);
    }

    private void turn() {
        Runnable portion = next();
        if (portion == null) {
            return;
        }
        try {
            portion.run();
        } catch (RuntimeException | Error e) {
            lines.error(LOG, "", "a portion of a replay failed; the others go on", e);
        }
        workers.execute(this::turn);
    }

    private synchronized @Nullable Runnable next() {
        Runnable portion = waiting.pollFirst();
        running = portion != null;
        return portion;
    }
}
