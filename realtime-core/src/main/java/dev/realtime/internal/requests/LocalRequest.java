package dev.realtime.internal.requests;

import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.PendingAcks;
import dev.realtime.internal.socketio.Packet;
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

    private final long ackId;
    private final Listener listener;
    private final Map<String, LocalSession> open = new HashMap<>(); // guarded by this
    private boolean stopped; // guarded by this

    LocalRequest(long ackId, Listener listener) {
        this.ackId = ackId;
        this.listener = listener;
    }

    /** Takes note of a session that is about to be asked. Returns false when nobody waits any more. */
    synchronized boolean begin(LocalSession session) {
        if (!stopped) {
            open.put(session.id(), session);
        }
        return !stopped;
    }

    /** Waits for the client's answer. Returns false when it is not there, or too many questions to it are open. */
    boolean expect(LocalSession session) {
        boolean expected = session.lifecycle().expect(ackId, this);
        if (expected && isStopped()) { // meanwhile, and it may have been forgotten before it was expected
            forget(session);
        }
        return expected;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    void forget(LocalSession session) {
        session.acks().forget(ackId);
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
        silent.values().forEach(this::forget);
    }
}
