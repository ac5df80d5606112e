package dev.realtime.internal.engine;

import dev.realtime.internal.drain.Wait;
import dev.realtime.internal.node.NodeRuntime;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Until when a stop waits for its steps, of which there is one at a time. It may come nearer meanwhile. Thread-safe. */
final class StopDeadline {
    private final NodeRuntime runtime;
    // guarded by this
    private long end;
    private @Nullable Step waiting;

    /** @param patience from now on */
    StopDeadline(NodeRuntime runtime, Duration patience) {
        this.runtime = runtime;
        this.end = runtime.time().nanoTime() + patience.toNanos();
    }

    /** One step, and how long it may take. */
    private final class Step {
        private final Wait wait;
        private final long begin = runtime.time().nanoTime();
        private final Duration least;
        private final int part;

        Step(CompletionStage<?> stage, Duration least, int part) {
            this.wait = new Wait(runtime, stage);
            this.least = least;
            this.part = part;
        }

        void endBy(long end) {
            long atMost = Math.max(least.toNanos(), (end - begin) / part);
            long left = begin + atMost - runtime.time().nanoTime();
            wait.atMost(Duration.ofNanos(Math.max(0, left)));
        }
    }

    /**
     * Brings it nearer, also for the step that is waited for.
     *
     * @param patience from now on
     * @return false if it was that near already
     */
    boolean bringNearer(Duration patience) {
        long sooner = runtime.time().nanoTime() + patience.toNanos();
        Step step;
        synchronized (this) {
            if (sooner - end >= 0) {
                return false;
            }
            end = sooner;
            step = waiting;
        }
        if (step != null) {
            step.endBy(sooner);
        }
        return true;
    }

    /** Completes with a stage, or when there is no time left. */
    CompletionStage<Void> within(CompletionStage<?> stage) {
        return await(stage, Duration.ZERO, 1);
    }

    /** The same for a step that gets some time even behind the deadline. */
    CompletionStage<Void> within(CompletionStage<?> stage, Duration least) {
        return await(stage, least, 1);
    }

    /** The same for a step that leaves half of the time to those behind it. */
    CompletionStage<Void> withinHalf(CompletionStage<?> stage) {
        return await(stage, Duration.ZERO, 2);
    }

    private CompletionStage<Void> await(CompletionStage<?> stage, Duration least, int part) {
        Step step = new Step(stage, least, part);
        long known;
        synchronized (this) {
            waiting = step;
            known = end;
        }
        step.endBy(known);
        return step.wait.whenOver();
    }
}
