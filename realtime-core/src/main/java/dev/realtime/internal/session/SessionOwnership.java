package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.spi.Home;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Whose a session is, and what becomes of the copy here. Claims say so, and the session store: it is asked when the window of a suspended session is
 * over, and when a write of its record was refused because somebody has claimed the session. Thread-safe.
 */
public final class SessionOwnership {
    private static final long NOT = -1;

    private final LocalSession session; // also the lock
    private final SessionState state;
    private final SuspensionWindow window;
    private final SessionHome home; // guarded by the lock
    private final SessionClosing closing;
    private final @Nullable OwnedRecord record;
    private final Duration returning;
    private final Duration unanswered;
    private long removing = NOT; // the claim whose record is being removed, or may have been; guarded by the lock
    private boolean leaving; // guarded by the lock

    /**
     * @param record null without recovery
     * @param returning how long a client that is being let in again may take
     * @param unanswered before a store that did not answer is asked again
     */
    SessionOwnership(
            LocalSession session,
            SessionState state,
            SuspensionWindow window,
            SessionHome home,
            SessionClosing closing,
            @Nullable OwnedRecord record,
            Duration returning,
            Duration unanswered) {
        this.session = session;
        this.state = state;
        this.window = window;
        this.home = home;
        this.closing = closing;
        this.record = record;
        this.returning = returning;
        this.unanswered = unanswered;
    }

    // ---- claims

    /** Whether the session has been elsewhere since this copy was made. */
    public boolean isOutdated(Home claim) {
        synchronized (session) {
            return home.isOutdated(claim);
        }
    }

    /** Takes note that this node has claimed the session once more, for the copy that it has. */
    public void claimed(Home claim) {
        synchronized (session) {
            home.claimed(claim);
        }
    }

    /** Ends this copy, because another node has claimed the session: only the {@code onMoved} listeners hear of it. */
    public void movedAway(long fence) {
        synchronized (session) {
            if (!home.isBefore(fence)) {
                return; // it came back since
            }
        }
        closing.close(DisconnectReason.TAKEN_OVER);
    }

    /** Ends this copy, because the session has been at a server of another kind since. */
    public void wasForeign() {
        closing.close(DisconnectReason.TAKEN_OVER, () -> {}, OwnedRecord::endForeign);
    }

    /**
     * Ends this copy, because the node stops. A session whose record is being removed since its window is over may have no record any more, by which
     * somebody else could take it over: it ends here, unless it turns out to have been claimed.
     */
    public void leave(DisconnectReason reason) {
        boolean mayBeRemoved;
        synchronized (session) {
            leaving = true;
            mayBeRemoved = state.isSuspended() && removing == home.get().fence();
        }
        closing.close(mayBeRemoved ? DisconnectReason.WINDOW_OVER : reason);
    }

    /** The fence of the latest claim that this copy knows of. */
    public long fence() {
        synchronized (session) {
            return home.get().fence();
        }
    }

    /** The latest claim that this copy knows of. Under the lock. */
    Home home() {
        return home.get();
    }

    // ---- what the store says

    /** The window may be over: the session ends unless its client is just coming back, here or at another node. */
    void windowOver() {
        synchronized (session) {
            if (!state.isSuspended() || !window.isOver() || leaving) {
                return;
            }
            removing = home.get().fence();
        }
        if (record == null) {
            closing.closeSuspended(DisconnectReason.WINDOW_OVER);
            return;
        }
        record.release().whenComplete((fate, failure) -> {
            switch (failure == null ? fate : OwnedRecord.Fate.UNKNOWN) {
                case OURS -> closing.closeSuspended(DisconnectReason.WINDOW_OVER);
                case ELSEWHERE -> closing.closeSuspended(DisconnectReason.TAKEN_OVER);
                case FOREIGN -> closeUnowned();
                case RETURNING -> waitAnother(returning);
                case UNKNOWN -> waitAnother(unanswered); // another node may have it
            }
        });
    }

    /** Waits longer: the client is about to be let in here, or nobody knows whether it went elsewhere. */
    private void waitAnother(Duration time) {
        synchronized (session) {
            if (state.isSuspended()) {
                window.openFor(time);
            }
        }
    }

    /**
     * A write was refused: the session has been claimed. If this node did that, for a client that is just coming back or by a claim whose answer was
     * lost, this copy goes on as the one that was claimed. Otherwise it ends.
     *
     * @return completes with whether the session is still this node's
     */
    CompletionStage<Boolean> writeRefused() {
        if (record == null) {
            return CompletableFuture.completedFuture(true);
        }
        return record.whose().thenApply(fate -> {
            switch (fate) {
                case RETURNING -> {}
                case ELSEWHERE -> closing.close(DisconnectReason.TAKEN_OVER);
                default -> closeUnowned();
            }
            return fate == OwnedRecord.Fate.RETURNING;
        });
    }

    /** Ends this copy, because somebody else has the session, or nobody: the store is asked. */
    private void closeUnowned() {
        DisconnectReason reason = state.isSuspended() ? DisconnectReason.WINDOW_OVER : DisconnectReason.TAKEN_OVER;
        closing.close(reason, () -> {}, OwnedRecord::endUnknown);
    }
}
