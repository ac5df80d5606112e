package dev.realtime.internal.recovery;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.EntryRooms;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.internal.session.SessionFactory;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Ids;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins new sessions in a namespace. */
public final class FreshSessions {
    private static final Logger LOG = LoggerFactory.getLogger(FreshSessions.class);

    private final SessionFactory factory;
    private final SessionRegistry sessions;
    private final Ids ids;
    private final boolean recovers;
    private final NodeRuntime runtime;

    /** @param recovers whether clients may ask for these sessions later */
    public FreshSessions(
            SessionFactory factory, SessionRegistry sessions, Ids ids, boolean recovers, NodeRuntime runtime) {
        this.factory = factory;
        this.sessions = sessions;
        this.ids = ids;
        this.recovers = recovers;
        this.runtime = runtime;
    }

    /** Returns the private id of a session that may begin; null without recovery. */
    @Nullable
    String nextPrivateId() {
        return recovers ? ids.next() : null;
    }

    /** Returns the id of a session that may begin. */
    String nextId() {
        return ids.next();
    }

    /**
     * Begins a session on a connection. In the fan-out's turn.
     *
     * @param privateId null without recovery
     * @param reason why its client, which has asked for an old one, does not get that; null if it has not asked
     * @param carried an offset of a session before this one; null if the client has none
     * @param rooms that it is in from its start
     * @param features what the application says that its client may do; null: nothing
     * @return false when the connection had ended already: the session is then as if it had never been
     */
    boolean begin(
            SessionConnection connection,
            String id,
            @Nullable String privateId,
            Principal principal,
            Map<String, Object> auth,
            @Nullable FreshReason reason,
            @Nullable Position carried,
            EntryRooms rooms,
            @Nullable EventData features) {
        if (reason != null) {
            runtime.counters().sessionIsFresh(reason);
            runtime.lines()
                    .info(
                            LOG,
                            AddressKey.of(connection.request().remoteAddress()),
                            "a client asked for its old session and gets a fresh one: {}",
                            reason);
        }
        LocalSession session = factory.fresh(id, privateId, principal);
        if (carried != null) {
            session.memberships().carried(carried);
        }
        try {
            sessions.add(session);
            rooms.begin(session);
            session.connection().presents(auth);
            return session.lifecycle().begin(connection, reason, features);
        } catch (RuntimeException | Error e) { // no connection would end it
            if (session.hasClient()) {
                session.closing().close(DisconnectReason.TRANSPORT_ERROR);
            } else {
                session.closing().discard();
            }
            throw e;
        }
    }
}
