package dev.realtime.internal.session;

import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a session's record whenever it changes: one write at a time, and changes that come meanwhile share the next one. A write that
 * fails is logged and the session goes on here; it can then not be resumed elsewhere with that change. A write that is refused because the
 * session has been claimed since is another matter: the session goes on with what the claim found, and nobody may be told of the change.
 */
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    private final SessionStore store;
    private final Duration timeToLive;
    private final Supplier<SessionRecord> snapshot;
    private final Supplier<CompletionStage<Boolean>> fenced;
    // guarded by this
    private @Nullable CompletableFuture<Void> writing;
    private @Nullable CompletableFuture<Void> next;
    private boolean ended;
    private boolean stored; // some time, if only in an older version

    /**
     * @param stored whether the record is in the store already
     * @param fenced called when a claim was faster; completes, never exceptionally, with whether the session is still this node's
     */
    Recorder(
            SessionStore store,
            Duration timeToLive,
            boolean stored,
            Supplier<SessionRecord> snapshot,
            Supplier<CompletionStage<Boolean>> fenced) {
        this.store = store;
        this.timeToLive = timeToLive;
        this.stored = stored;
        this.snapshot = snapshot;
        this.fenced = fenced;
    }

    /** The session has changed. */
    void changed() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (ended) {
                return;
            }
            if (writing != null) {
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                return;
            }
            mine = new CompletableFuture<>();
            writing = mine;
        }
        write(mine);
    }

    private void write(CompletableFuture<Void> current) {
        SessionRecord latest = snapshot.get();
        if (hasEnded()) { // asked last: what is recorded is how the session was, not how it ends
            current.complete(null);
            return;
        }
        store.save(latest, timeToLive).whenComplete((saved, failure) -> {
            Throwable cause = cause(failure);
            CompletableFuture<Void> following;
            synchronized (this) {
                stored |= failure == null;
                following = ended ? null : next;
                writing = following;
                next = null;
            }
            if (cause instanceof SessionStore.FencedException) {
                var unused = fenced.get().thenAccept(ours -> {
                    if (ours) {
                        current.complete(null);
                    } else {
                        current.completeExceptionally(cause);
                    }
                });
            } else {
                current.complete(null);
                if (cause != null) {
                    LOG.warn("a session record could not be written; the session goes on here", cause);
                }
            }
            if (following != null) {
                write(following);
            }
        });
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    /** Whether the store has had the record; otherwise nobody else can know of the session. */
    synchronized boolean hasWritten() {
        return stored;
    }

    /**
     * Completes when everything up to now has been written, or could not be; with a {@link SessionStore.FencedException} when the session
     * has been claimed since.
     */
    synchronized CompletionStage<Void> recorded() {
        if (next != null) {
            return next;
        }
        return writing != null ? writing : CompletableFuture.completedFuture(null);
    }

    /** Completes, never exceptionally, when no write of anything up to now is under way. */
    CompletionStage<Void> settled() {
        return settled(recorded());
    }

    private static CompletionStage<Void> settled(CompletionStage<Void> written) {
        return written.exceptionally(fenced -> null);
    }

    /** Writes nothing any more; a write in flight is followed by nothing. */
    CompletionStage<Void> end() {
        CompletableFuture<Void> skipped;
        CompletionStage<Void> last;
        synchronized (this) {
            ended = true;
            skipped = next;
            next = null;
            last = writing != null ? writing : CompletableFuture.completedFuture(null);
        }
        if (skipped != null) {
            skipped.complete(null);
        }
        return settled(last);
    }
}
