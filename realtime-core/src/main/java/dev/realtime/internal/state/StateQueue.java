package dev.realtime.internal.state;

import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is to be done with one state on this node, one thing after the other. Thread-safe. */
final class StateQueue {
    private static final int MOST_WAITING = 1_024;

    private final Executor workers;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by itself
    private boolean busy; // guarded by the queue

    StateQueue(Executor workers) {
        this.workers = workers;
    }

    /** Completes as the step does, once that has had its turn. */
    <R> CompletionStage<R> inTurn(Supplier<CompletionStage<R>> step) {
        CompletableFuture<R> result = new CompletableFuture<>();
        boolean first;
        synchronized (waiting) {
            if (waiting.size() >= MOST_WAITING) {
                return CompletableFuture.failedStage(new StateFailedException(
                        Reason.OVERLOADED, MOST_WAITING + " calls wait for this state on this node", null));
            }
            waiting.add(() -> begin(step, result));
            first = !busy;
            busy = true;
        }
        if (first) {
            workers.execute(this::next);
        }
        return result;
    }

    boolean isIdle() {
        synchronized (waiting) {
            return !busy;
        }
    }

    private void next() {
        Runnable step;
        synchronized (waiting) {
            step = waiting.poll();
            busy = step != null;
        }
        if (step != null) {
            step.run();
        }
    }

    private <R> void begin(Supplier<CompletionStage<R>> step, CompletableFuture<R> result) {
        CompletionStage<R> done;
        try {
            done = step.get();
        } catch (RuntimeException | Error e) {
            done = CompletableFuture.failedStage(e);
        }
        var unused = done.whenComplete((value, failure) -> {
            workers.execute(this::next);
            settle(result, value, failure);
        });
    }

    private static <R> void settle(CompletableFuture<R> result, R value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(Objects.requireNonNull(StateStore.cause(failure)));
        }
    }
}
