package dev.realtime.simulation;

import dev.realtime.Position;
import dev.realtime.spi.LogEntry;
import dev.realtime.testkit.simulation.Incidents;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.util.Map;

/** Proves of every session that its client received what was for it: all of it, once, in order (I1, I3, I4). */
final class DeliveryProof {
    private final SimulatedCluster run;
    private final LogModel log;

    DeliveryProof(ModelledCluster cluster) {
        this.run = cluster.run;
        this.log = cluster.log;
    }

    /** @param complete the end of the log at a moment when everything had come to rest; connected sessions have all of it */
    void check(Position complete) {
        log.sessions.values().forEach(model -> check(model, complete));
    }

    private void check(SessionModel model, Position complete) {
        if (model.start == null) {
            return; // nothing was ever recorded: the backend lost it, and the client with it
        }
        Position certain = certain(model);
        Position reached = model.start;
        for (SessionModel.Segment segment : model.segments) {
            if (isAfterBreak(model, segment)) {
                return; // it may go on for a moment, until its node has heard
            }
            for (SessionModel.Got got : segment.got) {
                reached = got.reliable()
                        ? reliable(model, segment, got, reached, certain)
                        : unreliable(model, segment, got, reached, certain);
            }
        }
        SessionModel.Segment last = model.segments.isEmpty() ? null : model.segments.get(model.segments.size() - 1);
        if (last != null && !last.over) {
            missing(model, last, reached, complete, certain, run.now(), "at rest");
        }
    }

    /** Behind this, a break of the session's time makes all uncertain; it has to end then. */
    private Position certain(SessionModel model) {
        for (Incidents.Break broken : run.incidents().breaks()) {
            if (model.start != null && !model.start.isAfter(broken.end())) {
                return broken.kept();
            }
        }
        return Position.END;
    }

    private boolean isAfterBreak(SessionModel model, SessionModel.Segment segment) {
        for (Incidents.Break broken : run.incidents().breaks()) {
            if (model.start != null && !model.start.isAfter(broken.end()) && segment.since >= broken.when()) {
                return true;
            }
        }
        return false;
    }

    private Position reliable(
            SessionModel model,
            SessionModel.Segment segment,
            SessionModel.Got got,
            Position reached,
            Position certain) {
        Position place = log.places.get(got.mark());
        String what =
                model.id + " (" + segment.client + " on " + segment.node + ") got #" + got.mark() + " of " + place;
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
        LogEntry entry = log.entries.get(place);
        if (entry == null || !log.concerns(model, segment.rooms, entry.target(), place)) {
            run.violation("I4: " + what + ", which was not for it; rooms " + segment.rooms + ", start " + model.start);
        }
        if (log.expiry(place) < segment.begun - LogModel.CLOCK) {
            run.violation("I26: " + what + " on a connection of " + segment.begun + ", but it had expired at "
                    + log.expiry(place));
        }
        missing(model, segment, reached, place, certain, got.when(), "before #" + got.mark());
        return place;
    }

    private Position unreliable(
            SessionModel model,
            SessionModel.Segment segment,
            SessionModel.Got got,
            Position reached,
            Position certain) {
        Position stamp = got.offset();
        String what = model.id + " (" + segment.client + " on " + segment.node + ") got the volatile #" + got.mark();
        if (stamp == null) {
            run.violation("I1: " + what + " without an offset");
            return reached;
        }
        if (stamp.isBefore(reached)
                && !reached.equals(model.start)) { // the fan-out may still be on its way to the start
            run.violation("I3: " + what + " at " + stamp + " after it had everything up to " + reached);
        }
        Position behind = new Position(stamp.time(), stamp.sequence() + 1);
        missing(model, segment, reached, behind, certain, got.when(), what);
        return Position.max(stamp, reached);
    }

    /**
     * Nothing that was for the session lies between two positions, both excluded.
     *
     * @param by when the client had got what lies behind it: what expired later was in time for it
     */
    private void missing(
            SessionModel model,
            SessionModel.Segment segment,
            Position after,
            Position before,
            Position certain,
            long by,
            String when) {
        if (!after.isBefore(before)) {
            return;
        }
        for (Map.Entry<Position, LogEntry> placed :
                log.entries.subMap(after, false, before, false).entrySet()) {
            if (placed.getValue() instanceof LogEntry.Emit emit
                    && !placed.getKey().isAfter(certain)
                    && by < log.expiry(placed.getKey()) - LogModel.CLOCK
                    && log.concerns(model, segment.rooms, emit.target(), placed.getKey())) {
                run.violation("I1: " + model.id + " (" + segment.client + " on " + segment.node + ", since "
                        + segment.since + ") did not get #"
                        + LogModel.mark(emit.event().json()) + " at " + placed.getKey() + ", " + when
                        + "; it had everything up to " + after + ", rooms " + segment.rooms);
                return;
            }
        }
    }
}
