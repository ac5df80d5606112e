package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.presence.PresenceNote.EndedSession;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.Leaving;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.presence.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is there, as all that nodes have said of their sessions makes it. Whoever has been given the same notes in the same order is in the same state and
 * has seen the same changes: nothing here asks a clock, or depends on the order of a set. Changed in the fan-out's turn, read by any thread.
 */
final class PresenceFold {
    /** Sessions that have been at several nodes and have ended: what a former node says of them late counts for nothing. */
    private static final int REMEMBERED = 1_024;
    /** Of a page of the state. */
    private static final int MOST_BYTES = 64 << 10;
    /** What a session takes beside its text, as far as is known of JVMs: it stands in the tables of its user, its node and its rooms. */
    static final int BYTES = 600;

    private final Map<String, Known> sessions = new HashMap<>();
    private final Map<String, List<String>> users = new HashMap<>(); // the ids of their sessions, in order
    private final RoomPopulations rooms = new RoomPopulations();
    private final TreeMap<String, Set<String>> nodes =
            new TreeMap<>(); // those that have presence, and the ids of their sessions
    private final TreeSet<String> ready = new TreeSet<>(); // those of them that know
    private final LinkedHashMap<String, Long> ended = new LinkedHashMap<>();
    private long bytes; // of all sessions
    private Position answered = Position.START; // where somebody has been told the state last

    /**
     * A session, and whose it is.
     *
     * @param author who has said it last: another node if this one has inherited it, and has said nothing of it since
     */
    record Known(SessionStatement statement, String node, String author) {
        boolean isInherited() {
            return !author.equals(node);
        }
    }

    // ---- what nodes say

    /** Takes what a node says. Returns null if that cannot change who is there. */
    synchronized @Nullable FoldChanges take(Position at, PresenceNote note) {
        String node = note.node();
        if (note instanceof Said said) {
            return said(node, said.sessions(), said.ended());
        } else if (note instanceof Gone gone) {
            return gone(gone.gone(), node);
        } else if (note instanceof Hello) {
            present(node);
            ready.remove(node);
        } else if (note instanceof Leaving) {
            ready.remove(node);
        } else if (note instanceof State state && state.isLast()) {
            answered = Position.max(answered, at);
            if (!state.isBeginning() && nodes.containsKey(state.asker())) {
                ready.add(state.asker());
            }
        }
        return null;
    }

    private void present(String node) {
        nodes.computeIfAbsent(node, name -> new HashSet<>());
    }

    /**
     * Takes a state for its own.
     *
     * @param at where its last page stands: who is answered from it is told that, or would take the same beginning for another one
     */
    synchronized void load(List<State> pages, Position at) {
        sessions.clear();
        bytes = 0;
        users.clear();
        rooms.clear();
        nodes.clear();
        ready.clear();
        ended.clear();
        FoldChanges unseen = new FoldChanges(this);
        for (State page : pages) {
            answered = page.isBeginning() ? at : page.answered();
            page.nodes().forEach(this::present);
            ready.addAll(page.ready());
            page.sessions().forEach(known -> put(known, unseen));
            page.ended().forEach(session -> ended.put(session.id(), session.fence()));
        }
    }

    /** All that is known at this place, for whoever asks. */
    synchronized List<State> state(String node, String question, Position at) {
        return state(node, question, at, nodes.keySet(), ready);
    }

    /**
     * All that this node knows, for it and those that have asked as well: it begins anew.
     *
     * @param knowing those that know from then on
     */
    synchronized List<State> beginning(String node, String question, Position at, Set<String> knowing) {
        Set<String> all = new TreeSet<>(nodes.keySet());
        all.addAll(knowing);
        return state(node, question, at, all, knowing);
    }

