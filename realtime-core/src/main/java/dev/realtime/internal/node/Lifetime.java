package dev.realtime.internal.node;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a node takes what the application asks of it, and the stages that the application still waits for. A node that is stopping still
 * takes everything. Once it has stopped nothing is begun, and what has no answer fails. Thread-safe.
 */
public final class Lifetime {
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean over;
    private volatile boolean ended;

    /** Returns why nothing is begun any more; null while the node runs. */
    public @Nullable IllegalStateException end() {
        return over ? closed() : null;
    }

    /** @throws IllegalStateException when the node is closed */
    public void require() {
        if (over) {
            throw closed();
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("this Realtime is closed");
    }

    /** A stage that completes as this one does, and fails if the node ends before. */
    public <T> CompletionStage<T> within(CompletionStage<T> stage) {
        if (stage.toCompletableFuture().isDone()) {
            return stage;
        }
        CompletableFuture<T> mine = new CompletableFuture<>();
        Runnable end = () -> mine.completeExceptionally(closed());
        open.add(end);
        var unused = stage.whenComplete((value, failure) -> {
            open.remove(end);
            if (failure == null) {
                mine.complete(value);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        if (ended) {
            end.run();
        }
        return mine;
    }

    /** Ends it: from now on nothing is begun. */
    public void close() {
        over = true;
    }

    /** Fails all that the application waits for, since nothing can complete any more. */
    public void fail() {
        ended = true;
        List.copyOf(open).forEach(Runnable::run);
    }
}
