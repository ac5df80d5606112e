package dev.realtime.internal.session;

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
    /** So many are told at once … */
    private static final int BURST = 20;
    /** … and one more each time that this has passed. */
    private static final long INTERVAL = Duration.ofMillis(100).toNanos();
    /** After so many that were not told the session rests until one may be. */
    private static final int UNTOLD_PER_REST = 100;

    private final Time time;
    // guarded by this
    private long expected; // the theoretical arrival time of the generic cell rate algorithm
    private boolean any;
    private long untold;
    private int sinceRest;
    private @Nullable CompletableFuture<Void> rest;
    private boolean restless;

    Refusals(Time time) {
        this.time = time;
    }

    /**
     * One more event has been refused.
     *
     * @return how many were not told since the last that was; negative if this one is not told either
     */
    synchronized long next() {
        long now = time.nanoTime();
        if (!any || expected - now < 0) {
            any = true;
            expected = now;
        }
        if (expected - now > (BURST - 1) * INTERVAL) {
            untold++;
            sinceRest++;
            return -1;
        }
        expected += INTERVAL;
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
            wait = expected - (BURST - 1) * INTERVAL - time.nanoTime();
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
