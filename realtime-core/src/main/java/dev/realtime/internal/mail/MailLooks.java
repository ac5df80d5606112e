package dev.realtime.internal.mail;

import java.util.ArrayDeque;

/** How many sessions of a node look into their mailboxes at a time: what a look finds is in memory until it is delivered, and many may come at once. The others wait in the order in which they came. Thread-safe. */
final class MailLooks {
    static final int AT_ONCE = 16;

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by this; one of a session at most
    private int inside; // guarded by this
    private long bytes; // of what was found; guarded by this

    /** Runs the task when there is room; {@link #leave} must follow. */
    void enter(Runnable task) {
        synchronized (this) {
            if (inside >= AT_ONCE) {
                waiting.addLast(task);
                return;
            }
            inside++;
        }
        task.run();
    }

    /** A look has found so much, and is about to hand it on. */
    synchronized void found(int size) {
        bytes += size;
    }

    /** What was found and has not been handed on. */
    synchronized long bytes() {
        return bytes;
    }

    /**
     * Makes room for the next.
     *
     * @param size of what was {@linkplain #found found}
     */
    void leave(int size) {
        Runnable next;
        synchronized (this) {
            bytes -= size;
            next = waiting.pollFirst();
            if (next == null) {
                inside--;
                return;
            }
        }
        next.run();
    }
}
