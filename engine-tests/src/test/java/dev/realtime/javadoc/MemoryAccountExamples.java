package dev.realtime.javadoc;

import dev.realtime.Realtime;
import dev.realtime.health.MemoryAccount;

/** What the Javadoc of {@link MemoryAccount} shows. */
final class MemoryAccountExamples {
    private MemoryAccountExamples() {}

    static long waiting(Realtime realtime) {
        MemoryAccount memory = realtime.memory();
        long waiting = memory.part("outbound").used();
        return waiting;
    }
}
