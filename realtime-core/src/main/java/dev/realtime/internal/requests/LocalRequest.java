package dev.realtime.internal.requests;

import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.PendingAcks;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** One question to the connected sessions of this node, encoded once. Each asked session is reported once: answered, or lost. */
final class LocalRequest implements PendingAcks.Asker {

    /** Told what becomes of the question; on workers, from several threads at once. */
    interface Listener {
        /** After everybody has been asked. Some may have answered already. */
        void asked(Set<String> sessions);

        void answered(LocalSession session, Packet answer);

        void lost(LocalSession session);
    }

    private final SessionScope scope;
    private final Listener listener;
    private final long ackId;
    private final Map<String, LocalSession> open = new HashMap<>(); // guarded by this
    private boolean stopped; // guarded by this

    LocalRequest(SessionScope scope, Listener listener) {
        this.scope = scope;
        this.listener = listener;
        this.ackId = scope.nextAckId();
    }

    void ask(Target target, EventData data) {
        OutboundMessage message =
                OutboundMessage.reliable(scope.encoder().event(data.json(), data.attachments(), ackId, null));
        scope.publisher().behindOwn(() -> {
            Map<String, LocalSession> asked = new HashMap<>();
            scope.rooms().forEach(target, null, session -> {
                if (session.isConnected()) {
                    asked.put(session.id(), session);
                    ask(session, message);
                }
            });
            scope.context().workers().execute(() -> listener.asked(asked.keySet()));
        });
    }

    private void ask(LocalSession session, OutboundMessage message) {
        synchronized (this) {
            if (stopped) {
                return;
            }
            open.put(session.id(), session);
        }
        if (!session.expect(ackId, this) || !scope.fanout().deliver(session, message)) {
            session.forget(ackId);
            scope.context().workers().handlers().execute(() -> lost(session));
        }
    }

    @Override
    public void answered(LocalSession session, Packet packet) {
        if (close(session)) {
            listener.answered(session, packet);
        }
    }

    @Override
    public void lost(LocalSession session) {
        if (close(session)) {
            listener.lost(session);
        }
    }

    private synchronized boolean close(LocalSession session) {
        return open.remove(session.id()) != null;
    }

    /** Waits for nobody any longer; nothing is reported afterwards. */
    void stop() {
        Map<String, LocalSession> silent;
        synchronized (this) {
            stopped = true;
            silent = new HashMap<>(open);
            open.clear();
        }
        silent.values().forEach(session -> session.forget(ackId));
    }
}
