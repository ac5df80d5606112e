package dev.realtime.testkit.simulation;

import dev.realtime.Position;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.Target;
import dev.realtime.testkit.backend.Witness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What happened in one run: the log as it was written, and the lives of all sessions. */
final class History implements Witness {
    private static final String NUMBER = "\"n\":";

    final TreeMap<Position, LogEntry> log = new TreeMap<>();
    final Map<Integer, Position> places = new HashMap<>(); // of marks
    final Map<String, Life> lives = new TreeMap<>();
    final List<String> violations = new ArrayList<>();
    final List<Failover> failovers = new ArrayList<>();
    final Set<String> stoppedNodes = new HashSet<>(); // in good order: what comes to them meanwhile, nobody may have
    final Set<String> frozenNodes = new HashSet<>(); // for longer than an answer of the backend may take
    private final Set<String> everFrozen = new HashSet<>();
    final Set<String> troubledNodes = new HashSet<>(); // were cut off: what they acknowledged may not have been stored
    final Set<String> killedNodes = new HashSet<>();
    private final Map<Integer, String> promised =
            new TreeMap<>(); // marks that a node emitted before it was told to stop
    private final Map<String, Long> reached = new HashMap<>(); // since when a node that was cut off is not any more
    private final Trace trace;
    private Position lostUntil = Position.START;

    /** @param kept what is left of the log; positions of the new epoch lie behind {@code end} */
    record Failover(long when, Position kept, Position end) {}

    History(Trace trace) {
        this.trace = trace;
    }

    Life life(String session) {
        return lives.computeIfAbsent(session, id -> new Life(id, lostUntil));
    }

    /** Whether a node may not have known whose a session was. */
    boolean isExcused(String node) {
        return troubledNodes.contains(node) || frozenNodes.contains(node) || !failovers.isEmpty();
    }

    void frozen(String node) {
        everFrozen.add(node);
    }

    /** Whether it has ever stood still for a moment. */
    boolean wasFrozen(String node) {
        return everFrozen.contains(node);
    }

    /** A node and the backend do not hear each other, or only one of them does. */
    void cut(String node) {
        troubledNodes.add(node);
        reached.put(node, Long.MAX_VALUE);
    }

    void healed(String node) {
        reached.computeIfPresent(node, (name, before) -> trace.now());
    }

    /** Whether a node and the backend have heard each other all the time since then. */
    boolean isReachedSince(String node, long when) {
        return reached.getOrDefault(node, 0L) < when;
    }

    /** Whether a node was told to stop, and nothing has hindered it. */
    boolean stopsInOrder(String node) {
        return stoppedNodes.contains(node) && !killedNodes.contains(node) && !isExcused(node);
    }

    /** The application on a node emits this. */
    void emits(int mark, String node) {
        if (!stoppedNodes.contains(node)) {
            promised.put(mark, node);
        }
    }

    /** What was emitted before a node stopped in good order is in the log (I19). */
    void checkPromises() {
        promised.forEach((mark, node) -> {
            if (stopsInOrder(node) && !places.containsKey(mark)) {
                violation("I19: #" + mark + " of " + node + " was lost when it stopped");
            }
        });
    }

    void violation(String text) {
        trace.add("VIOLATION " + text);
        violations.add(text);
    }

