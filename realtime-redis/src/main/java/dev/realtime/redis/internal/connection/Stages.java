package dev.realtime.redis.internal.connection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stages for callers: they complete on the backend's thread for callbacks, and fail with what happened, not with a wrapper of it. */
public final class Stages {
    private Stages() {}

    /** What a function makes of a result. */
    @SuppressWarnings("NullAway") // results may be null, which the generic types cannot say here
    public static <T, R> CompletionStage<R> map(
            CompletionStage<T> stage, Executor executor, Function<@Nullable T, R> function) {
        CompletableFuture<R> mapped = new CompletableFuture<>();
        stage.whenCompleteAsync(
                (result, failure) -> {
                    if (failure != null) {
                        mapped.completeExceptionally(cause(failure));
                        return;
                    }
                    try {
                        mapped.complete(function.apply(result));
                    } catch (RuntimeException e) {
                        mapped.completeExceptionally(e);
                    }
                },
                executor);
        return mapped;
    }

    /** What a function that takes time makes of a result. */
    @SuppressWarnings("NullAway") // results may be null, which the generic types cannot say here
    public static <T, R> CompletionStage<R> compose(
            CompletionStage<T> stage, Executor executor, Function<@Nullable T, CompletionStage<R>> function) {
        CompletableFuture<R> composed = new CompletableFuture<>();
        var unused = map(stage, executor, function).thenCompose(next -> next).whenComplete((result, failure) -> {
            if (failure != null) {
                composed.completeExceptionally(cause(failure));
            } else {
                composed.complete(result);
            }
        });
        return composed;
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
