package dev.realtime.simulation;

import dev.realtime.Position;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.Target;
import dev.realtime.testkit.backend.Witness;
import dev.realtime.testkit.simulation.Incidents;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What happened in one run: the log as it was written, and all sessions from beginning to end. */
final class LogModel implements Witness {
    static final String ABSENT = "absent:";
    /** Positions have milliseconds, and a new epoch begins one later. */
    static final long CLOCK = 10_000;

    private static final String NUMBER = "\"n\":";

    /** In microseconds: in less, no node hears that the backend has lost something and tells it again. */
    private static final long NOTICE = 15_000;

    final TreeMap<Position, LogEntry> entries = new TreeMap<>();
    private final Map<Position, Long> expiries = new HashMap<>(); // in microseconds of the run, of those that expire
    final Map<Integer, Position> places = new HashMap<>(); // of marks
    final Map<String, SessionModel> sessions = new TreeMap<>();
    private final Map<Integer, String> promised =
            new TreeMap<>(); // marks that a node emitted before it was told to stop
    private final SimulatedCluster run;
    private BiConsumer<Position, String> notes = (position, text) -> {};
    private Position lostUntil = Position.START;
    private long forgottenAt = -NOTICE; // when the backend has lost sessions, or how they ended, for the last time

    LogModel(SimulatedCluster run) {
        this.run = run;
    }

    /** Who hears of the notes that nodes write to each other. */
    void notesTo(BiConsumer<Position, String> reader) {
        notes = reader;
    }

    SessionModel session(String session) {
        return sessions.computeIfAbsent(session, id -> new SessionModel(id, lostUntil));
    }

    /** The application on a node emits this. */
    void emits(int mark, String node) {
        if (!run.incidents().wasStopped(node) || run.incidents().wasDrained(node)) {
            promised.put(mark, node);
        }
    }

    /** When an entry has expired, in microseconds of the run. */
    long expiry(Position at) {
        return expiries.getOrDefault(at, Long.MAX_VALUE);
    }

    /** A node has delivered an event that expires, and says so at once (I26). */
    void deliveredOn(String node, Position at) {
        if (run.now() - CLOCK > expiry(at) && !run.incidents().wasFrozen(node)) {
            run.violation("I26: " + node + " delivered what was at " + at + " and expired at " + expiry(at));
        }
    }

    /** What was emitted before a node stopped in good order is in the log (I19). */
    void checkPromises() {
        promised.forEach((mark, node) -> {
            if (run.incidents().stopsInOrder(node) && !places.containsKey(mark)) {
                violation("I19: #" + mark + " of " + node + " was lost when it stopped");
            }
        });
    }

    private void violation(String text) {
        run.violation(text);
    }

    @Override
    public void appended(String namespace, Position position, LogEntry entry) {
        if (entry instanceof LogEntry.Note note) {
            run.note("log " + position + " note " + note.kind() + " " + note.text());
            notes.accept(position, note.text());
            return;
        }
        if (entry.target().rooms().stream().anyMatch(room -> room.startsWith(ABSENT))) {
            run.note("log " + position + " absence " + text(entry.target()));
            return;
        }
        entries.put(position, entry);
        if (entry instanceof LogEntry.Emit emit) {
            int mark = mark(emit.event().json());
            if (emit.terms().lifeMillis() != EventTerms.WITHOUT_END) {
                expiries.put(position, run.now() + emit.terms().lifeMillis() * 1_000);
            }
            run.note("log " + position + " #" + mark + " " + text(emit.target()));
            if (places.put(mark, position) != null) {
                violation("I1: mark " + mark + " was appended twice");
            }
        } else {
            run.note("log " + position + " " + kind(entry) + " " + text(entry.target()));
        }
    }

    private static String kind(LogEntry entry) {
        if (entry instanceof LogEntry.Join join) {
            return "join " + join.rooms();
        } else if (entry instanceof LogEntry.Leave leave) {
            return "leave " + leave.rooms();
        }
        return "disconnect";
    }

    static String text(Target target) {
        return (target.rooms().isEmpty()
                        ? "all"
                        : target.rooms().stream().sorted().toList())
                + (target.except().isEmpty()
                        ? ""
                        : " but " + target.except().stream().sorted().toList());
    }

    static int mark(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        int at = text.indexOf(NUMBER) + NUMBER.length();
        int end = at;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return Integer.parseInt(text.substring(at, end));
    }

    @Override
    public void saved(SessionRecord session) {
        run.note("saved " + session.sessionId() + " by " + session.home().node() + " fence "
                + session.home().fence() + " at " + session.confirmed() + " " + memberships(session));
        SessionModel model = session(session.sessionId());
        if (model.birthplace.isEmpty()) {
            model.birthplace = session.home().node();
        }
        Position before = model.start;
        model.saved(session);
        if (before != null && !before.equals(session.start())) {
            violation("I4: the start of " + session.sessionId() + " moved from " + before + " to " + session.start());
        }
        // a record that was lost may come back from an older copy, and be claimed by a node that knows better
        if (!model.lost && model.on(session.home().node()).match(session) < 0) {
            violation("I4: " + session.home().node() + " recorded rooms of " + session.sessionId()
                    + " that it never had: " + memberships(session) + " after "
                    + model.on(session.home().node()));
        }
    }

