package dev.realtime.internal.state;

import dev.realtime.spi.LogEntry;

/**
 * An entry that the log has once, whoever appends it.
 *
 * @param part of what a write is about
 */
record Announcement(String part, LogEntry entry) {
    String id(String writer) {
        return "state:" + writer + ":" + part;
    }
}
