package dev.realtime.memory;

import dev.realtime.internal.memory.MemoryBackend;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Time;
import java.util.Objects;

/** The backend of a cluster that lives in one process: the default of a single node. */
public final class InMemoryBackend {
    private InMemoryBackend() {}

    /** A backend of its own. Engines that are given the same one form a cluster; it ends with the first that closes it. */
    public static Backend create(Time time) {
        Objects.requireNonNull(time, "time");
        return new MemoryBackend(time);
    }
}
