package dev.realtime.internal.session;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes of one session's record: one at a time, and no faster than a {@linkplain RecordWriteRate rate}. Changes that come meanwhile share the
 * next write.
 *
 * <p>A write that fails is tried again a few times, then logged. The session goes on here, but cannot be resumed elsewhere with that change. A write
 * that is refused because the session has been claimed since is another matter: the session goes on with what the claim found, and nobody may be told
 * of the change. Thread-safe.
 */
final class RecordWriter {
    private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);

    /** How often a write is tried that the store does not answer. */
    private static final int ATTEMPTS = 3;
    /** The time between two attempts. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final SessionStore store;
    private final BoundedLog lines;
    private final RecordWriteRate rate;
    private final Time time;
    private final BooleanSupplier alone;
    private final Duration timeToLive;
    private final Supplier<SessionRecord> snapshot;
    private final Supplier<CompletionStage<Boolean>> writeRefused;
    private final Runnable untold;
    private final CompletableFuture<Void> afterEnd = new CompletableFuture<>();
    // guarded by this
    private @Nullable CompletableFuture<Void> writing;
    private @Nullable CompletableFuture<Void> next;
    private CompletableFuture<Void> flight = CompletableFuture.completedFuture(null); // of one write
    private boolean begun;
    private boolean due; // a write has its turn, but waits for its time: it takes along what still changes
    private boolean ended;
    private boolean failed; // the latest write: the store does not have what it was to have

    /**
     * @param alone whether the backend is known to be away: nobody waits for it then
     * @param writeRefused called when a claim was faster; completes with whether the session is still this node's, and what it has become by the claim is
     *     in the snapshot then
     * @param untold called when the session may go on here although its client will not be told of what it asked for
     */
    RecordWriter(
            SessionStore store,
            Time time,
            BooleanSupplier alone,
            Duration timeToLive,
            Supplier<SessionRecord> snapshot,
            Supplier<CompletionStage<Boolean>> writeRefused,
            Runnable untold,
            BoundedLog lines,
            RecordWriteRate rate) {
        this.store = store;
        this.rate = rate;
        this.lines = lines;
        this.time = time;
        this.alone = alone;
        this.timeToLive = timeToLive;
        this.snapshot = snapshot;
        this.writeRefused = writeRefused;
        this.untold = untold;
    }

    /** The session has changed. */
    void changed() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (ended) {
                return;
            }
            if (!begun || writing != null) {
                if (next == null && !due) {
                    next = new CompletableFuture<>();
                }
                return;
            }
            mine = new CompletableFuture<>();
            writing = mine;
            due = true;
        }
        write(mine);
    }

    /** The session begins, or came with its record: from now on it is written. What has changed before is written now. */
    void begin() {
        CompletableFuture<Void> first;
        synchronized (this) {
            begun = true;
            first = ended ? null : next;
            writing = first;
            due = first != null;
            next = null;
        }
        if (first != null) {
            write(first);
        }
    }

    private void write(CompletableFuture<Void> current) {
        rate.run(() -> {
            synchronized (this) {
                due = false; // from here on a change may come too late for the snapshot
            }
            write(current, ATTEMPTS);
        });
    }

    private void write(CompletableFuture<Void> current, int attempts) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletionStage<?> saving;
        try {
            SessionRecord latest = snapshot.get();
            synchronized (this) {
                if (ended) { // asked last: what is recorded is how the session was, not how it ends
                    follow(current, afterEnd);
                    return;
                }
                flight = mine;
            }
            saving = store.save(latest, timeToLive);
        } catch (RuntimeException | Error e) {
            saving = CompletableFuture.failedFuture(e);
        }
        saving.whenComplete((saved, failure) -> {
            mine.complete(null);
            Throwable cause = cause(failure);
            if (cause != null
                    && !(cause instanceof SessionStore.FencedException)
                    && attempts > 1
                    && !alone.getAsBoolean()) {
                // it may have been claimed meanwhile: what is not known to be stored is not said to be
                time.schedule(PAUSE, () -> write(current, attempts - 1));
                return;
            }
            if (cause instanceof SessionStore.FencedException) {
                var unused = writeRefused.get().whenComplete((ours, unanswered) -> {
                    if (unanswered == null && ours && attempts > 1) {
                        write(current, attempts - 1); // with the fence of that claim: the store has not taken this one
                        return;
                    }
                    if (unanswered != null || ours) {
                        untold.run();
                    }
                    written(current, cause); // the claim is certain, if not whose it is
                });
                return;
            }
            synchronized (this) {
                failed = cause != null;
            }
            if (cause != null) {
                lines.warn(LOG, "", "a session record could not be written; the session goes on here", cause);
            }
            written(current, null);
        });
    }

    /** @param refused why the session is another's; null when it has been written, or could not be */
    private void written(CompletableFuture<Void> current, @Nullable Throwable refused) {
        CompletableFuture<Void> following;
        synchronized (this) {
            following = ended ? null : next;
            writing = following;
            due = following != null;
            next = null;
        }
        if (refused == null) {
            current.complete(null);
        } else {
            current.completeExceptionally(refused);
        }
        if (following != null) {
            write(following);
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * Completes when everything up to now has been written, or could not be; with a {@link SessionStore.FencedException} when the session
     * has been claimed since.
     */
    synchronized CompletionStage<Void> recorded() {
        if (ended) {
            return afterEnd;
        }
        if (next != null) {
            return next;
        }
        return writing != null ? writing : CompletableFuture.completedFuture(null);
    }

    /**
     * What has become of the session is known: changes that were never written, and those that came after the end, have gone with it.
     *
     * @param takenOver the record as it was here when the session goes on elsewhere; null when it has ended
     */
    void ended(@Nullable SessionRecord takenOver) {
        if (takenOver == null) {
            afterEnd.complete(null);
        } else {
            afterEnd.completeExceptionally(
                    new SessionStore.FencedException(takenOver.home().fence()));
        }
    }

    /** Whether a change could not be written, and none has been since. */
    synchronized boolean hasFailed() {
        return failed;
    }

    /** Completes, never exceptionally, when no write of anything up to now is under way. */
    CompletionStage<Void> settled() {
        return settled(recorded());
    }

    private static void follow(CompletableFuture<Void> follower, CompletableFuture<Void> leader) {
        var unused = leader.whenComplete((done, elsewhere) -> {
            if (elsewhere == null) {
                follower.complete(null);
            } else {
                follower.completeExceptionally(elsewhere);
            }
        });
    }

    private static CompletionStage<Void> settled(CompletionStage<Void> written) {
        return written.exceptionally(writeRefused -> null);
    }

    /** Writes nothing any more; a write in flight is followed by nothing. */
    CompletionStage<Void> end() {
        CompletableFuture<Void> skipped;
        CompletableFuture<Void> last;
        synchronized (this) {
            ended = true;
            skipped = next;
            next = null;
            last = flight;
        }
        if (skipped != null) {
            follow(skipped, afterEnd);
        }
        return last;
    }
}