    private List<State> state(String node, String question, Position at, Set<String> present, Set<String> knowing) {
        List<List<Known>> parts = parts();
        List<EndedSession> over = new ArrayList<>();
        ended.forEach((id, fence) -> over.add(new EndedSession(id, fence)));
        List<State> pages = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            boolean first = i == 0;
            pages.add(new State(
                    node,
                    question,
                    at,
                    i,
                    parts.size(),
                    answered,
                    first ? List.copyOf(present) : List.of(),
                    first ? List.copyOf(knowing) : List.of(),
                    parts.get(i),
                    first ? over : List.of()));
        }
        return pages;
    }

    private List<List<Known>> parts() {
        List<List<Known>> parts = new ArrayList<>();
        List<Known> part = new ArrayList<>();
        int bytes = 0;
        for (String id : new TreeSet<>(sessions.keySet())) {
            Known known = known(id);
            if (bytes > 0 && bytes + known.statement.size() > MOST_BYTES) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(known);
            bytes += known.statement.size();
        }
        parts.add(part);
        return parts;
    }

    /** Who tells the application what a note of the node has changed: the node, if it knows; empty if nobody does. */
    synchronized String teller(String node) {
        return ready.contains(node) ? node : ready.isEmpty() ? "" : ready.first();
    }

    synchronized boolean isReady(String node) {
        return ready.contains(node);
    }

    /** Whether a beginning as of this place counts: nobody has been told the state since. */
    synchronized boolean counts(State beginning) {
        return !answered.isAfter(beginning.at());
    }

    /** Who can answer this question of a node, in the order in which they are to do so: each attempt begins with another one. */
    synchronized List<String> line(Hello hello) {
        List<String> able = new ArrayList<>(ready);
        able.remove(hello.node());
        if (!able.isEmpty()) {
            Collections.rotate(able, -(int) ((hello.number() - 1) % able.size()));
        }
        return able;
    }

    private FoldChanges said(String node, List<SessionStatement> statements, List<EndedSession> over) {
        present(node);
        FoldChanges changes = new FoldChanges(this);
        for (SessionStatement statement : statements) {
            if (isNews(statement)) {
                put(new Known(statement, node, node), changes);
            }
        }
        for (EndedSession session : over) {
            Known known = sessions.get(session.id());
            if (known != null && isOverBy(session, known, node)) {
                remove(session.id(), changes);
            }
            if (session.fence() > 0) {
                ended.put(session.id(), session.fence());
                if (ended.size() > REMEMBERED) {
                    ended.remove(ended.keySet().iterator().next());
                }
            }
        }
        return changes.end();
    }

    private boolean isNews(SessionStatement statement) {
        Known known = sessions.get(statement.id());
        return (known == null || known.statement.fence() <= statement.fence())
                && ended.getOrDefault(statement.id(), 0L) <= statement.fence();
    }

    /** With the fence of another node's claim only that node says when the session ends. */
    private static boolean isOverBy(EndedSession session, Known known, String node) {
        long fence = known.statement.fence();
        return fence < session.fence() || (fence == session.fence() && known.node.equals(node));
    }

    /** The node is dead or has left: what can be resumed waits at its heir. */
    private FoldChanges gone(String node, String heir) {
        FoldChanges changes = new FoldChanges(this);
        for (String id : leftBy(node)) {
            Known known = known(id);
            if (known.statement.recoverable() && !heir.equals(node)) {
                put(new Known(known.statement.reconnecting(), heir, known.author), changes);
            } else {
                remove(id, changes);
            }
        }
        nodes.remove(node);
        ready.remove(node);
        return changes.end();
    }

    /** An heir that has died may have claimed nothing: who takes over the node that it has inherited from takes that. */
    private List<String> leftBy(String node) {
        TreeSet<String> ids = new TreeSet<>(sessionsOf(node));
        for (Known known : sessions.values()) {
            if (known.author.equals(node)) {
                ids.add(known.statement.id());
            }
        }
        return List.copyOf(ids);
    }

    private Known known(String id) {
        Known known = sessions.get(id);
        if (known == null) {
            throw new IllegalStateException("session " + id + " is not known");
        }
        return known;
    }

    private void put(Known now, FoldChanges changes) {
        SessionStatement statement = now.statement;
        Known before = sessions.get(statement.id());
        if (before != null && before.statement.equals(statement)) {
            move(before, now);
            return;
        }
        touch(before, changes);
        touch(now, changes);
        if (before != null) {
            forget(before);
        }
        SessionStatement kept = new SessionStatement(
                statement.id(),
                statement.user(),
                statement.fence(),
                statement.status(),
                statement.awaySince(),
                statement.recoverable(),
                rooms.enter(statement.who(), statement.rooms()),
                statement.shown());
        sessions.put(statement.id(), new Known(kept, now.node, now.author));
        bytes += BYTES + kept.size();
        nodes.computeIfAbsent(now.node, name -> new HashSet<>()).add(statement.id());
        if (statement.user() != null) {
            List<String> ids = new ArrayList<>(users.getOrDefault(statement.user(), List.of()));
            ids.add(statement.id());
            ids.sort(null);
            users.put(statement.user(), List.copyOf(ids));
        }
    }

    private void move(Known before, Known now) {
        String id = now.statement.id();
        sessions.put(id, new Known(before.statement, now.node, now.author));
        if (!before.node.equals(now.node)) {
            leaves(before.node, id);
            nodes.computeIfAbsent(now.node, name -> new HashSet<>()).add(id);
        }
    }

    private void leaves(String node, String id) {
        Set<String> ids = nodes.get(node);
        if (ids != null) {
            ids.remove(id);
        }
    }

    private void remove(String id, FoldChanges changes) {
        Known known = known(id);
        touch(known, changes);
        forget(known);
    }

    private static void touch(@Nullable Known known, FoldChanges changes) {
        if (known != null) {
            changes.touches(known.statement);
        }
    }

    private void forget(Known known) {
        SessionStatement statement = known.statement;
        sessions.remove(statement.id());
        bytes -= BYTES + statement.size();
        leaves(known.node, statement.id());
        String user = statement.user();
        if (user != null) {
            List<String> ids = new ArrayList<>(users.getOrDefault(user, List.of()));
            ids.remove(statement.id());
            if (ids.isEmpty()) {
                users.remove(user);
            } else {
                users.put(user, List.copyOf(ids));
            }
        }
        rooms.leave(statement.who(), statement.rooms());
    }

    private List<String> sessionsOf(String node) {
        return nodes.getOrDefault(node, Set.of()).stream().sorted().toList();
    }

    // ---- what is known

    synchronized @Nullable Known find(String id) {
        return sessions.get(id);
    }

    synchronized boolean isOnline(String user) {
        return users.containsKey(user);
    }

    synchronized Set<String> users() {
        return new TreeSet<>(users.keySet());
    }

    /** The sessions of a user, in the order of their ids. */
    synchronized List<Known> of(String user) {
        return users.getOrDefault(user, List.of()).stream().map(this::known).toList();
    }

    /** The sessions of a node, in the order of their ids. */
    synchronized List<Known> at(String node) {
        return sessionsOf(node).stream().map(this::known).toList();
    }

    synchronized boolean isIn(String room, String who) {
        return rooms.isIn(room, who);
    }

    synchronized int population(String room) {
        return rooms.size(room);
    }

    /** How many users are in a room. */
    synchronized int usersIn(String room) {
        return rooms.users(room);
    }

    /** Who is in a room: users, and what stands for sessions of nobody. */
    synchronized Set<String> in(String room) {
        return rooms.in(room);
    }

    /** The rooms that any session of a user is in. */
    synchronized Set<String> roomsOf(String user) {
        Set<String> all = new TreeSet<>();
        of(user).forEach(known -> all.addAll(known.statement.rooms()));
        return all;
    }

    /** The nodes that have presence. */
    synchronized List<String> nodes() {
        return List.copyOf(nodes.keySet());
    }

    /** What they take, about. */
    synchronized long bytes() {
        return bytes;
    }

    synchronized int size() {
        return sessions.size();
    }

    /** The status of a user; {@link Status#DISCONNECTED} if he has no session. */
    synchronized Status status(String user) {
        Status first = Status.DISCONNECTED;
        for (Known known : of(user)) {
            Status status = known.statement.status();
            first = status.compareTo(first) < 0 ? status : first;
        }
        return first;
    }
}
