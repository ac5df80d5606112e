package dev.realtime.simulation;

import dev.realtime.Position;
import dev.realtime.spi.LogEntry;
import dev.realtime.testkit.simulation.Incidents;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.util.Map;

/** Proves of every session that its client received what was for it: all of it, once, in order (I1, I3, I4). */
final class DeliveryProof {
    private final SimulatedCluster run;
    private final LogModel history;

    DeliveryProof(ModelledCluster world) {
        this.run = world.run;
        this.history = world.history;
    }

    /** @param complete the end of the log at a moment when everything had come to rest; connected sessions have all of it */
    void check(Position complete) {
        history.lives.values().forEach(life -> check(life, complete));
    }

    private void check(SessionModel life, Position complete) {
        if (life.start == null) {
            return; // nothing was ever recorded: the backend lost it, and the client with it
        }
        Position certain = certain(life);
        Position reached = life.start;
        for (SessionModel.Segment segment : life.segments) {
            if (isAfterBreak(life, segment)) {
                return; // it may go on for a moment, until its node has heard
            }
            for (SessionModel.Got got : segment.got) {
                reached = got.reliable()
                        ? reliable(life, segment, got, reached, certain)
                        : unreliable(life, segment, got, reached, certain);
            }
        }
        SessionModel.Segment last = life.segments.isEmpty() ? null : life.segments.get(life.segments.size() - 1);
        if (last != null && !last.over) {
            missing(life, last, reached, complete, certain, "at rest");
        }
    }

    /** Behind this, a break of the session's time makes all uncertain; it has to end then. */
    private Position certain(SessionModel life) {
        for (Incidents.Break broken : run.incidents().breaks()) {
            if (life.start != null && !life.start.isAfter(broken.end())) {
                return broken.kept();
            }
        }
        return Position.END;
    }

    private boolean isAfterBreak(SessionModel life, SessionModel.Segment segment) {
        for (Incidents.Break broken : run.incidents().breaks()) {
            if (life.start != null && !life.start.isAfter(broken.end()) && segment.since >= broken.when()) {
                return true;
            }
        }
        return false;
    }

    private Position reliable(
            SessionModel life, SessionModel.Segment segment, SessionModel.Got got, Position reached, Position certain) {
        Position place = history.places.get(got.mark());
        String what = life.id + " (" + segment.client + " on " + segment.node + ") got #" + got.mark() + " of " + place;
        if (place == null || !place.equals(got.offset())) {
            run.violation("I3: " + what + " with the offset " + got.offset());
            return reached;
        }
        if (!place.isAfter(reached)) {
            run.violation("I1: " + what + " after it had everything up to " + reached);
            return reached;
        }
        if (place.isAfter(certain)) {
            return place;
        }
        LogEntry entry = history.log.get(place);
        if (entry == null || !history.concerns(life, segment.rooms, entry.target(), place)) {
            run.violation("I4: " + what + ", which was not for it; rooms " + segment.rooms + ", start " + life.start);
        }
        missing(life, segment, reached, place, certain, "before #" + got.mark());
        return place;
    }

    private Position unreliable(
            SessionModel life, SessionModel.Segment segment, SessionModel.Got got, Position reached, Position certain) {
        Position stamp = got.offset();
        String what = life.id + " (" + segment.client + " on " + segment.node + ") got the volatile #" + got.mark();
        if (stamp == null) {
            run.violation("I1: " + what + " without an offset");
            return reached;
        }
        if (stamp.isBefore(reached)
                && !reached.equals(life.start)) { // the fan-out may still be on its way to the start
            run.violation("I3: " + what + " at " + stamp + " after it had everything up to " + reached);
        }
        missing(life, segment, reached, new Position(stamp.time(), stamp.sequence() + 1), certain, what);
        return Position.max(stamp, reached);
    }

    /** Nothing that was for the session lies between two positions, both excluded. */
    private void missing(
            SessionModel life,
            SessionModel.Segment segment,
            Position after,
            Position before,
            Position certain,
            String when) {
        if (!after.isBefore(before)) {
            return;
        }
        for (Map.Entry<Position, LogEntry> placed :
                history.log.subMap(after, false, before, false).entrySet()) {
            if (placed.getValue() instanceof LogEntry.Emit emit
                    && !placed.getKey().isAfter(certain)
                    && history.concerns(life, segment.rooms, emit.target(), placed.getKey())) {
                run.violation("I1: " + life.id + " (" + segment.client + " on " + segment.node + ", since "
                        + segment.since + ") did not get #"
                        + LogModel.mark(emit.event().json()) + " at " + placed.getKey() + ", " + when
                        + "; it had everything up to " + after + ", rooms " + segment.rooms);
                return;
            }
        }
    }
}
