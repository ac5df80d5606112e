package dev.realtime.admin;

import dev.realtime.Audience;
import dev.realtime.ErrorCode;
import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.InvalidRoomException;
import dev.realtime.Namespace;
import dev.realtime.NamespaceSetup;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.admin.AdminEvents.Arguments;
import dev.realtime.admin.AdminEvents.ChangeRoom;
import dev.realtime.admin.AdminEvents.Disconnect;
import dev.realtime.admin.AdminEvents.Emit;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Ids;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What administrators do to clients, on all nodes. Each act is logged, without what is emitted. */
final class OperatorActs {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorActs.class);

    void addTo(NamespaceSetup namespace) {
        namespace
                .on(AdminEvents.EMIT, OperatorActs::emit)
                .on(AdminEvents.JOIN, OperatorActs::join)
                .on(AdminEvents.LEAVE, OperatorActs::leave)
                .on(AdminEvents.DISCONNECT, OperatorActs::disconnect);
    }

    private static void emit(Session admin, Emit emit) {
        Audience audience = audience(admin, emit.nsp(), emit.filter());
        try {
            Event<Arguments> event = Event.ofArguments(emit.ev(), Arguments.class);
            log(admin, "emit " + emit.ev(), emit.nsp(), emit.filter());
            var unused = audience.emit(event, new Arguments(emit.args()));
        } catch (IllegalArgumentException e) {
            throw refused("no event can have this name or these arguments");
        }
    }

    private static void join(Session admin, ChangeRoom change) {
        Audience audience = audience(admin, change.nsp(), change.filter());
        RoomKey room = changeable(change.room());
        log(admin, "join " + room, change.nsp(), change.filter());
        var unused = audience.join(room);
    }

    private static void leave(Session admin, ChangeRoom change) {
        Audience members = change.filter() == null || change.filter().isEmpty()
                ? audience(admin, change.nsp(), change.room())
                : audience(admin, change.nsp(), change.filter());
        RoomKey room = changeable(change.room());
        log(admin, "leave " + room, change.nsp(), change.filter());
        var unused = members.leave(room);
    }

    private static void disconnect(Session admin, Disconnect disconnect) {
        Audience audience = audience(admin, disconnect.nsp(), disconnect.filter());
        boolean whole = Boolean.TRUE.equals(disconnect.close());
        log(admin, whole ? "disconnect, with the connection," : "disconnect", disconnect.nsp(), disconnect.filter());
        var unused = audience.disconnect(whole);
    }

    private static void log(Session admin, String act, String namespace, @Nullable String filter) {
        LOG.info(
                "an administrator from {} has made {} {}",
                BoundedLog.clean(admin.remoteAddress()),
                BoundedLog.clean(filter == null || filter.isEmpty() ? namespace : filter + " in " + namespace),
                BoundedLog.clean(act));
    }

    /** @param filter a session or a room; null or empty: everybody */
    private static Audience audience(Session admin, String name, @Nullable String filter) {
        Namespace namespace;
        try {
            namespace = admin.namespace().realtime().namespace(name);
        } catch (IllegalArgumentException e) {
            throw refused("there is no such namespace here");
        }
        if (filter == null || filter.isEmpty()) {
            return namespace;
        }
        return isSession(filter) ? namespace.session(filter) : namespace.room(room(filter));
    }

    private static boolean isSession(String text) {
        try {
            return Ids.sessionId(text).equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static RoomKey room(String name) {
        try {
            return RoomKey.plain(name);
        } catch (InvalidRoomException e) {
            throw refused("no room can have this name");
        }
    }

    /** A room of a user or of another session is not entered: what is emitted there is for one person. */
    private static RoomKey changeable(String name) {
        RoomKey room = room(name);
        if (room.kind().equals(RoomKind.USER.name()) || isSession(name)) {
            throw new EventRefusedException(
                    ErrorCode.FORBIDDEN.code(), "a user's or a session's own room is not entered or left");
        }
        return room;
    }

    private static EventRefusedException refused(String sentence) {
        return new EventRefusedException(ErrorCode.INVALID_PAYLOAD.code(), sentence);
    }
}
