package dev.realtime.internal.session;

import java.util.concurrent.CompletableFuture;

/** In place of what handles an event: completes when the event is to be handled from the beginning, since its limits have been asked for by then. */
final class Postponed extends CompletableFuture<Void> {
    Postponed(CompletableFuture<Void> asked) {
        var unused = asked.whenComplete((answered, failure) -> complete(null));
    }
}
