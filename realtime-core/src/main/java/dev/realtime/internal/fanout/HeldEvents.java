package dev.realtime.internal.fanout;

import dev.realtime.internal.batches.Batching;

/** The batched events that wait for a recipient until the namespace's next tick. Used in the fan-out's turn only. */
public final class HeldEvents {
    private boolean awaited;
    private int events;
    private int bytes;

    /** Notes one more. Returns whether they are so many that they leave now. */
    boolean add(int size, Batching limits) {
        events++;
        bytes += size;
        return events >= limits.most() || bytes >= limits.mostBytes();
    }

    /** The recipient is flushed: none waits any more. */
    public void left() {
        events = 0;
        bytes = 0;
    }

    /** Notes that the next tick flushes the recipient. Returns whether that was not known before. */
    boolean await() {
        boolean first = !awaited;
        awaited = true;
        return first;
    }

    /** That was the tick. */
    void released() {
        awaited = false;
    }
}
