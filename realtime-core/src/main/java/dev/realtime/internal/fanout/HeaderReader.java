package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.spi.LogEntry;

/** Reads the headers of an event that has met its recipients. In the fan-out's turn, so it returns at once. */
@FunctionalInterface
public interface HeaderReader {
    void delivered(Position at, LogEntry.Emit emit);
}
