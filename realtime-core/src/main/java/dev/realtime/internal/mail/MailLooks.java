package dev.realtime.internal.mail;

import java.util.ArrayDeque;

/** How many sessions of a node look into their mailboxes at a time: what a look finds is in memory until it is delivered, and many may come at once. The others wait in the order in which they came. Thread-safe. */
final class MailLooks {
    static final int AT_ONCE = 16;

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by this; one of a session at most
    private int inside; // guarded by this

    /** Runs the task when there is room; {@link #leave()} must follow. */
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

    /** Makes room for the next. */
    void leave() {
        Runnable next;
        synchronized (this) {
            next = waiting.pollFirst();
            if (next == null) {
                inside--;
                return;
            }
        }
        next.run();
    }
}
