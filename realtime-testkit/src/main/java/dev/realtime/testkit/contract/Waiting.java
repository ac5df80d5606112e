package dev.realtime.testkit.contract;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for implementations that work on threads of their own; those in memory have the answer at once. */
final class Waiting {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Waiting() {}

    static <T> T result(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no result after " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits until each has gone well or failed. */
    static void outcomes(List<CompletionStage<?>> stages) {
        until(
                "results",
                () -> stages.stream()
                        .allMatch(stage -> stage.toCompletableFuture().isDone()));
    }

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited " + PATIENCE + " in vain for " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static Throwable failure(CompletionStage<?> stage) {
        try {
            throw new AssertionError("did not fail, but gave " + result(stage));
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    /** The failure of what may go well for a while. */
    static Throwable eventualFailure(Supplier<CompletionStage<?>> attempt) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            try {
                result(attempt.get());
            } catch (CompletionException e) {
                return e.getCause() == null ? e : e.getCause();
            }
        }
        throw new AssertionError("did not fail within " + PATIENCE);
    }
}
