package dev.realtime.redis;

import dev.realtime.Position;
import dev.realtime.spi.BoundedLog;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures of Redis that the application was given in a stage and does not look at: each is counted, and told to the log, as on the nodes. Whoever was
 * given a stage that had failed by then has some time to look. Thread-safe.
 */
final class UnseenPublishFailures implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnseenPublishFailures.class);

    /** Stages that wait to be judged; one more, and the oldest is judged early. */
    static final int MOST = 256;

    private final Executor later;
    private final BoundedLog lines;
    private final LongAdder count = new LongAdder();
    private final ArrayDeque<Failure> waiting = new ArrayDeque<>(); // guarded by this

    private record Failure(Stage stage, String what, String namespace, Throwable why) {}

    /** A stage as the application gets it, which knows whether anybody looks at it. */
    private static final class Stage extends CompletableFuture<Position> {
        private volatile boolean seen;

        /** Whoever takes it as a future is about to wait for it, or to combine it with others. */
        @Override
        public CompletableFuture<Position> toCompletableFuture() {
            seen = true;
            return this;
        }

        /** Called by whatever makes something depend on this stage. */
        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            seen = true;
            return new CompletableFuture<>();
        }
    }

    /** @param later runs a task when whoever was given a stage had time to look at it */
    UnseenPublishFailures(Executor later, BoundedLog lines) {
        this.later = later;
        this.lines = lines;
    }

    /** Returns how many there were. */
    long count() {
        return count.sum();
    }

    /**
     * Returns a stage that completes as this one does, and whose failure is not lost.
     *
     * @param what names it in the log
     */
    CompletionStage<Position> watch(CompletionStage<Position> stage, String what, String namespace) {
        Stage mine = new Stage();
        var unused = stage.whenComplete((position, failure) -> {
            if (failure == null) {
                mine.complete(position);
            } else {
                mine.completeExceptionally(failure);
                failed(new Failure(mine, what, namespace, failure));
            }
        });
        return mine;
    }

    private void failed(Failure failure) {
        if (failure.stage.seen) {
            return;
        }
        Failure early;
        synchronized (this) {
            early = waiting.size() < MOST ? null : waiting.poll();
            waiting.add(failure);
        }
        judge(early);
        later.execute(() -> {
            boolean mine;
            synchronized (this) {
                mine = waiting.remove(failure);
            }
            judge(mine ? failure : null);
        });
    }

    private void judge(@Nullable Failure failure) {
        if (failure != null && !failure.stage.seen) {
            count.increment();
            lines.warn(
                    LOG,
                    failure.namespace,
                    "'{}' in {} failed, and nothing looks at the stage that says so: {}",
                    failure.what,
                    failure.namespace,
                    failure.why.toString());
        }
    }

    /** Judges those that still wait: there is no later. */
    @Override
    public void close() {
        Failure next;
        do {
            synchronized (this) {
                next = waiting.poll();
            }
            judge(next);
        } while (next != null);
    }
}
