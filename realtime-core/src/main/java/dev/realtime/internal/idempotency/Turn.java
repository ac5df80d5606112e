package dev.realtime.internal.idempotency;

import java.util.concurrent.CompletableFuture;

/** How it goes on with a request. */
public sealed interface Turn {

    /** Its handler is to be run. */
    record Handle(Claim claim) implements Turn {}

    /** It is to be answered, and nothing else. */
    record Answer(Outcome outcome) implements Turn {}

    /** Somebody else handles it, and whoever cannot wait for that hears later. */
    record Later(CompletableFuture<Turn> turn) implements Turn {}

    /** Its session was busy for so long that its turn is over. It has no place any more, and may ask anew. */
    record Lapsed() implements Turn {}
}
