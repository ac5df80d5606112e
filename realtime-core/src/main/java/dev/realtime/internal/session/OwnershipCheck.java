package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the session store says about whose a session is, and what becomes of the copy here. It is asked when the window of a suspended session is
 * over, and when a write of its record was refused because somebody has claimed the session.
 */
final class OwnershipCheck {
    private final SessionLifecycle lifecycle;
    private final @Nullable OwnedRecord record;
    private final Duration returning;
    private final Duration unanswered;

    /**
     * @param record null without recovery
     * @param returning how long a client that is being let in again may take
     * @param unanswered before a store that did not answer is asked again
     */
    OwnershipCheck(SessionLifecycle lifecycle, @Nullable OwnedRecord record, Duration returning, Duration unanswered) {
        this.lifecycle = lifecycle;
        this.record = record;
        this.returning = returning;
        this.unanswered = unanswered;
    }

    /** The window is over: the session ends unless its client is just coming back, here or at another node. */
    void windowOver() {
        if (record == null) {
            lifecycle.closeSuspended(DisconnectReason.WINDOW_OVER);
            return;
        }
        record.release().whenComplete((fate, failure) -> {
            switch (failure == null ? fate : OwnedRecord.Fate.UNKNOWN) {
                case OURS -> lifecycle.closeSuspended(DisconnectReason.WINDOW_OVER);
                case ELSEWHERE -> lifecycle.closeSuspended(DisconnectReason.TAKEN_OVER);
                case FOREIGN -> lifecycle.closeUnowned();
                case RETURNING -> lifecycle.waitAnother(returning);
                case UNKNOWN -> lifecycle.waitAnother(unanswered); // another node may have it
            }
        });
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
                case ELSEWHERE -> lifecycle.close(DisconnectReason.TAKEN_OVER);
                default -> lifecycle.closeUnowned();
            }
            return fate == OwnedRecord.Fate.RETURNING;
        });
    }
}
