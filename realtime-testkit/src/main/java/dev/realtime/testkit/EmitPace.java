package dev.realtime.testkit;

import dev.realtime.spi.LogEntry;

/**
 * Lets the engine come to rest between the events of a test that emits many in a loop, as the threads of a real engine deliver while others emit.
 * Without it all of them would meet their recipients in one moment, and even the outbox of a client that reads would overflow.
 *
 * <p>Only the test's own thread is held up, and only while it is not moving time: handlers emit as for real.
 */
final class EmitPace {
    /** Half of what a default outbox holds, and less. */
    private static final int MOST_EVENTS = 1_000;

    private static final int MOST_BYTES = 256 << 10;

    private final VirtualTime time;
    // used by the test's thread only
    private int events;
    private int bytes;

    EmitPace(VirtualTime time) {
        this.time = time;
    }

    /** An entry is about to be appended. */
    void append(LogEntry entry) {
        if (!(entry instanceof LogEntry.Emit emit) || !time.isAtRestHere()) {
            return;
        }
        events++;
        bytes += emit.event().size();
        if (events > MOST_EVENTS || bytes > MOST_BYTES) {
            events = 0;
            bytes = 0;
            time.settle();
        }
    }
}