    @Override
    public void appended(String namespace, Position position, LogEntry entry) {
        log.put(position, entry);
        if (entry instanceof LogEntry.Emit emit) {
            int mark = mark(emit.event().json());
            trace.add("log " + position + " #" + mark + " " + text(emit.target()));
            if (places.put(mark, position) != null) {
                violation("I1: mark " + mark + " was appended twice");
            }
        } else {
            trace.add("log " + position + " " + kind(entry) + " " + text(entry.target()));
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
        trace.add("saved " + session.sessionId() + " by " + session.home().node() + " fence "
                + session.home().fence() + " at " + session.confirmed() + " " + stays(session));
        Life life = life(session.sessionId());
        if (life.birthplace.isEmpty()) {
            life.birthplace = session.home().node();
        }
        Position before = life.start;
        life.saved(session);
        if (before != null && !before.equals(session.start())) {
            violation("I4: the start of " + session.sessionId() + " moved from " + before + " to " + session.start());
        }
        if (life.on(session.home().node()).match(session) < 0) {
            violation("I4: " + session.home().node() + " recorded rooms of " + session.sessionId()
                    + " that it never had: " + stays(session) + " after "
                    + life.on(session.home().node()));
        }
    }

    private static String stays(SessionRecord session) {
        List<String> stays = new ArrayList<>();
        session.memberships().forEach(stay -> stays.add(stay.room() + "(" + stay.joined() + "," + stay.left() + ")"));
        return stays.toString();
    }

    /** A claim by another node: what the record says is true from here on. */
    @Override
    public void claimed(SessionRecord session) {
        trace.add("claimed " + session.sessionId() + " by " + session.home().node() + " fence "
                + session.home().fence());
        Life life = life(session.sessionId());
        if (!life.holder.equals(session.home().node())) {
            Rooms source = life.on(life.holder);
            source.claimed(session, trace.now());
            int count = source.match(session);
            if (count < source.acknowledged() && !troubledNodes.contains(life.holder) && failovers.isEmpty()) {
                violation("I4: " + session.sessionId() + " was claimed with " + count + " changes of rooms, but "
                        + source.acknowledged() + " were acknowledged: " + source);
            }
            Rooms mine = new Rooms(source.first(Math.max(0, count)));
            mine.acknowledged(Math.min(count, source.acknowledged()));
            life.rooms.put(session.home().node(), mine);
        }
        life.holder = session.home().node();
        life.claimed = true;
    }

    @Override
    public void removed(SessionRecord session) {
        trace.add("removed " + session.sessionId() + " of " + session.home().node());
        Life life = life(session.sessionId());
        life.recordStored = false;
        life.removed = session.home().node();
    }

    @Override
    public void lost(SessionRecord session) {
        trace.add("lost " + session.sessionId() + " of " + session.home().node());
        Life life = life(session.sessionId());
        life.recordStored = false;
        life.lost = true;
        life.lostWithItsClaim |= life.claimed;
    }

    /** What the backend knew of sessions is gone, also that they had ended. */
    void forgetsSessions() {
        for (Life life : lives.values()) {
            if (life.removed != null) {
                life.forgotten.add(life.removed);
                if (reached.getOrDefault(life.removed, 0L) == Long.MAX_VALUE) {
                    life.outOfReach.add(life.removed);
                }
            }
            life.copies = Math.max(life.copies, life.homes().size());
        }
    }

    /** Behind a break of the history nothing more is delivered to the sessions of before; answers and goodbyes are. */
    boolean brokeSince(long when) {
        return failovers.stream().anyMatch(failover -> failover.when() >= when);
    }

    void failedOver(long when, Position kept, Position end) {
        Position before = failovers.isEmpty()
                ? Position.START
                : failovers.get(failovers.size() - 1).end();
        failovers.add(new Failover(when, kept, end));
        log.subMap(Position.max(kept, before), false, Position.END, true).clear();
    }

    /** What it had given a place was in the order all the same: nothing is taken back. */
    void lostItsLog(long when, Position end) {
        failovers.add(new Failover(when, end, end));
        lostUntil = end;
    }

    // ---- the model

    /** Whether an entry with this target is for a session, given its rooms. */
    boolean concerns(Life life, Rooms rooms, Target target, Position at) {
        Position start = life.start;
        if (start == null || !at.isAfter(start) || !at.isAfter(life.lostUntil)) {
            return false;
        }
        for (String room : target.except()) {
            if (isIn(life, rooms, room, at)) {
                return false;
            }
        }
        if (target.rooms().isEmpty()) {
            return true;
        }
        for (String room : target.rooms()) {
            if (isIn(life, rooms, room, at)) {
                return true;
            }
        }
        return false;
    }

    boolean isIn(Life life, Rooms rooms, String room, Position at) {
        if (room.startsWith("zone:")) {
            return rooms.covers(room, at);
        } else if (room.startsWith("user:")) {
            return room.equals("user:" + life.user);
        } else if (room.startsWith("aud:")) {
            return isInByAudience(life, rooms, room, at);
        }
        return room.equals(life.id);
    }

    /** Rooms that sessions enter and leave as part of an audience only: the log says it all. */
    private boolean isInByAudience(Life life, Rooms rooms, String room, Position at) {
        boolean in = false;
        for (Map.Entry<Position, LogEntry> placed : log.headMap(at, false).entrySet()) {
            LogEntry entry = placed.getValue();
            if (entry instanceof LogEntry.Join join
                    && join.rooms().contains(room)
                    && concerns(life, rooms, join.target(), placed.getKey())) {
                in = true;
            } else if (entry instanceof LogEntry.Leave leave
                    && leave.rooms().contains(room)
                    && concerns(life, rooms, leave.target(), placed.getKey())) {
                in = false;
            }
        }
        return in;
    }

    /** The place of an audience's disconnect that was for this session, if there is one. */
    @Nullable
    Position disconnected(Life life) {
        for (Map.Entry<Position, LogEntry> placed : log.entrySet()) {
            if (placed.getValue() instanceof LogEntry.Disconnect disconnect
                    && concerns(life, new Rooms(List.of()), disconnect.target(), placed.getKey())) {
                return placed.getKey();
            }
        }
        return null;
    }
}
