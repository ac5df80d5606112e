package dev.realtime.spi;

/** An entry and its place in the log. */
public record PlacedEntry(Position position, LogEntry entry) {}
