package dev.realtime.internal.session;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.socketio.Packet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The questions that a session has asked its client, and that have no answer yet. Each ends once: answered, or lost. Thread-safe.
 *
 * <p>What becomes of a question is told on the executor of the session's answers, never in the caller's thread.
 */
public final class PendingAcks {

    /** Whoever asked. */
    public interface Asker {
        void answered(LocalSession session, Packet answer);

        void lost(LocalSession session);
    }

    private final LocalSession session;
    private final AttachedConnection connection;
    private final SessionInbox inbox;
    private final int limit;
    private final Counters counters;
    private @Nullable Map<Long, Asker> askers; // guarded by this; null until the first question

    /** @param limit questions that may be open at a time */
    PendingAcks(LocalSession session, AttachedConnection connection, SessionInbox inbox, int limit, Counters counters) {
        this.session = session;
        this.connection = connection;
        this.inbox = inbox;
        this.limit = limit;
        this.counters = counters;
    }

    /** Remembers a question. Returns false when too many are open. */
    synchronized boolean expect(long id, Asker asker) {
        if (askers == null) {
            askers = new HashMap<>(4);
        }
        if (askers.size() >= limit) {
            return false;
        }
        askers.put(id, asker);
        return true;
    }

    /** Forgets a question whose answer nobody waits for any more. */
    public void forget(long id) {
        take(id);
    }

    private synchronized @Nullable Asker take(long id) {
        return askers == null ? null : askers.remove(id);
    }

    synchronized List<Asker> takeAll() {
        if (askers == null) {
            return List.of();
        }
        List<Asker> all = new ArrayList<>(askers.values());
        askers = null;
        return all;
    }

    /** Hands an answer of the client to whoever asked. One that nobody waits for is counted and ignored. */
    public void answered(SessionConnection from, Packet packet) {
        Asker asker = take(packet.ackId());
        if (asker == null) {
            counters.count(Counters.Name.ACKS_UNEXPECTED);
            return;
        }
        long cost = Backlog.cost(packet);
        if (inbox.arrives(from, cost)) {
            connection.answers().execute(() -> {
                try {
                    asker.answered(session, packet);
                } finally {
                    inbox.handled(cost);
                }
            });
        }
    }

    /** Tells those who asked that there will be no answer. */
    void lose(List<Asker> unanswered) {
        if (!unanswered.isEmpty()) {
            connection.answers().execute(() -> unanswered.forEach(asker -> asker.lost(session)));
        }
    }
}
