package dev.realtime.internal.session;

import dev.realtime.Position;

/**
 * What a client is known to have received of its namespace's history: everything up to a position, in an epoch of the backend. Once that history
 * has a gap, nothing more of it is delivered or taken for received. Thread-safe.
 */
final class ReceivedHistory {
    private volatile Position confirmed;
    private volatile Position pinged; // sent before the last ping
    private volatile String epoch;
    private volatile boolean broken;

    ReceivedHistory(String epoch, Position confirmed) {
        this.epoch = epoch;
        this.confirmed = confirmed;
        this.pinged = confirmed;
    }

    /** The client has received everything up to here. */
    Position confirmed() {
        return confirmed;
    }

    /** The epoch in which everything that concerns the session has reached it. */
    String epoch() {
        return epoch;
    }

    boolean isBroken() {
        return broken;
    }

    /** A ping is about to leave behind everything up to a position. */
    void pinged(Position passed) {
        pinged = passed;
    }

    /** The position that a pong confirms. */
    Position pinged() {
        return pinged;
    }

    void confirm(Position position) {
        confirmed = Position.max(confirmed, position);
    }

    /** Nothing that comes now is sure to follow what the client has. */
    void breakOff() {
        broken = true;
    }

    /** The session goes on here in an epoch of its own, so that nobody resumes it. */
    void breakOff(String gap) {
        broken = true;
        epoch = epoch + "~" + gap;
    }
}
