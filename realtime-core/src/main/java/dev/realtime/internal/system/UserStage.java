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
    private volatile boolean seen;

    /** Told of stages that fail while nobody is waiting for them. */
    @FunctionalInterface
    public interface Watcher {
        /** @param what has failed, for the log */
        void failed(UserStage<?> stage, String what, Throwable why);
    }

    private UserStage(Executor handlers) {
        this.handlers = handlers;
    }

    /** The same stage, if it is complete: then nothing that depends on it runs elsewhere than in its caller. */
    public static <T> CompletionStage<T> of(CompletionStage<T> stage, Executor handlers) {
        if (stage.toCompletableFuture().isDone()) {
            return stage;
        }
        UserStage<T> mine = new UserStage<>(handlers);
        var unused = stage.whenComplete((value, failure) -> mine.settle(value, failure));
        return mine;
    }

    /**
     * The same, where a failure must not be lost.
     *
     * @param watcher told of the stage if it fails and nobody is waiting for it by then
     * @param what it is that may fail
     */
    public static <T> CompletionStage<T> of(CompletionStage<T> stage, Executor handlers, Watcher watcher, String what) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            return stage;
        }
        UserStage<T> mine = new UserStage<>(handlers);
        var unused = future.whenComplete((value, failure) -> {
            boolean awaited = mine.getNumberOfDependents() > 0;
            mine.settle(value, failure);
            if (failure != null && !awaited && !mine.isSeen()) {
                watcher.failed(mine, what, failure);
            }
        });
        return mine;
    }

    private void settle(T value, @Nullable Throwable failure) {
        if (failure == null) {
            complete(value);
        } else {
            completeExceptionally(failure);
        }
    }

    /** Whether something has been made to depend on it, or somebody has asked for its outcome. */
    public boolean isSeen() {
        return seen;
    }

    /** Whoever takes it as a future is about to wait for it, or to combine it with others. */
    @Override
    public CompletableFuture<T> toCompletableFuture() {
        seen = true;
        return this;
    }

    @Override
    public Executor defaultExecutor() {
        return handlers;
    }

    /** Called by whatever makes something depend on this stage. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        seen = true;
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
