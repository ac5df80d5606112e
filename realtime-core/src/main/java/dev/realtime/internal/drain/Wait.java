package dev.realtime.internal.drain;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Somebody waits for a stage, for some time at most. Thread-safe. */
public final class Wait {
    private final NodeRuntime runtime;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** @param stage that it is over with, whether it fails or not */
    public Wait(NodeRuntime runtime, CompletionStage<?> stage) {
        this.runtime = runtime;
        stage.whenComplete((done, failure) -> over.complete(null));
    }

    /** It is over after this time, from now on, or after an earlier one that has been said. */
    public Wait atMost(Duration time) {
        if (!over.isDone()) {
            Time.Timer timer =
                    runtime.time().schedule(time, () -> runtime.workers().execute(() -> over.complete(null)));
            var unused = over.thenRun(timer::cancel);
        }
        return this;
    }

    /** Completes, never exceptionally. */
    public CompletionStage<Void> whenOver() {
        return over;
    }
}
