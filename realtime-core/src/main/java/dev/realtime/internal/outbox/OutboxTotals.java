package dev.realtime.internal.outbox;

import java.time.Duration;

/** What waits in outboxes, added up. Not thread-safe. */
public final class OutboxTotals {
    /** A client that has not taken a write for so long is stalled, if not yet for so long that it is let go. */
    static final long STALLED = Duration.ofSeconds(1).toNanos();

    private long bytes;
    private long messages;
    private long connections;
    private long stalled;

    void add(int heldBytes, int waitingMessages, boolean isStalled) {
        bytes += heldBytes;
        messages += waitingMessages;
        connections++;
        if (isStalled) {
            stalled++;
        }
    }

    /** Bytes that wait or are in flight. */
    public long bytes() {
        return bytes;
    }

    /** Messages that wait for the write in flight to end. */
    public long messages() {
        return messages;
    }

    /** Connections for which something waits or is in flight. */
    public long connections() {
        return connections;
    }

    /** Those of them whose client has not taken a write for a second. */
    public long stalled() {
        return stalled;
    }
}
