package dev.realtime.spi;

import dev.realtime.Position;

/**
 * An entry and its place in the log.
 *
 * @param at when the log took it, by the {@linkplain Log#now() log's clock}, in milliseconds since the epoch
 */
public record PlacedEntry(Position position, LogEntry entry, long at) {
    /** An entry of a log whose positions say when it took them. */
    public PlacedEntry(Position position, LogEntry entry) {
        this(position, entry, position.time());
    }
}
