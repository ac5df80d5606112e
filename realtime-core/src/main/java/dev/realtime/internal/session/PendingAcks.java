package dev.realtime.internal.session;

import dev.realtime.internal.socketio.Packet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session has asked its client and not been told yet. Each question ends once: answered, or lost. */
public final class PendingAcks {

    /** Who asked. */
    public interface Asker {
        void answered(LocalSession session, Packet answer);

        void lost(LocalSession session);
    }

    private final int limit;
    private final Map<Long, Asker> askers = new HashMap<>(4); // guarded by this

    PendingAcks(int limit) {
        this.limit = limit;
    }

    /** False when too many questions are open. */
    synchronized boolean expect(long id, Asker asker) {
        if (askers.size() >= limit) {
            return false;
        }
        askers.put(id, asker);
        return true;
    }

    synchronized @Nullable Asker take(long id) {
        return askers.remove(id);
    }

    synchronized List<Asker> takeAll() {
        List<Asker> all = new ArrayList<>(askers.values());
        askers.clear();
        return all;
    }
}
