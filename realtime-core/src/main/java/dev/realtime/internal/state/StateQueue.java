package dev.realtime.internal.state;

import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import java.util.ArrayDeque;
import java.util.List;
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
    private final ArrayDeque<Step<?>> waiting = new ArrayDeque<>(); // guarded by itself
    private boolean busy; // guarded by the queue

    /** What waits for its turn. */
    private record Step<R>(Supplier<CompletionStage<R>> step, CompletableFuture<R> result) {}

    StateQueue(Executor workers) {
        this.workers = workers;
    }

    /** Completes as the step does, once that has had its turn. What waits behind one that fails since the backend is away fails with it, instead of asking as long again. */
    <R> CompletionStage<R> inTurn(Supplier<CompletionStage<R>> step) {
        CompletableFuture<R> result = new CompletableFuture<>();
        boolean first;
        synchronized (waiting) {
            if (waiting.size() >= MOST_WAITING) {
                return CompletableFuture.failedStage(new StateFailedException(
                        Reason.OVERLOADED, MOST_WAITING + " calls wait for this state on this node", null));
            }
            waiting.add(new Step<>(step, result));
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
        Step<?> step;
        synchronized (waiting) {
            step = waiting.poll();
            busy = step != null;
        }
        if (step != null) {
            begin(step);
        }
    }

    private <R> void begin(Step<R> step) {
        CompletionStage<R> done;
        try {
            done = step.step.get();
        } catch (RuntimeException | Error e) {
            done = CompletableFuture.failedStage(e);
        }
        var unused = done.whenComplete((value, failure) -> {
            Throwable cause = failure == null ? null : StateStore.cause(failure);
            List<Step<?>> behind = cause instanceof StateFailedException failed && failed.reason() == Reason.UNAVAILABLE
                    ? takeAll()
                    : List.of();
            workers.execute(this::next);
            settle(step.result, value, failure);
            behind.forEach(other -> other.result.completeExceptionally(
                    new StateFailedException(Reason.UNAVAILABLE, "the backend does not answer", cause)));
        });
    }

    private List<Step<?>> takeAll() {
        synchronized (waiting) {
            List<Step<?>> all = List.copyOf(waiting);
            waiting.clear();
            return all;
        }
    }

    private static <R> void settle(CompletableFuture<R> result, R value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(Objects.requireNonNull(StateStore.cause(failure)));
        }
    }
}
