package dev.realtime.internal.outbox;

import dev.realtime.spi.Frame;
import java.util.List;

/** Makes one message of several that wait for a client next to each other. Thread-safe, and called under the lock of an outbox: it blocks nobody. */
public interface Gathering {
    /** As many become one at most. */
    int most();

    /** As many bytes become one at most, unless the first alone has more. */
    int mostBytes();

    /** @param waiting in order, one at least */
    List<Frame> together(List<Gathered> waiting);
}
