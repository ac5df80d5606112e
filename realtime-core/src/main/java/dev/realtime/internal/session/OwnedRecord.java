package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of a session in the store, as the session's home sees it. It is written when the session changes and given up when it ends, and it says
 * whose the session is.
 */
final class OwnedRecord {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedRecord.class);

    private final SessionStore store;
    private final Time time;
    private final long window;
    private final long timeToLive;
    private final Supplier<SessionRecord> snapshot;
    private final Consumer<Home> claimed;
    private final RecordWriter writer;
    private final BoundedLog lines;
    private final EndedSessions ends;
    private volatile long writtenAt; // or later: at the latest change
    private volatile @Nullable Home removed;

    /** Whose a session is that is to end here. */
    enum Fate {
        OURS,
        UNKNOWN,
        /** Another node has claimed it, or had it. */
        ELSEWHERE,
        /** A server of another kind has it: the end of it here. */
        FOREIGN,
        /** This node has claimed it again: its client is coming back, or was about to. */
        RETURNING
    }

    /**
     * @param window of recovery
     * @param timeToLive of a record that has just been written
     * @param snapshot the session as it is now
     * @param claimed told when the store says that this node has claimed the session once more, for the copy that it has
     */
    OwnedRecord(
            SessionStore store,
            Time time,
            Duration window,
            Duration timeToLive,
            Supplier<SessionRecord> snapshot,
            Consumer<Home> claimed,
            RecordWriter writer,
            BoundedLog lines,
            EndedSessions ends) {
        this.store = store;
        this.time = time;
        this.window = window.toNanos();
        this.timeToLive = timeToLive.toNanos();
        this.writtenAt = time.nanoTime() - this.timeToLive; // so far it is nowhere
        this.snapshot = snapshot;
        this.claimed = claimed;
        this.writer = writer;
        this.lines = lines;
        this.ends = ends;
    }

    /** The session has begun, here or elsewhere: the record is written when it changes, and not before. */
    void begin() {
        writer.begin();
    }

    /** The session never begins: there is no record of it. */
    void discard() {
        writer.end();
        writer.ended(null);
    }

    /** Writes the record, since the session has changed. */
    void changed() {
        writtenAt = time.nanoTime();
        writer.changed();
    }

    /** Writes the record again before the store may forget it. To be called more often than twice a window. */
    void keep() {
        if (time.nanoTime() - writtenAt > window / 2) {
            changed();
        }
    }

    /**
     * The store has the record as the session is now, or a change is being written.
     *
     * @param until how long the store keeps it, on the clock of {@link Time#nanoTime()}
     */
    void isStored(long until) {
        writtenAt = until - timeToLive;
    }

    /** The session goes on behind a claim, and is what it was but for its home: the claim has told the store of that. */
    void resumed() {
        if (writer.hasFailed()) {
            changed();
        } else {
            keep();
        }
    }

    /** See {@link RecordWriter#recorded()}. */
    CompletionStage<Void> recorded() {
        return writer.recorded();
    }

    /** Removes the record of a session whose window is over, if it is still this node's. */
    CompletionStage<Fate> release() {
        SessionRecord mine = snapshot.get();
        removed = mine.home();
        return writer.settled()
                .thenCompose(written -> store.remove(mine.privateId(), mine.home()))
                .thenApply(removal -> isStill(mine, removal.holder()) ? Fate.RETURNING : fate(removal));
    }

    /** Whose the record was that was removed. */
    @Nullable
    Home removedAt() {
        return removed;
    }

    private static Fate fate(SessionStore.Removal removal) {
        return switch (removal.outcome()) {
            case REMOVED, FORGOTTEN -> Fate.OURS;
            case FOREIGN -> Fate.FOREIGN;
            case ELSEWHERE -> Fate.ELSEWHERE;
        };
    }

    /**
     * Whose the session is by now: {@link Fate#RETURNING} if it is still that of this copy, {@link Fate#ELSEWHERE} if another copy comes or has come
     * in its place here, {@link Fate#UNKNOWN} in any other case.
     */
    CompletionStage<Fate> whose() {
        SessionRecord mine = snapshot.get();
        return store.find(mine.privateId()).thenApply(found -> {
            Home holder = found.map(SessionRecord::home).orElse(null);
            if (isStill(mine, holder)) {
                return Fate.RETURNING;
            }
            return isHere(mine, holder) ? Fate.ELSEWHERE : Fate.UNKNOWN;
        });
    }

    private static boolean isHere(SessionRecord mine, @Nullable Home holder) {
        return holder != null && holder.node().equals(mine.home().node());
    }

    /** Whether nobody but this node has claimed the session since: then this copy is the one that was claimed. */
    private boolean isStill(SessionRecord mine, @Nullable Home holder) {
        boolean still = holder != null && holder.isThatOf(mine.home());
        if (still) {
            claimed.accept(holder);
        }
        return still;
    }

    /**
     * The session has ended here. Whoever takes it over needs the record; in any other case nobody may resume it.
     *
     * @return completes, never exceptionally, with {@link Fate#OURS} when the session has ended with that, {@link Fate#ELSEWHERE} when
     *     the claim of another node was faster, {@link Fate#UNKNOWN} when the store does not say and too many wait for it
     */
    CompletionStage<Fate> end(DisconnectReason reason) {
        SessionRecord mine = snapshot.get();
        CompletionStage<Void> written = writer.end();
        return ended(mine, fate(reason, mine, written));
    }

    /** The session ends here, and the record does not name this node: the store says whose it is. */
    CompletionStage<Fate> endUnknown() {
        SessionRecord mine = snapshot.get();
        CompletionStage<Void> written = writer.end();
        return ended(mine, asked(mine, written));
    }

    /** The session ends here, since a server of another kind has had it. */
    CompletionStage<Fate> endForeign() {
        SessionRecord mine = snapshot.get();
        var unused = writer.end();
        return ended(mine, CompletableFuture.completedFuture(Fate.FOREIGN));
    }

    private CompletionStage<Fate> ended(SessionRecord mine, CompletionStage<Fate> fate) {
        fate.thenAccept(known -> writer.ended(known == Fate.ELSEWHERE || known == Fate.FOREIGN ? mine : null));
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
        return written.thenCompose(done -> ends.untilAnswered(() -> remove(mine, claim(mine))))
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

    /** Who did not hear that the removal was done asks again with the claim by which it was. */
    private Home claim(SessionRecord mine) {
        Home last = removed;
        return last != null && last.fence() > mine.home().fence() ? last : mine.home();
    }

    /**
     * Only who has had the session elsewhere may say of its end; a store that knows nothing of it has lost it, and nobody else will. A claim of
     * this node itself is of a client that comes too late.
     */
    private CompletionStage<Fate> remove(SessionRecord mine, Home home) {
        removed = home;
        return store.remove(mine.privateId(), home).thenCompose(removal -> {
            Home holder = removal.holder();
            return holder != null && isHere(mine, holder)
                    ? remove(mine, holder)
                    : CompletableFuture.completedFuture(fate(removal));
        });
    }
}
