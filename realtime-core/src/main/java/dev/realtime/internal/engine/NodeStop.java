package dev.realtime.internal.engine;

import dev.realtime.drain.DrainOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one drain of a node, however often it is asked for. Thread-safe. */
final class NodeStop {
    private final Function<DrainOptions, Drain> drains;
    private final Function<Drain, CompletionStage<Void>> run;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

    /** @param done completes when the drain is over */
    private record Running(Drain drain, CompletableFuture<Void> done) {}

    /**
     * @param drains makes a drain
     * @param run runs it, and what belongs to it
     */
    NodeStop(Function<DrainOptions, Drain> drains, Function<Drain, CompletionStage<Void>> run) {
        this.drains = drains;
        this.run = run;
    }

    boolean hasBegun() {
        return running.get() != null;
    }

    /** Drains, or hurries the drain that is under way. Completes, never exceptionally, when it is over. */
    CompletionStage<Void> drain(DrainOptions options) {
        Running mine = new Running(drains.apply(options), new CompletableFuture<>());
        Running other = running.compareAndExchange(null, mine);
        if (other != null) {
            other.drain.hurry(options.deadline());
            return other.done;
        }
        run.apply(mine.drain).whenComplete((complete, impossible) -> mine.done.complete(null));
        return mine.done;
    }
}
