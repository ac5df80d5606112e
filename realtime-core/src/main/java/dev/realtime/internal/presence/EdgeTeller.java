package dev.realtime.internal.presence;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Tells the application one thing after the other, in order, on its own threads. */
final class EdgeTeller {
    private final Executor handlers;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by this
    private boolean telling; // guarded by this

    EdgeTeller(Executor handlers) {
        this.handlers = handlers;
    }

    void tell(Runnable task) {
        synchronized (this) {
            waiting.addLast(task);
            if (telling) {
                return;
            }
            telling = true;
        }
        handlers.execute(this::next);
    }

    private void next() {
        Runnable task;
        synchronized (this) {
            task = waiting.pollFirst();
            telling = task != null;
        }
        if (task != null) {
            task.run();
            handlers.execute(this::next);
        }
    }
}
