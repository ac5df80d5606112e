package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The questions that a session has asked its client, and that have no answer yet. Each ends once: answered, or lost. Thread-safe.
 *
 * <p>What becomes of a question is told on the executor of the session's answers, never in the caller's thread.
 */
public final class PendingAcks {
    private static final Logger LOG = LoggerFactory.getLogger(PendingAcks.class);

    /** Questions of a session whose answers are welcome though they are late. */
    private static final int OVERDUE = 8;

    /** Whoever asked. */
    public interface Asker {
        void answered(LocalSession session, Packet answer);

        void lost(LocalSession session);
    }

    private final LocalSession session;
    private final AttachedConnection connection;
    private final SessionInbox inbox;
    private final SessionRates rates;
    private final int limit;
    private final Counters counters;
    private final BoundedLog lines;
    // guarded by this
    private @Nullable Map<Long, Asker> askers; // null until the first question
    private final Set<Long> overdue = new LinkedHashSet<>(0); // those among them that do not count, the oldest first
    private int late; // answers that may still come, though nobody waits for them

    /** @param limit questions that may be open at a time */
    PendingAcks(
            LocalSession session,
            AttachedConnection connection,
            SessionInbox inbox,
            SessionRates rates,
            int limit,
            Counters counters,
            BoundedLog lines) {
        this.session = session;
        this.connection = connection;
        this.inbox = inbox;
        this.rates = rates;
        this.limit = limit;
        this.counters = counters;
        this.lines = lines;
    }

    /** Remembers a question. Returns false when too many are open. */
    synchronized boolean expect(long id, Asker asker) {
        if (askers == null) {
            askers = new HashMap<>(4);
        }
        if (askers.size() - overdue.size() >= limit) {
            return false;
        }
        askers.put(id, asker);
        return true;
    }

    /** Forgets a question whose answer nobody waits for any more. */
    public synchronized void forget(long id) {
        if (take(id) != null) {
            late = Math.min(late + 1, limit);
        }
    }

    /** Nobody waits for an answer any more, but whoever asked hears of it if it is one of the last few. */
    synchronized void overdue(long id) {
        if (askers == null || !askers.containsKey(id)) {
            return;
        }
        overdue.add(id);
        if (overdue.size() > OVERDUE) {
            forget(overdue.iterator().next());
        }
    }

    private synchronized @Nullable Asker take(long id) {
        overdue.remove(id);
        return askers == null ? null : askers.remove(id);
    }

    synchronized List<Asker> takeAll() {
        if (askers == null) {
            return List.of();
        }
        List<Asker> all = new ArrayList<>(askers.values());
        askers = null;
        overdue.clear();
        late = Math.min(late + all.size(), limit);
        return all;
    }

    /** Hands an answer of the client to whoever asked. One that nobody waits for is counted and ignored, up to a rate if nobody ever asked. */
    public void answered(SessionConnection from, Packet packet) {
        Asker asker = take(packet.ackId());
        if (asker == null) {
            counters.count(Counters.Name.ACKS_UNEXPECTED);
            if (!isLate() && rates.admitUnexpectedAck() != null) {
                flooded();
            }
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

    private synchronized boolean isLate() {
        if (late == 0) {
            return false;
        }
        late--;
        return true;
    }

    private void flooded() {
        lines.info(
                LOG,
                AddressKey.of(session.remoteAddress()),
                "session {} of user {} has answered too often what nobody asked, and is closed",
                session.id(),
                session.principal().id());
        session.closing().close(DisconnectReason.FLOOD);
    }

    /** Tells those who asked that there will be no answer. */
    void lose(List<Asker> unanswered) {
        if (!unanswered.isEmpty()) {
            connection.answers().execute(() -> unanswered.forEach(asker -> asker.lost(session)));
        }
    }
}
