package dev.realtime.redis.internal.stream;

import dev.realtime.Position;

/** How far this node knows a stream. Thread-safe. */
final class Progress {
    private Position read;
    private Position stored;
    private Position known;
    private Position forgotten = Position.START; // it has been said that all before this is gone

    /** @param tail the last id of the stream when this node came */
    Progress(Position tail) {
        this.read = tail;
        this.stored = tail;
        this.known = tail;
    }

    /** What the reader has handed on. */
    synchronized Position read() {
        return read;
    }

    /** The last id that this node knows to have been in the stream. */
    synchronized Position stored() {
        return stored;
    }

    /** The last position that this node has used, be it in the stream or not. */
    synchronized Position known() {
        return known;
    }

    /** Whether the stream begins behind what has been read; said once for each place that the reader has come to. */
    synchronized boolean fallsBehind(Position first) {
        if (!read.isBefore(first) || read.isBefore(forgotten)) {
            return false;
        }
        forgotten = first;
        return true;
    }

    synchronized void hasRead(Position position) {
        read = Position.max(read, position);
        wasStored(position);
    }

    synchronized void wasStored(Position position) {
        stored = Position.max(stored, position);
        known = Position.max(known, position);
    }

    /** A position for what is not in the stream, behind all others. */
    synchronized Position local() {
        known = after(known);
        return known;
    }

    /** The next position. */
    static Position after(Position position) {
        return new Position(position.time(), position.sequence() + 1);
    }
}
