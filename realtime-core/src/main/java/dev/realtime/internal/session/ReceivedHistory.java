package dev.realtime.internal.session;

import dev.realtime.Position;
import dev.realtime.internal.fanout.Fanout;

/**
 * What the client of a session is known to have received of its namespace's history: everything up to a position, in an epoch of the backend. Once
 * that history has a gap, nothing more of it is delivered or taken for received. Thread-safe.
 */
public final class ReceivedHistory {
    private final LocalSession session;
    private final AttachedConnection connection;
    private final Fanout<LocalSession> fanout;
    private volatile Position confirmed;
    private volatile Position pinged; // sent before the last ping
    private volatile String epoch;
    private volatile boolean broken;

    ReceivedHistory(
            LocalSession session,
            AttachedConnection connection,
            Fanout<LocalSession> fanout,
            String epoch,
            Position confirmed) {
        this.session = session;
        this.connection = connection;
        this.fanout = fanout;
        this.epoch = epoch;
        this.confirmed = confirmed;
        this.pinged = confirmed;
    }

    /** The client has received everything up to here. */
    public Position confirmed() {
        return confirmed;
    }

    /** The backend's epoch in which everything that concerns the session has reached it. */
    public String epoch() {
        return epoch;
    }

    boolean isBroken() {
        return broken;
    }

    /** Takes note of a ping that is about to leave: whatever the fan-out has passed is before it, unless the client is being caught up with. */
    public void pinging() {
        Position passed = fanout.position();
        // a dismissal is news to the record until the session has ended: another node may have to read it in the log
        if (connection.live() != null && !broken && !session.lifecycle().isDismissed()) {
            pinged = passed;
        }
    }

    /** Takes note of a pong: the client has all that was sent before the ping. */
    public void ponged() {
        confirm(pinged);
    }

    /** The client has everything up to here, so that memberships that have ended by then need not be remembered. */
    void confirm(Position position) {
        confirmed = Position.max(confirmed, position);
        session.memberships().forgetBefore(confirmed);
    }

    /** Keeps the session from being resumed elsewhere: it has met what no other node has, or missed what they have. It goes on here. */
    public void hadGap(String gap) {
        broken = true;
        connection.endLag();
        epoch = epoch + "~" + gap;
        session.changed();
    }

    /**
     * Delivers nothing more to the client: what comes now may lie behind something that it has missed, and its connection is about to be closed.
     */
    public void breakOff() {
        broken = true;
        connection.endLag();
    }
}
