package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.AddressKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which rooms the sessions of a namespace may enter and stay in. The rules are the application's and may block, so they are asked on the thread that
 * wants to join, or on one for handlers, and never under a lock. Thread-safe.
 */
public final class RoomRights {
    private static final Logger LOG = LoggerFactory.getLogger(RoomRights.class);
    /** A rule that fails is asked again after so long, then after twice as long, and so on. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int ATTEMPTS = 6;

    private final RoomRules rules;
    private final RoomChanges rooms;
    private final ErrorListeners errors;
    private final NodeRuntime runtime;
    private final AtomicLong rechecks = new AtomicLong();

    RoomRights(RoomRules rules, RoomChanges rooms, ErrorListeners errors, NodeRuntime runtime) {
        this.rules = rules;
        this.rooms = rooms;
        this.errors = errors;
        this.runtime = runtime;
    }

    /**
     * Joins a room for the application.
     *
     * @throws EventRefusedException if the session may not be there
     */
    void join(LocalSession session, RoomKey room) {
        enter(session, room, () -> rooms.join(session, room));
    }

    /**
     * Leaves one room and joins another at the same position, for the application.
     *
     * @throws EventRefusedException if the session may not be there; it is where it was
     */
    void move(LocalSession session, RoomKey from, RoomKey to) {
        enter(session, to, () -> rooms.move(session, from, to));
    }

    private void enter(LocalSession session, RoomKey room, Runnable change) {
        if (session.isClosed()
                || !rules.concern(session.principal(), room)
                || session.memberships().open(room.toString()) != null) {
            change.run();
            return;
        }
        long before = rechecks.get();
        if (!allows(session.principal(), room)) {
            throw new EventRefusedException(ErrorCode.FORBIDDEN);
        }
        change.run();
        if (rechecks.get() != before) {
            check(session); // what the rule said may have been over by the time of the join
        }
    }

    /** Takes the rooms into which interceptors put a client that comes in. */
    public EntryRooms entry() {
        return new EntryRooms(rooms.most(), this);
    }

    /** Asks the rule of a room, if it has one. */
    public boolean allows(Principal principal, RoomKey room) {
        return !rules.concern(principal, room) || rules.allow(principal, room);
    }

    /** How often somebody has lost rights: whoever asks a rule and acts on it later compares. */
    public long rechecks() {
        return rechecks.get();
    }

    /** The rights of a session may have become less: it leaves the rooms in which it may not be any more, and the application is told. */
    void recheck(LocalSession session) {
        rechecks.incrementAndGet();
        check(session);
    }

    /** Asks the rules of all rooms of a session that it is in, since they may have changed after they were asked. */
    public void check(LocalSession session) {
        check(session, 1);
    }

    private void check(LocalSession session, int attempt) {
        for (RoomKey room : session.rooms()) {
            if (rules.concern(session.principal(), room)) {
                session.connection().handlers().execute(() -> checkAll(session, attempt));
                return;
            }
        }
    }

    private void checkAll(LocalSession session, int attempt) {
        boolean failed = false;
        LogContext.Scope scope = session.logged(runtime.logs(), null, null);
        try {
            for (RoomKey room : session.rooms()) {
                failed |= !check(session, room);
            }
        } finally {
            scope.close();
        }
        if (failed && attempt < ATTEMPTS && !session.isClosed()) {
            runtime.time().schedule(PAUSE.multipliedBy(1L << (attempt - 1)), () -> check(session, attempt + 1));
        }
    }

    /** Returns false when the rule has failed: then the session stays where it is, until it is asked again. */
    private boolean check(LocalSession session, RoomKey room) {
        Principal principal = session.principal();
        try {
            if (session.isClosed() || allows(principal, room)) {
                return true;
            }
        } catch (RuntimeException | Error e) {
            runtime.counters().count(Counters.Name.ROOM_RULES_FAILED);
            runtime.lines()
                    .error(
                            LOG,
                            AddressKey.of(session.remoteAddress()),
                            "the rule for rooms of kind {} failed for session {} of user {}, which stays there for now",
                            room.kind(),
                            session.id(),
                            principal.id(),
                            e);
            errors.failed(runtime.lines(), session, "joins", e);
            return false;
        }
        if (rooms.leave(session, room)) {
            session.changed();
            session.lifecycle().lostRoom(room);
        }
        return true;
    }
}
