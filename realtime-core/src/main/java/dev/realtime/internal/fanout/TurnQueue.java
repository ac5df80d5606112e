package dev.realtime.internal.fanout;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The items that wait for a turn, and whether the turn is taken. It is taken by whoever adds the first item, and kept until nothing waits.
 * Thread-safe.
 */
final class TurnQueue {
    // guarded by this
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;

    /** Adds an item. Returns whether the caller has taken the turn by that, and has to see to it. */
    synchronized boolean add(Runnable item) {
        waiting.addLast(item);
        boolean first = !taken;
        taken = true;
        return first;
    }

    /**
     * Takes the next item out. For whoever has the turn.
     *
     * @param done whether the turn is given back if nothing waits
     * @return null when nothing waits
     */
    synchronized @Nullable Runnable next(boolean done) {
        Runnable item = waiting.pollFirst();
        taken = item != null || !done;
        return item;
    }

    /**
     * Gives the turn back unless something waits. For whoever has the turn.
     *
     * @return whether it has been given back
     */
    synchronized boolean giveBack() {
        taken = !waiting.isEmpty();
        return !taken;
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }
}
