package dev.realtime.internal.client;

import dev.realtime.internal.session.LocalSession;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sessions that a connection carries, one for each namespace, and which of them have more waiting than they may. Thread-safe. */
final class ConnectedSessions {
    private final int mostEnded;
    private volatile Map<String, LocalSession> sessions = Map.of(); // replaced under this
    private volatile boolean anyFull; // set under this
    // guarded by this
    private Set<String> ended = Set.of(); // in the order in which they ended
    private final Set<LocalSession> full = new HashSet<>(2);
    private boolean leaving;
    private boolean closed;

    /** @param mostEnded of how many namespaces it is remembered that their session has ended */
    ConnectedSessions(int mostEnded) {
        this.mostEnded = mostEnded;
    }

    /** Finds the session of a namespace; null if there is none. */
    @Nullable
    LocalSession find(String namespace) {
        return sessions.get(namespace);
    }

    Collection<LocalSession> all() {
        return sessions.values();
    }

    boolean isEmpty() {
        return sessions.isEmpty();
    }

    int size() {
        return sessions.size();
    }

    /** Whether a namespace had a session on this connection that has ended. */
    synchronized boolean hadOne(String namespace) {
        return ended.contains(namespace);
    }

    /**
     * Adds a session.
     *
     * @param first runs before packets can reach it
     * @return false when the connection has ended, or is about to
     */
    synchronized boolean add(LocalSession session, Runnable first) {
        if (closed || leaving) {
            return false;
        }
        first.run();
        Map<String, LocalSession> more = new LinkedHashMap<>(sessions);
        more.put(session.namespace().name(), session);
        sessions = compact(more);
        return true;
    }

    synchronized void remove(LocalSession session) {
        Map<String, LocalSession> fewer = new LinkedHashMap<>(sessions);
        if (fewer.remove(session.namespace().name(), session)) {
            sessions = compact(fewer);
            remember(session.namespace().name());
        }
    }

    /** The last ones to end, since what comes late was on its way. */
    private void remember(String namespace) {
        Set<String> more = new LinkedHashSet<>(ended);
        more.remove(namespace);
        more.add(namespace);
        if (more.size() > mostEnded) {
            more.remove(more.iterator().next());
        }
        ended = more;
    }

    /** As small as it can be for the usual one namespace; more keep their order, which {@code Map.copyOf} does not. */
    private static Map<String, LocalSession> compact(Map<String, LocalSession> sessions) {
        return sessions.size() < 2 ? Map.copyOf(sessions) : sessions;
    }

    /** Looks again whether a session takes more now. */
    synchronized void roomChanged(LocalSession session) {
        if (sessions.get(session.namespace().name()) == session
                && session.inbox().isFull()) {
            full.add(session);
        } else {
            full.remove(session);
        }
        anyFull = !full.isEmpty();
    }

    /** Whether one of them takes nothing more now. */
    boolean isAnyFull() {
        return anyFull;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Takes no session from now on. Returns those that it has. */
    synchronized Collection<LocalSession> leave() {
        leaving = true;
        return sessions.values();
    }

    /** Takes no session from now on. Returns those that it had. */
    synchronized Collection<LocalSession> close() {
        closed = true;
        Collection<LocalSession> left = sessions.values();
        sessions = Map.of();
        full.clear();
        anyFull = false;
        return left;
    }
}
