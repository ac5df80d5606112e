package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.EventRefusedException;
import dev.realtime.FreshReason;
import dev.realtime.NamespaceSetup.FreshListener;
import dev.realtime.NamespaceSetup.RoomListener;
import dev.realtime.NamespaceSetup.SessionEndListener;
import dev.realtime.NamespaceSetup.SessionListener;
import dev.realtime.RoomKey;
import dev.realtime.internal.logs.HandlerWatch;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EngineObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the application of a session's transitions, through its mailbox: in order with each other and with the client's events. Each
 * returns what begins the telling, to be run without a lock: the application may have given an executor that runs it at once.
 */
final class SessionListeners {
    private static final Logger LOG = LoggerFactory.getLogger(SessionListeners.class);

    private final LocalSession session;
    private final Mailbox mailbox;
    private final HandlerWatch watch;
    private final LogContext logs;
    private final BoundedLog lines;
    private final NamespaceHandlers handlers;
    private final Counters counters;

    SessionListeners(
            LocalSession session,
            Mailbox mailbox,
            HandlerWatch watch,
            LogContext logs,
            NamespaceHandlers handlers,
            Counters counters,
            BoundedLog lines) {
        this.session = session;
        this.mailbox = mailbox;
        this.watch = watch;
        this.logs = logs;
        this.lines = lines;
        this.handlers = handlers;
        this.counters = counters;
    }

    Runnable fresh(FreshReason reason) {
        return tell("onFresh", () -> {
            for (FreshListener listener : handlers.onFresh()) {
                listener.accept(session, reason);
            }
        });
    }

    Runnable connected() {
        say("has begun", null);
        return tell("onConnect", () -> listen(handlers.onConnect()));
    }

    Runnable suspended(DisconnectReason reason) {
        say("is suspended", reason);
        return tell("onSuspend", () -> left(handlers.onSuspend(), reason));
    }

    /** What is done in the turn of {@link #suspended}. */
    Runnable absent(Telling telling) {
        return tell("absencesTo", telling);
    }

    Runnable resumed() {
        say("is resumed", null);
        return tell("onResume", () -> listen(handlers.onResume()));
    }

    Runnable authenticated() {
        say("is known from now on", null);
        return tell("onAuthenticate", () -> listen(handlers.onAuthenticate()));
    }

    Runnable lostRoom(RoomKey room) {
        return tell("onRoomLost", () -> {
            for (RoomListener listener : handlers.onRoomLost()) {
                listener.accept(session, room);
            }
        });
    }

    Runnable moved() {
        say("goes on at another node", null);
        return tell("onMoved", () -> listen(handlers.onMoved()));
    }

    Runnable disconnected(DisconnectReason reason) {
        say("has ended", reason);
        return tell("onDisconnect", () -> left(handlers.onDisconnect(), reason));
    }

    private void listen(List<SessionListener> listeners) throws Exception {
        for (SessionListener listener : listeners) {
            listener.accept(session);
        }
    }

    private void left(List<SessionEndListener> listeners, DisconnectReason reason) throws Exception {
        EngineObserver observer = counters.observer();
        if (observer != null) {
            observer.left(session, reason);
        }
        for (SessionEndListener listener : listeners) {
            listener.accept(session, reason);
        }
    }

    private void say(String what, @Nullable DisconnectReason reason) {
        if (LOG.isDebugEnabled()) {
            lines.debug(
                    LOG,
                    AddressKey.of(session.remoteAddress()),
                    "session {} of user {} in {} {}, client at {}{}",
                    session.id(),
                    session.principal().id(),
                    session.namespace().name(),
                    what,
                    session.remoteAddress(),
                    reason == null ? "" : ": " + reason);
        }
    }

    private Runnable tell(String what, Telling telling) {
        return mailbox.put(() -> {
            watch.calls(what);
            LogContext.Scope scope = session.logged(logs, null, null);
            try {
                tellNow(what, telling);
            } finally {
                scope.close();
            }
            return null;
        });
    }

    private void tellNow(String what, Telling telling) {
        try {
            telling.run();
        } catch (EventRefusedException e) {
            // nobody has asked, and nothing has failed: a room is closed to this user, say
            lines.info(
                    LOG,
                    AddressKey.of(session.remoteAddress()),
                    "{} refused session {} of user {}, which goes on: {}",
                    what,
                    session.id(),
                    session.principal().id(),
                    e.getMessage());
        } catch (Exception e) {
            lines.error(
                    LOG,
                    AddressKey.of(session.remoteAddress()),
                    "{} failed for session {} of user {}; the session goes on",
                    what,
                    session.id(),
                    session.principal().id(),
                    e);
            handlers.errors().failed(lines, session, what, e);
        }
    }

    /** Calls listeners. */
    @FunctionalInterface
    interface Telling {
        void run() throws Exception;
    }
}
