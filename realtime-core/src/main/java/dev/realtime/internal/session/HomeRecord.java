package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's record in the store, as its home sees it: written when the session changes, given up when it ends, and the answer to whose
 * the session is.
 */
final class HomeRecord {
    private static final Logger LOG = LoggerFactory.getLogger(HomeRecord.class);

    private final SessionStore store;
    private final Supplier<SessionRecord> snapshot;
    private final Recorder recorder;

    /** Whose a session is whose window is over. */
    enum Fate {
        OURS,
        /** Another node has claimed it, or had it. */
        ELSEWHERE,
        /** This node has claimed it again just now. */
        RETURNING
    }

    /** @param fenced called when a write was refused because the session has been claimed since */
    HomeRecord(SessionStore store, Duration timeToLive, Supplier<SessionRecord> snapshot, Runnable fenced) {
        this.store = store;
        this.snapshot = snapshot;
        this.recorder = new Recorder(store, timeToLive, snapshot, fenced);
    }

    void changed() {
        recorder.changed();
    }

    /** Completes when everything up to now has been written, or could not be. */
    CompletionStage<Void> recorded() {
        return recorder.recorded();
    }

    /** Removes the record of a session whose window is over, if it is still this node's. */
    CompletionStage<Fate> release() {
        SessionRecord mine = snapshot.get();
        return recorder.recorded()
                .thenCompose(written -> store.remove(mine.privateId(), mine.fence()))
                .thenCompose(removed -> removed
                        ? CompletableFuture.completedFuture(Fate.OURS)
                        : store.find(mine.privateId())
                                .thenApply(found -> isOf(mine.node(), found) ? Fate.RETURNING : Fate.ELSEWHERE));
    }

    /** Whether the record names this node. */
    CompletionStage<Boolean> isHere() {
        SessionRecord mine = snapshot.get();
        return recorder.recorded()
                .thenCompose(written -> store.find(mine.privateId()))
                .thenApply(found -> isOf(mine.node(), found));
    }

    private static boolean isOf(String node, Optional<SessionRecord> found) {
        return found.filter(session -> session.node().equals(node)).isPresent();
    }

    /** The session has ended. Whoever takes it over needs the record; in any other case nobody may resume it. */
    void end(DisconnectReason reason) {
        SessionRecord mine = snapshot.get();
        CompletionStage<Void> written = recorder.end();
        if (reason == DisconnectReason.SERVER_STOPPING || reason == DisconnectReason.TAKEN_OVER) {
            return;
        }
        written.thenCompose(done -> store.remove(mine.privateId(), mine.fence()))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "the record of session {} could not be removed; it expires", mine.sessionId(), failure);
                    }
                });
    }
}