    private static String memberships(SessionRecord session) {
        List<String> memberships = new ArrayList<>();
        session.memberships()
                .forEach(membership ->
                        memberships.add(membership.room() + "(" + membership.joined() + "," + membership.left() + ")"));
        return memberships.toString();
    }

    /** A claim by another node: what the record says is true from here on. */
    @Override
    public void claimed(SessionRecord session) {
        run.note("claimed " + session.sessionId() + " by " + session.home().node() + " fence "
                + session.home().fence());
        SessionModel model = session(session.sessionId());
        if (!model.holder.equals(session.home().node())) {
            RoomModel source = model.on(model.holder);
            source.claimed(session, run.now());
            int count = source.match(session);
            if (count < source.acknowledged()
                    && !run.incidents().wasCut(model.holder)
                    && run.incidents().breaks().isEmpty()) {
                violation("I4: " + session.sessionId() + " was claimed with " + count + " changes of rooms, but "
                        + source.acknowledged() + " were acknowledged: " + source);
            }
            RoomModel mine = new RoomModel(source.first(Math.max(0, count)));
            mine.acknowledged(Math.min(count, source.acknowledged()));
            model.rooms.put(session.home().node(), mine);
        }
        if (run.now() < forgottenAt + NOTICE) {
            model.outOfReach.addAll(model.forgotten);
        }
        model.holder = session.home().node();
        model.claimed = true;
        model.claimedAt = run.now();
        model.claimsLost.clear();
    }

    @Override
    public void removed(SessionRecord session) {
        run.note("removed " + session.sessionId() + " of " + session.home().node());
        SessionModel model = session(session.sessionId());
        model.recordStored = false;
        model.removed = session.home().node();
    }

    @Override
    public void lost(SessionRecord session) {
        run.note("lost " + session.sessionId() + " of " + session.home().node());
        SessionModel model = session(session.sessionId());
        model.recordStored = false;
        model.lost = true;
        model.lostWithItsClaim |= model.claimed;
    }

    @Override
    public void wentBack(SessionRecord session, SessionRecord before) {
        String claimer = session.home().node();
        if (!claimer.equals(before.home().node())) {
            run.note("lost the claim of " + session.sessionId() + " by " + claimer);
            session(session.sessionId()).claimsLost.add(claimer);
        }
    }

    /** What the backend knew of sessions is gone, also that they had ended. */
    void forgetsSessions() {
        forgottenAt = run.now();
        for (SessionModel model : sessions.values()) {
            if (model.removed != null) {
                model.forgotten.add(model.removed);
                if (run.incidents().isCut(model.removed) || run.incidents().isSlow(model.removed)) {
                    model.outOfReach.add(model.removed);
                }
            }
            model.copies = Math.max(model.copies, model.homes().size());
        }
    }

    /** What a failover has taken back has no place any more; what was lost with the whole log was in the order all the same. */
    void broke(Incidents.Break broken) {
        if (!broken.takenBack()) {
            lostUntil = broken.end();
            return;
        }
        List<Incidents.Break> breaks = run.incidents().breaks();
        Position before = breaks.size() < 2
                ? Position.START
                : breaks.get(breaks.size() - 2).end();
        entries.subMap(Position.max(broken.kept(), before), false, Position.END, true)
                .clear();
    }

    // ---- the model

    /** Whether an entry with this target is for a session, given its rooms. */
    boolean concerns(SessionModel model, RoomModel rooms, Target target, Position at) {
        Position start = model.start;
        if (start == null || !at.isAfter(start) || !at.isAfter(model.lostUntil)) {
            return false;
        }
        for (String room : target.except()) {
            if (isIn(model, rooms, room, at)) {
                return false;
            }
        }
        if (target.rooms().isEmpty()) {
            return true;
        }
        for (String room : target.rooms()) {
            if (isIn(model, rooms, room, at)) {
                return true;
            }
        }
        return false;
    }

    boolean isIn(SessionModel model, RoomModel rooms, String room, Position at) {
        if (room.startsWith("zone:")) {
            return rooms.covers(room, at);
        } else if (room.startsWith("user:")) {
            return room.equals("user:" + model.user);
        } else if (room.startsWith("aud:")) {
            return isInByAudience(model, rooms, room, at);
        }
        return room.equals(model.id);
    }

    /** Rooms that sessions enter and leave as part of an audience only: the log says it all. */
    private boolean isInByAudience(SessionModel model, RoomModel rooms, String room, Position at) {
        boolean in = false;
        for (Map.Entry<Position, LogEntry> placed : entries.headMap(at, false).entrySet()) {
            LogEntry entry = placed.getValue();
            if (entry instanceof LogEntry.Join join
                    && join.rooms().contains(room)
                    && concerns(model, rooms, join.target(), placed.getKey())) {
                in = true;
            } else if (entry instanceof LogEntry.Leave leave
                    && leave.rooms().contains(room)
                    && concerns(model, rooms, leave.target(), placed.getKey())) {
                in = false;
            }
        }
        return in;
    }

    /** The place of an audience's disconnect that was for this session, if there is one. */
    @Nullable
    Position disconnected(SessionModel model) {
        for (Map.Entry<Position, LogEntry> placed : entries.entrySet()) {
            if (placed.getValue() instanceof LogEntry.Disconnect disconnect
                    && concerns(model, new RoomModel(List.of()), disconnect.target(), placed.getKey())) {
                return placed.getKey();
            }
        }
        return null;
    }
}
