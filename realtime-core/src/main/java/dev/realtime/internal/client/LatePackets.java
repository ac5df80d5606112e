package dev.realtime.internal.client;

import dev.realtime.internal.limits.Pace;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.Time;

/** The packets that a client sends for namespaces whose session has ended: each is counted, and only so many may come. Thread-safe. */
final class LatePackets {
    private final Pace pace;
    private final Time time;
    private final long origin;
    private final Counters counters;
    private long due; // guarded by this

    LatePackets(Pace pace, Time time, Counters counters) {
        this.pace = pace;
        this.time = time;
        this.origin = time.nanoTime();
        this.counters = counters;
    }

    /** Counts one; false when more have come than may. */
    synchronized boolean admit() {
        counters.count(Counters.Name.PACKETS_LATE);
        long now = time.nanoTime() - origin;
        boolean admitted = pace.delay(due, now) <= 0;
        if (admitted) {
            due = pace.next(due, now);
        }
        return admitted;
    }
}
