package dev.realtime.testkit.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Position;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.SessionRecord;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.backend.Witness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What happened in one run of any game: the namespace's log as it was written, and all sessions as they were seen. */
final class SessionJournal implements Witness {
    /** Positions have milliseconds, and a new epoch begins one later. */
    private static final long CLOCK_MICROS = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SimulatedCluster cluster;
    private final String namespace;
    private final TreeMap<Position, Entry> log = new TreeMap<>();
    private final Map<String, ObservedSession> sessions = new TreeMap<>();
    private final Map<String, Position> lostBefore = new HashMap<>(); // by session

    /** @param appended when, in microseconds */
    record Entry(LogEntry entry, JsonNode arguments, long appended) {
        boolean isEmit() {
            return entry instanceof LogEntry.Emit;
        }

        /** Whether it had not expired by then. */
        boolean isInTime(long when) {
            long life = entry instanceof LogEntry.Emit emit ? emit.terms().lifeMillis() : EventTerms.WITHOUT_END;
            return life == EventTerms.WITHOUT_END || when < appended + life * 1_000 - CLOCK_MICROS;
        }

        /** Whether a client that has received this has received the entry. */
        boolean is(ReceivedEvent event) {
            if (!(entry instanceof LogEntry.Emit emit)
                    || arguments.size() != event.arguments().size() + 1
                    || !arguments.path(0).asText().equals(event.name())) {
                return false;
            }
            if (!emit.event().attachments().isEmpty()) {
                return true; // placeholders here, bytes there
            }
            for (int index = 1; index < arguments.size(); index++) {
                if (!arguments.get(index).equals(event.arguments().get(index - 1))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return arguments.isMissingNode()
                    ? entry.getClass().getSimpleName()
                    : arguments.path(0).asText();
        }
    }

    SessionJournal(SimulatedCluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    Iterable<ObservedSession> sessions() {
        return sessions.values();
    }

    boolean isSession(String room) {
        return sessions.containsKey(room);
    }

    @Nullable
    Entry at(Position position) {
        return log.get(position);
    }

    NavigableMap<Position, Entry> between(Position after, Position before) {
        return log.subMap(after, false, before, false);
    }

    /** What was lost with the log before a session began, and nobody may ever have read, was not for it. */
    boolean isBeforeItsTime(ObservedSession session, Position at) {
        Position start = session.start();
        return start == null || !at.isAfter(start) || !at.isAfter(lostBefore.getOrDefault(session.id, Position.START));
    }

    /** A client has a session: a new one, or its old one again. */
    ObservedSession.Connection connected(String id, String client, String node, boolean recovered) {
        ObservedSession session = session(id, client);
        if (!session.client.equals(client)) {
            cluster.violation("I6: " + client + " got " + id + " of " + session.client);
        }
        if (session.isConnected()) {
            cluster.violation("I5: " + id + " goes on twice for " + client);
        }
        var connection = new ObservedSession.Connection(node, cluster.now(), recovered);
        session.connections.add(connection);
        return connection;
    }

    private ObservedSession session(String id, String client) {
        ObservedSession known = sessions.get(id);
        if (known == null) {
            known = new ObservedSession(id, client);
            sessions.put(id, known);
            for (Incidents.Break broken : cluster.incidents().breaks()) {
                if (!broken.takenBack()) {
                    lostBefore.put(id, broken.end());
                }
            }
        }
        return known;
    }

    private ObservedSession session(SessionRecord record) {
        var principal = record.principal();
        return session(record.sessionId(), principal == null ? "" : principal.id());
    }

    @Override
    public void appended(String name, Position position, LogEntry entry) {
        if (!name.equals(namespace) || entry instanceof LogEntry.Note) {
            return;
        }
        JsonNode arguments = JSON.missingNode();
        if (entry instanceof LogEntry.Emit emit) {
            try {
                arguments = JSON.readTree(emit.event().json());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        log.put(position, new Entry(entry, arguments, cluster.now()));
        cluster.note("log " + position + " "
                + (arguments.isMissingNode() ? entry.getClass().getSimpleName() : arguments) + " to "
                + entry.target().rooms().stream().sorted().toList() + " but "
                + entry.target().except().stream().sorted().toList());
    }

    @Override
    public void saved(SessionRecord record) {
        if (record.namespace().equals(namespace)) {
            cluster.note("saved " + record.sessionId() + " by " + record.home().node());
            session(record).saved(record, cluster.now());
        }
    }

    @Override
    public void claimed(SessionRecord record) {
        if (record.namespace().equals(namespace)) {
            cluster.note(
                    "claimed " + record.sessionId() + " by " + record.home().node());
            ObservedSession session = session(record);
            session.claimed(record, cluster.incidents().firstTrouble(session.home()), cluster.now());
        }
    }

    @Override
    public void removed(SessionRecord record) {
        if (record.namespace().equals(namespace)) {
            cluster.note(
                    "removed " + record.sessionId() + " of " + record.home().node());
        }
    }

    @Override
    public void lost(SessionRecord record) {
        if (record.namespace().equals(namespace)) {
            cluster.note("lost " + record.sessionId() + " of " + record.home().node());
            session(record).lost(cluster.now());
        }
    }

    /** What a failover has taken back has no place any more. */
    void broke(Incidents.Break broken) {
        if (broken.takenBack()) {
            Position before = Position.START;
            for (Incidents.Break earlier : cluster.incidents().breaks()) {
                before = earlier.equals(broken) ? before : earlier.end();
            }
            log.subMap(Position.max(broken.kept(), before), false, Position.END, true)
                    .clear();
        }
    }
}
