package dev.realtime.testkit.simulation;

import dev.realtime.Position;
import dev.realtime.spi.Target;
import dev.realtime.testkit.ReceivedEvent;
import java.util.List;
import java.util.Map;

/**
 * Proves of every session of any game that its client received what was for it: all of it, once, in order (I1, I3, I7). What was for it is
 * said by the log and by its records.
 */
final class DeliveryCheck {
    private final SimulatedCluster cluster;
    private final SessionJournal journal;
    private int deliveries;

    DeliveryCheck(SimulatedCluster cluster, SessionJournal journal) {
        this.cluster = cluster;
        this.journal = journal;
    }

    /** @param complete behind the end of the log at a moment when everything had come to rest; connected sessions have all of it */
    void check(Position complete) {
        journal.sessions().forEach(session -> check(session, complete));
    }

    /** Returns how many reliable events were received. */
    int deliveries() {
        return deliveries;
    }

    private void check(ObservedSession session, Position complete) {
        List<Incidents.Break> breaks = cluster.incidents().breaks();
        if (!breaks.isEmpty()
                && session.isConnected()
                && !session.epoch().equals(cluster.cluster().backend().epoch())) {
            cluster.violation("I7: " + session.id + " of " + session.epoch() + " goes on");
        }
        Position reached = session.start();
        if (reached == null) {
            return; // nothing was ever recorded: the backend lost it, and the client with it
        }
        for (ObservedSession.Connection connection : session.connections) {
            if (isAfterBreak(session, connection)) {
                return; // it may go on for a moment, until its node has heard
            }
            for (ObservedSession.Received received : connection.events()) {
                reached = received(session, connection, received, reached);
            }
        }
        if (session.isConnected()) {
            missing(session, reached, complete, cluster.now(), "at rest");
        }
    }

    /** Behind this, a break in the session's time makes all uncertain; the session has to end then. */
    private Position certain(ObservedSession session) {
        Position start = session.start();
        for (Incidents.Break broken : cluster.incidents().breaks()) {
            if (start != null && !start.isAfter(broken.end())) {
                return broken.kept();
            }
        }
        return Position.END;
    }

    private boolean isAfterBreak(ObservedSession session, ObservedSession.Connection connection) {
        Position start = session.start();
        return cluster.incidents().breaks().stream()
                .anyMatch(
                        broken -> start != null && !start.isAfter(broken.end()) && connection.since() >= broken.when());
    }

    private Position received(
            ObservedSession session,
            ObservedSession.Connection connection,
            ObservedSession.Received received,
            Position reached) {
        ReceivedEvent event = received.event();
        String offset = event.offset();
        if (offset == null) {
            return reached;
        }
        Position at = Position.parse(offset);
        if (at == null) {
            cluster.violation("I3: " + session.id + " got " + event.name() + " with an offset that is none");
            return reached;
        }
        SessionJournal.Entry entry = journal.at(at);
        String what = session.id + " (" + session.client + " on " + connection.node() + ") got " + event.name() + " "
                + event.arguments() + " at " + at;
        if (entry == null || !entry.is(event)) {
            return unlogged(session, what, at, reached, received.when());
        }
        deliveries++;
        if (!at.isAfter(reached)) {
            cluster.violation("I1: " + what + " after it had everything up to " + reached);
            return reached;
        }
        if (at.isAfter(certain(session))) {
            return at;
        }
        if (isForOthers(session, entry.entry().target())) {
            cluster.violation("I4: " + what + ", which was for " + entry.entry().target());
        }
        missing(session, reached, at, received.when(), "before " + at);
        return at;
    }

    /** A volatile event carries the position that the fan-out has reached. */
    private Position unlogged(ObservedSession session, String what, Position at, Position reached, long when) {
        if (at.isAfter(certain(session))) {
            return reached;
        }
        if (at.isBefore(reached) && !reached.equals(session.start())) { // the fan-out may still be on its way there
            cluster.violation("I3: " + what + " after it had everything up to " + reached);
        }
        missing(session, reached, behind(at), when, "before a volatile event at " + at);
        return Position.max(at, reached);
    }

    static Position behind(Position at) {
        return new Position(at.time(), at.sequence() + 1);
    }

    /**
     * Nothing that was for the session lies between two positions, both excluded.
     *
     * @param by when the client had got what lies behind it: what expired later was in time for it
     */
    private void missing(ObservedSession session, Position after, Position before, long by, String when) {
        if (!after.isBefore(before)) {
            return;
        }
        Position certain = certain(session);
        for (Map.Entry<Position, SessionJournal.Entry> placed :
                journal.between(after, before).entrySet()) {
            SessionJournal.Entry entry = placed.getValue();
            if (entry.isEmit()
                    && entry.isInTime(by)
                    && !placed.getKey().isAfter(certain)
                    && isFor(session, entry, placed.getKey())) {
                cluster.violation("I1: " + session.id + " (" + session.client + ") did not get " + entry + " at "
                        + placed.getKey() + ", " + when + "; it had everything up to " + after);
                return;
            }
        }
    }

    private boolean isFor(ObservedSession session, SessionJournal.Entry entry, Position at) {
        Target target = entry.entry().target();
        if (journal.isBeforeItsTime(session, at) || target.node() != null) {
            return false;
        }
        boolean everybody = target.rooms().isEmpty() && target.except().isEmpty();
        boolean alone = target.rooms().contains(session.id) && target.except().isEmpty();
        if (everybody || alone) {
            return true;
        }
        return !session.isUncertain(entry.appended())
                && target.except().stream().noneMatch(room -> session.mayBeIn(room, at))
                && (target.rooms().isEmpty() || target.rooms().stream().anyMatch(room -> session.isIn(room, at)));
    }

    private boolean isForOthers(ObservedSession session, Target target) {
        return !target.rooms().isEmpty()
                && target.rooms().stream().allMatch(room -> journal.isSession(room) && !room.equals(session.id));
    }
}
