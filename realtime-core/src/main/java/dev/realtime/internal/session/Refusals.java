package dev.realtime.internal.session;

import dev.realtime.internal.limits.Pace;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The refusals of a session's events that ask for no answer: how many of them its client hears of, and when the session rests because they do not
 * end. Thread-safe.
 */
final class Refusals {
    /** Twenty are told at once, then one each 100 ms. */
    private static final Pace TOLD = Pace.of(10, Duration.ofSeconds(1), 20);
    /** After so many that were not told the session rests until one may be. */
    private static final int UNTOLD_PER_REST = 100;

    private final Time time;
    private final long origin;
    // guarded by this
    private long due; // when the next one may be told, in time
    private long next; // when the next one may be told, after one that was not
    private long untold;
    private int sinceRest;
    private @Nullable CompletableFuture<Void> rest;
    private boolean restless;

    Refusals(Time time) {
        this.time = time;
        this.origin = time.nanoTime();
    }

    /**
     * One more event has been refused.
     *
     * @return how many were not told since the last that was; negative if this one is not told either
     */
    synchronized long next() {
        long now = now();
        long wait = TOLD.delay(due, now);
        if (wait > 0) {
            next = now + wait;
            untold++;
            sinceRest++;
            return -1;
        }
        due = TOLD.next(due, now);
        sinceRest = 0;
        long before = untold;
        untold = 0;
        return before;
    }

    /** Completes when the session may go on; null when it need not rest. */
    @Nullable
    CompletionStage<Void> rest() {
        CompletableFuture<Void> over;
        long wait;
        synchronized (this) {
            wait = next - now();
            if (restless || sinceRest < UNTOLD_PER_REST || wait <= 0) {
                return null;
            }
            sinceRest = 0;
            over = new CompletableFuture<>();
            rest = over;
        }
        var unused = time.schedule(Duration.ofNanos(wait), () -> over.complete(null));
        return over;
    }

    private long now() {
        return time.nanoTime() - origin;
    }

    /** Somebody waits for the session: it does not rest any more. */
    void hurry() {
        CompletableFuture<Void> over;
        synchronized (this) {
            restless = true;
            over = rest;
            rest = null;
        }
        if (over != null) {
            over.complete(null);
        }
    }
}
