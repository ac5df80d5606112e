package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
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
    private final BoundedLog lines;
    private final EndedSessions ends;
    private volatile long removed; // with this fence

    /** Whose a session is that is to end here. */
    enum Fate {
        OURS,
        UNKNOWN,
        /** Another node has claimed it, or had it. */
        ELSEWHERE,
        /** A server of another kind has it: the end of it here. */
        FOREIGN,
        /** This node has claimed it again just now. */
        RETURNING
    }

    /**
     * @param alone whether the backend is known to be away
     * @param fenced called when a write was refused because the session has been claimed since; see {@link Recorder}
     */
    HomeRecord(
            SessionStore store,
            Time time,
            BooleanSupplier alone,
            Duration timeToLive,
            Supplier<SessionRecord> snapshot,
            Supplier<CompletionStage<Boolean>> fenced,
            BoundedLog lines,
            RecordPace pace,
            EndedSessions ends) {
        this.store = store;
        this.lines = lines;
        this.ends = ends;
        this.snapshot = snapshot;
        this.recorder = new Recorder(store, time, alone, timeToLive, snapshot, fenced, lines, pace);
    }

    void changed() {
        recorder.changed();
    }

    /** See {@link Recorder#recorded()}. */
    CompletionStage<Void> recorded() {
        return recorder.recorded();
    }

    /** Removes the record of a session whose window is over, if it is still this node's. */
    CompletionStage<Fate> release() {
        SessionRecord mine = snapshot.get();
        removed = mine.fence();
        return recorder.settled()
                .thenCompose(written -> store.remove(mine.privateId(), mine.fence()))
                .thenCompose(removal -> removal == SessionStore.Removal.ELSEWHERE
                        ? store.find(mine.privateId())
                                .thenApply(found -> isOf(mine.node(), found) ? Fate.RETURNING : Fate.ELSEWHERE)
                        : CompletableFuture.completedFuture(fate(removal)));
    }

    /** The fence with which the record was removed. */
    long removedWith() {
        return removed;
    }

    private static Fate fate(SessionStore.Removal removal) {
        return switch (removal) {
            case REMOVED, FORGOTTEN -> Fate.OURS;
            case FOREIGN -> Fate.FOREIGN;
            case ELSEWHERE -> Fate.ELSEWHERE;
        };
    }

    /** Whether the record names this node. */
    CompletionStage<Boolean> isHere() {
        SessionRecord mine = snapshot.get();
        return recorder.settled()
                .thenCompose(written -> store.find(mine.privateId()))
                .thenApply(found -> isOf(mine.node(), found));
    }

    private static boolean isOf(String node, Optional<SessionRecord> found) {
        return found.filter(session -> session.node().equals(node)).isPresent();
    }

    /**
     * The session has ended here. Whoever takes it over needs the record; in any other case nobody may resume it.
     *
     * @return completes, never exceptionally, with {@link Fate#OURS} when the session has ended with that, {@link Fate#ELSEWHERE} when
     *     the claim of another node was faster, {@link Fate#UNKNOWN} when the store does not say and too many wait for it
     */
    CompletionStage<Fate> end(DisconnectReason reason) {
        SessionRecord mine = snapshot.get();
        CompletionStage<Void> written = recorder.end();
        return ended(mine, fate(reason, mine, written));
    }

    /** The session ends here, and the record does not name this node: the store says whose it is. */
    CompletionStage<Fate> endUnknown() {
        SessionRecord mine = snapshot.get();
        CompletionStage<Void> written = recorder.end();
        return ended(mine, asked(mine, written));
    }

    /** The session ends here, since a server of another kind has had it. */
    CompletionStage<Fate> endForeign() {
        SessionRecord mine = snapshot.get();
        var unused = recorder.end();
        return ended(mine, CompletableFuture.completedFuture(Fate.FOREIGN));
    }

    private CompletionStage<Fate> ended(SessionRecord mine, CompletionStage<Fate> fate) {
        fate.thenAccept(known -> recorder.ended(known == Fate.ELSEWHERE || known == Fate.FOREIGN ? mine : null));
        return fate;
    }

    private CompletionStage<Fate> fate(DisconnectReason reason, SessionRecord mine, CompletionStage<Void> written) {
        if (reason == DisconnectReason.SERVER_STOPPING || reason == DisconnectReason.TAKEN_OVER) {
            return CompletableFuture.completedFuture(
                    reason == DisconnectReason.TAKEN_OVER ? Fate.ELSEWHERE : Fate.OURS);
        }
        return asked(mine, written);
    }

    private CompletionStage<Fate> asked(SessionRecord mine, CompletionStage<Void> written) {
        return written.thenCompose(done -> ends.untilAnswered(() -> remove(mine, mine.fence())))
                .handle((known, failure) -> {
                    if (failure != null) {
                        lines.warn(
                                LOG,
                                "",
                                "the record of session {} could not be removed; it expires",
                                mine.sessionId(),
                                failure);
                        return Fate.UNKNOWN;
                    }
                    return known;
                });
    }

    /**
     * Only who has had the session elsewhere may say of its end; a store that knows nothing of it has lost it, and nobody else will. A claim of
     * this node itself is of a client that comes too late.
     */
    private CompletionStage<Fate> remove(SessionRecord mine, long fence) {
        removed = fence;
        return store.remove(mine.privateId(), fence)
                .thenCompose(removal -> removal == SessionStore.Removal.ELSEWHERE
                        ? store.find(mine.privateId())
                                .thenCompose(found -> isOf(mine.node(), found)
                                        ? remove(mine, found.get().fence())
                                        : CompletableFuture.completedFuture(Fate.ELSEWHERE))
                        : CompletableFuture.completedFuture(fate(removal)));
    }
}
