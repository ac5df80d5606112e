package dev.realtime.internal.idempotency;

import dev.realtime.ErrorCode;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request that has come. Thread-safe. */
public final class Entrant {
    private final boolean patient;
    private final @Nullable Long sentAt;
    private final long window;
    private final Runnable left;
    private final CompletableFuture<Turn> later = new CompletableFuture<>();
    // guarded by this
    private CompletableFuture<Turn> turn = new CompletableFuture<>();
    private boolean isLater;
    private boolean taken; // its turn has come
    private boolean gone;

    /**
     * @param patient whether it waits for what others do with the same request
     * @param sentAt when its client made it, in milliseconds since the epoch; null if it does not say
     * @param window for so many milliseconds its handler may begin
     * @param left its place is free
     */
    Entrant(boolean patient, @Nullable Long sentAt, long window, Runnable left) {
        this.patient = patient;
        this.sentAt = sentAt;
        this.window = window;
        this.left = left;
    }

    /** One for which there is no room. */
    static Entrant refused(ErrorCode code) {
        Entrant refused = new Entrant(true, null, 0, () -> {});
        refused.answer(Outcome.refused(code));
        return refused;
    }

    /** Completes when it is known how it goes on. */
    public synchronized CompletableFuture<Turn> turn() {
        return turn;
    }

    /** Its client has waited long enough. */
    public void giveUp() {
        answer(Outcome.refused(ErrorCode.TIMEOUT));
    }

    /**
     * Why it cannot be handled at this time of the store's clock, in milliseconds; null if it can. What is from too far ahead could come again when its key is
     * forgotten.
     */
    @Nullable
    Outcome untimely(long now) {
        if (sentAt == null || (now <= sentAt + window && sentAt <= now + window)) {
            return null;
        }
        return now > sentAt
                ? Outcome.refused(ErrorCode.REQUEST_EXPIRED)
                : new Outcome.Refused(
                        ErrorCode.INVALID_PAYLOAD.code(), "the request is from a time that has not come", null);
    }

    synchronized boolean isWaiting() {
        return !taken;
    }

    /** @return whether it is still there */
    boolean handle(Claim claim) {
        CompletableFuture<Turn> here = take();
        if (here == null) {
            return false;
        }
        here.complete(new Turn.Handle(claim));
        return true;
    }

    void answer(Outcome outcome) {
        CompletableFuture<Turn> here = take();
        if (here != null) {
            leave();
            here.complete(new Turn.Answer(outcome));
        }
    }

    private synchronized @Nullable CompletableFuture<Turn> take() {
        if (taken) {
            return null;
        }
        taken = true;
        return isLater ? later : turn;
    }

    /** Its turn has come and was not used: it waits for another. */
    synchronized CompletableFuture<Turn> again() {
        taken = false;
        isLater = false;
        turn = new CompletableFuture<>();
        return turn;
    }

    /** Somebody else handles the request. */
    void mustWait() {
        CompletableFuture<Turn> here;
        synchronized (this) {
            if (patient || taken || isLater) {
                return;
            }
            isLater = true;
            here = turn;
        }
        here.complete(new Turn.Later(later));
    }

    void leave() {
        synchronized (this) {
            if (gone) {
                return;
            }
            gone = true;
        }
        left.run();
    }
}
