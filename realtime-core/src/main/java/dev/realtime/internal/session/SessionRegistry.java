package dev.realtime.internal.session;

import dev.realtime.RoomKind;
import dev.realtime.internal.rooms.Membership;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions of one namespace on this node, whether connected or suspended. Thread-safe. */
public final class SessionRegistry {
    private final Map<String, LocalSession> byId = new ConcurrentHashMap<>();
    private final Map<String, LocalSession> byPrivateId = new ConcurrentHashMap<>();

    /** Finds a session by its public id; null if it is not on this node. */
    public @Nullable LocalSession find(String sessionId) {
        return byId.get(sessionId);
    }

    /** Finds a session by its private id; null if it is not on this node. */
    public @Nullable LocalSession findByPrivateId(String privateId) {
        return byPrivateId.get(privateId);
    }

    /** Returns a live view of all sessions. */
    public Collection<LocalSession> all() {
        return byId.values();
    }

    public boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Returns a session's membership of the namespace itself; null if the session is not on this node. */
    public @Nullable Membership<LocalSession> presenceOf(String sessionId) {
        LocalSession session = byId.get(sessionId);
        return session == null ? null : session.presence();
    }

    /** Adds a session that begins on this node, and lets it join the room of its user. Called in the fan-out's turn. */
    public void add(LocalSession session) {
        byId.put(session.id(), session);
        String privateId = session.privateId();
        if (privateId != null) {
            byPrivateId.put(privateId, session);
        }
        if (!session.principal().anonymous()) {
            String own = RoomKind.USER.of(session.principal().id()).toString();
            if (session.memberships().open(own) == null) { // one that became somebody later is in it since then
                session.joinAt(Set.of(own), session.presence().joined());
            }
        }
    }

    /** Removes a session that has ended. */
    public void remove(LocalSession session) {
        byId.remove(session.id(), session);
        String privateId = session.privateId();
        if (privateId != null) {
            byPrivateId.remove(privateId, session);
        }
    }
}
