package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.NamespaceSetup.FreshListener;
import dev.realtime.NamespaceSetup.SessionEndListener;
import dev.realtime.NamespaceSetup.SessionListener;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import java.util.List;
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
    private final BoundedLog lines;
    private final NamespaceHandlers handlers;

    SessionListeners(LocalSession session, Mailbox mailbox, NamespaceHandlers handlers, BoundedLog lines) {
        this.session = session;
        this.mailbox = mailbox;
        this.lines = lines;
        this.handlers = handlers;
    }

    Runnable fresh(FreshReason reason) {
        return tell("onFresh", () -> {
            for (FreshListener listener : handlers.onFresh()) {
                listener.accept(session, reason);
            }
        });
    }

    Runnable connected() {
        return tell("onConnect", () -> listen(handlers.onConnect()));
    }

    Runnable suspended(DisconnectReason reason) {
        return tell("onSuspend", () -> listen(handlers.onSuspend(), reason));
    }

    Runnable resumed() {
        return tell("onResume", () -> listen(handlers.onResume()));
    }

    Runnable moved() {
        return tell("onMoved", () -> listen(handlers.onMoved()));
    }

    Runnable disconnected(DisconnectReason reason) {
        return tell("onDisconnect", () -> listen(handlers.onDisconnect(), reason));
    }

    private void listen(List<SessionListener> listeners) throws Exception {
        for (SessionListener listener : listeners) {
            listener.accept(session);
        }
    }

    private void listen(List<SessionEndListener> listeners, DisconnectReason reason) throws Exception {
        for (SessionEndListener listener : listeners) {
            listener.accept(session, reason);
        }
    }

    private Runnable tell(String what, Telling telling) {
        return mailbox.put(() -> {
            try {
                telling.run();
            } catch (Exception e) {
                lines.error(
                        LOG,
                        AddressKey.of(session.remoteAddress()),
                        "{} failed for session {}; the session goes on",
                        what,
                        session.id(),
                        e);
                handlers.errors().failed(lines, session, what, e);
            }
            return null;
        });
    }

    /** Calls listeners. */
    @FunctionalInterface
    private interface Telling {
        void run() throws Exception;
    }
}
