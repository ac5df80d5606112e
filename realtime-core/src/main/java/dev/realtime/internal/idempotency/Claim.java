package dev.realtime.internal.idempotency;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The right to run the handler of a request. One of {@link #pass} and {@link #settle} must follow. Thread-safe. */
public interface Claim {

    /**
     * The handler is about to run: null if it may; else how it goes on, since the claim is older than one that is sure to hold, or somebody else's by now.
     *
     * @param entrant whose turn it was to be handled
     */
    @Nullable
    CompletableFuture<Turn> begin(Entrant entrant);

    /** The handler does not run for this one: its session has gone elsewhere. */
    void pass(Entrant entrant);

    /**
     * The handler has run, as the first call says.
     *
     * @return completes with what clients are to be told: what came of it, once the store has that, or what came of it at a node that has run it since, because this one had lost its claim
     */
    CompletableFuture<Outcome> settle(Outcome outcome);
}
