package dev.realtime.memory;

import dev.realtime.internal.memory.MemoryBackend;
import dev.realtime.spi.Backend;

/** A backend in memory, for a cluster that lives in one process. A node without a backend has one of its own. */
public final class InMemoryBackend {
    private InMemoryBackend() {}

    /**
     * Returns a new backend. Engines that are given the same one form a cluster; it ends with the first that closes it. It runs on the clock
     * of the first engine that is built with it.
     */
    public static Backend create() {
        return new MemoryBackend();
    }
}
