package dev.realtime.internal.system;

import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Two lines of tasks whose first ones take turns: what sessions do, and what lets clients in. However many come at once, whoever is there
 * already waits for one of them at a time. As thread-safe as its queues.
 */
final class TwoLines<T> {
    private final Queue<T> sessions;
    private final Queue<T> newcomers;
    private volatile boolean newcomersTurn; // a hint: two threads may both take it

    TwoLines(Queue<T> sessions, Queue<T> newcomers) {
        this.sessions = sessions;
        this.newcomers = newcomers;
    }

    void add(T task, boolean newcomer) {
        (newcomer ? newcomers : sessions).add(task);
    }

    boolean isEmpty() {
        return sessions.isEmpty() && newcomers.isEmpty();
    }

    /** Takes the next one; null when nothing waits. */
    @Nullable
    T poll() {
        if (newcomersTurn) {
            newcomersTurn = false;
            T newcomer = newcomers.poll();
            return newcomer == null ? sessions.poll() : newcomer;
        }
        T task = sessions.poll();
        if (task == null) {
            return newcomers.poll();
        }
        if (!newcomers.isEmpty()) {
            newcomersTurn = true;
        }
        return task;
    }
}
