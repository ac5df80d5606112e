package dev.realtime.internal.state;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Values;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The states in the store's values. What is not answered is asked again for a while, so that it is known what has become of a write. Thread-safe. */
final class StateStore {
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Backend backend;
    private final Values values;
    private final NodeRuntime runtime;
    private final LongSupplier writes;
    private volatile Answer last;

    /** @param writes numbers the writes of this node */
    StateStore(Backend backend, NodeRuntime runtime, LongSupplier writes) {
        this.backend = backend;
        this.values = backend.values();
        this.runtime = runtime;
        this.writes = writes;
        this.last = new Answer(runtime.time().now().toEpochMilli(), nanoTime());
    }

    /** What the store's clock said in milliseconds, and what the monotonic one of this node did. */
    private record Answer(long millis, long nanos) {}

    /**
     * What became of a write.
     *
     * @param isDone whether it was done; others may have written since
     * @param stored what is there now
     */
    record Put(boolean isDone, Stored stored) {}

    String epoch() {
        return backend.epoch();
    }

    /** A name for a write that no other has. */
    String newWriter() {
        return StateText.writer(runtime.node(), writes.getAsLong());
    }

    /** The store's clock, about: counted on since its last answer. */
    long now() {
        Answer answer = last;
        return answer.millis + TimeUnit.NANOSECONDS.toMillis(nanoTime() - answer.nanos);
    }

    long nanoTime() {
        return runtime.time().nanoTime();
    }

    CompletionStage<Stored> find(String name) {
        return answered(() -> values.find(name), ATTEMPTS).thenApply(this::stored);
    }

    private Stored stored(Values.Value value) {
        last = new Answer(value.at().toEpochMilli(), nanoTime());
        return Stored.of(value);
    }

    /** Writes where nobody else has written. */
    CompletionStage<Put> put(String name, Stored before, StateText text, Duration timeToLive) {
        return put(name, before, text, timeToLive, ATTEMPTS);
    }

    private CompletionStage<Put> put(String name, Stored before, StateText text, Duration timeToLive, int attempts) {
        return values.put(name, before.number(), text.text(), timeToLive)
                .handle((written, failure) -> {
                    if (failure == null) {
                        Stored now = stored(written.value());
                        return CompletableFuture.completedStage(
                                new Put(written.isDone() || now.has(text.writer()), now));
                    }
                    return after(PAUSE, () -> find(name)).thenCompose(now -> {
                        if (now.number() != before.number()) {
                            return CompletableFuture.completedStage(new Put(now.has(text.writer()), now));
                        }
                        return attempts == 0
                                ? CompletableFuture.<Put>failedStage(unavailable(failure))
                                : put(
                                        name,
                                        before,
                                        text,
                                        timeToLive,
                                        attempts - 1); // the first may still arrive: it is the same
                    });
                })
                .thenCompose(put -> put);
    }

    /** Asks again for a while. */
    <R> CompletionStage<R> answered(Supplier<CompletionStage<R>> question, int attempts) {
        return question.get()
                .handle((answer, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedStage(answer);
                    }
                    return attempts == 0
                            ? CompletableFuture.<R>failedStage(unavailable(failure))
                            : after(PAUSE, () -> answered(question, attempts - 1));
                })
                .thenCompose(answer -> answer);
    }

    <R> CompletionStage<R> answered(Supplier<CompletionStage<R>> question) {
        return answered(question, ATTEMPTS);
    }

    private static StateFailedException unavailable(Throwable failure) {
        return new StateFailedException(Reason.UNAVAILABLE, "the backend does not answer", cause(failure));
    }

    static @Nullable Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    <R> CompletionStage<R> after(Duration pause, Supplier<CompletionStage<R>> then) {
        CompletableFuture<R> later = new CompletableFuture<>();
        runtime.time()
                .schedule(
                        pause,
                        () -> runtime.workers()
                                .execute(() -> then.get().whenComplete((value, failure) -> {
                                    if (failure == null) {
                                        later.complete(value);
                                    } else {
                                        later.completeExceptionally(failure);
                                    }
                                })));
        return later;
    }
}
