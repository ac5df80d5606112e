package dev.realtime.internal.system;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stage of the engine or its backend as the application gets it: what it makes depend on the stage runs where its handlers run, and not on the
 * thread that completes it, which writes everybody's events. Who waits for it with {@code join} or {@code get} is woken by that thread itself, so that
 * handlers that all wait do not wait for a thread of their own.
 */
public final class UserStage<T> extends CompletableFuture<T> {
    private final Executor handlers;

    private UserStage(Executor handlers) {
        this.handlers = handlers;
    }

    /** The same stage, if it is complete: then nothing that depends on it runs elsewhere than in its caller. */
    public static <T> CompletionStage<T> of(CompletionStage<T> stage, Executor handlers) {
        if (stage.toCompletableFuture().isDone()) {
            return stage;
        }
        UserStage<T> mine = new UserStage<>(handlers);
        var unused = stage.whenComplete((value, failure) -> {
            if (failure == null) {
                mine.complete(value);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    @Override
    public Executor defaultExecutor() {
        return handlers;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new UserStage<>(handlers);
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> then) {
        return isDone() ? super.thenApply(then) : thenApplyAsync(then, handlers);
    }

    @Override
    public CompletableFuture<Void> thenAccept(Consumer<? super T> then) {
        return isDone() ? super.thenAccept(then) : thenAcceptAsync(then, handlers);
    }

    @Override
    public CompletableFuture<Void> thenRun(Runnable then) {
        return isDone() ? super.thenRun(then) : thenRunAsync(then, handlers);
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombine(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> then) {
        return thenCombineAsync(other, then, handlers);
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> then) {
        return thenAcceptBothAsync(other, then, handlers);
    }

    @Override
    public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable then) {
        return runAfterBothAsync(other, then, handlers);
    }

    @Override
    public <U> CompletableFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> then) {
        return applyToEitherAsync(other, then, handlers);
    }

    @Override
    public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> then) {
        return acceptEitherAsync(other, then, handlers);
    }

    @Override
    public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable then) {
        return runAfterEitherAsync(other, then, handlers);
    }

    @Override
    public <U> CompletableFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> then) {
        return isDone() ? super.thenCompose(then) : thenComposeAsync(then, handlers);
    }

    @Override
    public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> then) {
        return isDone() ? super.whenComplete(then) : whenCompleteAsync(then, handlers);
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super T, @Nullable Throwable, ? extends U> then) {
        return isDone() ? super.handle(then) : handleAsync(then, handlers);
    }

    @Override
    public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> then) {
        return isDone() ? super.exceptionally(then) : exceptionallyAsync(then, handlers);
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> then) {
        return isDone() ? super.exceptionallyCompose(then) : exceptionallyComposeAsync(then, handlers);
    }
}
