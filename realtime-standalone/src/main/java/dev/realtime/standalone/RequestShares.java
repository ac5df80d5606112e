package dev.realtime.standalone;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Divides a number of threads between addresses: each has a line of its own, the lines take turns, and one address has so many threads at most, so
 * that others find some free whatever it asks for. Thread-safe.
 */
final class RequestShares {
    private final Executor pool;
    private final int threads;
    private final int threadsEach;
    private final int waiting;
    private final int waitingEach;
    private final Runnable queued;
    // guarded by this
    private final Map<String, Line> lines = new HashMap<>();
    private final Queue<Line> turns = new ArrayDeque<>(); // those of which the next task may start
    private int running;
    private int size;
    private boolean closed;

    /**
     * @param pool never has more than {@code threads} tasks from here
     * @param threadsEach of one address at a time
     * @param waiting tasks in all lines, beyond which one is refused
     * @param waitingEach the same for one address
     * @param queued counts a task that has to wait behind others of its address
     */
    RequestShares(Executor pool, int threads, int threadsEach, int waiting, int waitingEach, Runnable queued) {
        this.pool = pool;
        this.threads = threads;
        this.threadsEach = threadsEach;
        this.waiting = waiting;
        this.waitingEach = waitingEach;
        this.queued = queued;
    }

    /** Runs what goes on with something that has begun, which is never refused before the {@linkplain #close end}. */
    Executor of(String address) {
        return task -> {
            if (!submit(address, task, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
                throw new RejectedExecutionException("the server has stopped");
            }
        };
    }

    /** @return false when too much waits already, of this address or of all */
    boolean submit(String address, Runnable task) {
        return submit(address, task, waiting, waitingEach);
    }

    /** How many addresses have something to do. */
    synchronized int addresses() {
        return lines.size();
    }

    /** Nothing begins any more. */
    synchronized void close() {
        closed = true;
        turns.clear();
    }

    private boolean submit(String address, Runnable task, int most, int mostEach) {
        boolean waits;
        synchronized (this) {
            Line line = lines.getOrDefault(address, new Line(address));
            if (closed || size >= most || line.tasks.size() >= mostEach) {
                return false;
            }
            lines.put(address, line);
            waits = line.running >= threadsEach;
            line.tasks.add(task);
            size++;
            takeTurn(line);
        }
        if (waits) {
            queued.run();
        }
        startNext();
        return true;
    }

    private void takeTurn(Line line) {
        if (!closed && !line.hasTurn && line.running < threadsEach && !line.tasks.isEmpty()) {
            line.hasTurn = true;
            turns.add(line);
        }
    }

    private void startNext() {
        Line line;
        Runnable task;
        synchronized (this) {
            if (running == threads || turns.isEmpty()) {
                return;
            }
            line = turns.remove();
            line.hasTurn = false;
            task = line.tasks.remove();
            size--;
            line.running++;
            running++;
            takeTurn(line); // behind the others
        }
        try {
            pool.execute(() -> {
                try {
                    task.run();
                } finally {
                    ended(line);
                }
            });
        } catch (RejectedExecutionException e) { // the pool has been closed
            ended(line);
        }
    }

    private void ended(Line line) {
        synchronized (this) {
            running--;
            line.running--;
            takeTurn(line);
            if (line.running == 0 && line.tasks.isEmpty()) {
                lines.remove(line.address);
            }
        }
        startNext();
    }

    /** What one address wants done. */
    private static final class Line {
        private final String address;
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private int running;
        private boolean hasTurn;

        Line(String address) {
            this.address = address;
        }
    }
}
