package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.NamespaceSetup.FreshListener;
import dev.realtime.NamespaceSetup.SessionEndListener;
import dev.realtime.NamespaceSetup.SessionListener;
import dev.realtime.spi.AddressKey;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the application of a session's transitions, through its mailbox: in order with each other and with the client's events. */
final class SessionListeners {
    private static final Logger LOG = LoggerFactory.getLogger(SessionListeners.class);

    private final LocalSession session;
    private final Mailbox mailbox;
    private final Behaviour behaviour;

    SessionListeners(LocalSession session, Mailbox mailbox, Behaviour behaviour) {
        this.session = session;
        this.mailbox = mailbox;
        this.behaviour = behaviour;
    }

    void fresh(FreshReason reason) {
        tell("onFresh", () -> {
            for (FreshListener listener : behaviour.onFresh()) {
                listener.accept(session, reason);
            }
        });
    }

    void connected() {
        tell("onConnect", () -> listen(behaviour.onConnect()));
    }

    void suspended(DisconnectReason reason) {
        tell("onSuspend", () -> listen(behaviour.onSuspend(), reason));
    }

    void resumed() {
        tell("onResume", () -> listen(behaviour.onResume()));
    }

    void moved() {
        tell("onMoved", () -> listen(behaviour.onMoved()));
    }

    void disconnected(DisconnectReason reason) {
        tell("onDisconnect", () -> listen(behaviour.onDisconnect(), reason));
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

    private void tell(String what, Telling telling) {
        mailbox.add(() -> {
            try {
                telling.run();
            } catch (Exception e) {
                session.scope()
                        .context()
                        .lines()
                        .error(
                                LOG,
                                AddressKey.of(session.remoteAddress()),
                                "{} failed for session {}; the session goes on",
                                what,
                                session.id(),
                                e);
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
