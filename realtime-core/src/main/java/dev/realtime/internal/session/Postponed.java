package dev.realtime.internal.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * In place of what handles an event: completes when it is known how it goes on, which is next in the session's mailbox. That is from the beginning if
 * its limits have been asked for, or with what follows if another node might handle the same.
 */
final class Postponed extends CompletableFuture<Void> {
    private final @Nullable Supplier<? extends @Nullable CompletionStage<?>> rest;

    Postponed(CompletableFuture<Void> asked) {
        this(asked, null);
    }

    /** @param rest handles the event from there on, and returns what the pipeline does; null: from the beginning */
    Postponed(CompletableFuture<?> asked, @Nullable Supplier<? extends @Nullable CompletionStage<?>> rest) {
        this.rest = rest;
        var unused = asked.whenComplete((answered, failure) -> complete(null));
    }

    @Nullable
    Supplier<? extends @Nullable CompletionStage<?>> rest() {
        return rest;
    }
}
