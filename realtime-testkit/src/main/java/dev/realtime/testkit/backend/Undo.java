package dev.realtime.testkit.backend;

import java.util.ArrayDeque;

/** How to take back the latest changes, as a failover to a replica that had not seen them does. Used under the store's lock. */
final class Undo {
    private static final int KEPT = 1_000;

    private final ArrayDeque<Runnable> changes = new ArrayDeque<>();

    void changed(Runnable takeBack) {
        changes.addLast(takeBack);
        if (changes.size() > KEPT) {
            changes.removeFirst();
        }
    }

    /** Something else has changed in the same step as the latest change, and is taken back with it. */
    void with(Runnable takeBack) {
        Runnable latest = changes.removeLast();
        changes.addLast(() -> {
            takeBack.run();
            latest.run();
        });
    }

    /** There is nothing left to take back. */
    void clear() {
        changes.clear();
    }

    /** Takes back the latest so many changes, newest first. */
    void back(int count) {
        for (int left = count; left > 0 && !changes.isEmpty(); left--) {
            changes.removeLast().run();
        }
        changes.clear(); // what came before is on the replica too
    }
}
