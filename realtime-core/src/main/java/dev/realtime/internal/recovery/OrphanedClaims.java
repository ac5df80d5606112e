package dev.realtime.internal.recovery;

import dev.realtime.internal.session.EndedSessions;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A claim whose answer did not come may have been granted: the record then names this node, which has no copy, and nobody would ever end
 * the session. So the store is asked again until it says, and what is this node's comes home.
 */
public final class OrphanedClaims {
    private final NamespaceRecovery recovery;
    private final EndedSessions ended;
    private final SessionStore store;
    private final String node;
    private final Set<String> suspected = ConcurrentHashMap.newKeySet();

    OrphanedClaims(NamespaceRecovery recovery, EndedSessions ended, SessionStore store, String node) {
        this.recovery = recovery;
        this.ended = ended;
        this.store = store;
        this.node = node;
    }

    /** Whether there may be some. */
    boolean any() {
        return !suspected.isEmpty();
    }

    /** A session may have been claimed by this node, and nobody here goes on with it. */
    public void mayBe(String privateId) {
        if (suspected.add(privateId)) {
            ended.untilClaimAnswered(() -> store.find(privateId)).whenComplete((found, unanswered) -> {
                suspected.remove(privateId);
                if (unanswered == null) {
                    bringHome(found);
                }
            });
        }
    }

    private void bringHome(Optional<SessionRecord> found) {
        found.filter(session -> session.home().node().equals(node))
                .filter(session -> session.namespace().equals(recovery.scope().namespace()))
                .ifPresent(session -> recovery.adopt(session, node));
    }
}
