package dev.realtime.spi;

import dev.realtime.Position;

/** An entry and its place in the log. */
public record PlacedEntry(Position position, LogEntry entry) {}
