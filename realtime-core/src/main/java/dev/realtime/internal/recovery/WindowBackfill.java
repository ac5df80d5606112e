package dev.realtime.internal.recovery;

import dev.realtime.Position;
import dev.realtime.internal.fanout.Backfill;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Log;
import dev.realtime.spi.PlacedEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the windows of a namespace that has just come to life on this node with what its log held before: read once, from as far back as the log
 * reaches, so that all who come here from other nodes find what they missed in memory. The fan-out follows the log from the same position on
 * meanwhile, and the two halves meet exactly there.
 */
final class WindowBackfill {
    private static final Logger LOG = LoggerFactory.getLogger(WindowBackfill.class);
    private static final int PAGE = 512;
    /** A log that forgets faster than it is read is read from further on, so often. */
    private static final int ATTEMPTS = 4;
    /** A backend that has not answered is left alone for so long. */
    private static final Duration REST = Duration.ofMillis(500);

    private final NodeRuntime runtime;
    private final Log log;
    private final Fanout<?> fanout;
    private final Position joint;
    private final Executor replayQueue;
    private volatile boolean over;
    private final List<Waiting> waiting = new ArrayList<>(); // guarded by this
    private boolean reading; // guarded by this

    private record Waiting(Runnable filled, Runnable unanswered) {}

    /** @param joint where the fan-out began to follow the log */
    WindowBackfill(
            NodeRuntime runtime, boolean recovers, Log log, Fanout<?> fanout, Position joint, Executor replayQueue) {
        this.runtime = runtime;
        this.log = log;
        this.fanout = fanout;
        this.joint = joint;
        this.replayQueue = replayQueue;
        this.over = !recovers;
    }

    boolean isOver() {
        return over;
    }

    /**
     * Fills the windows if nobody has, and goes on when that is over.
     *
     * @param filled runs when there is nothing more to be had, at once if that is so already
     * @param unanswered runs instead when the backend does not answer
     */
    void await(Runnable filled, Runnable unanswered) {
        if (!waits(filled, unanswered)) {
            filled.run();
        }
    }

    private boolean waits(Runnable filled, Runnable unanswered) {
        boolean first;
        synchronized (this) {
            if (over) {
                return false;
            }
            waiting.add(new Waiting(filled, unanswered));
            first = !reading;
            reading = true;
        }
        if (first) {
            begin(ATTEMPTS);
        }
        return true;
    }

    private void begin(int attempts) {
        log.beginning(joint, PAGE)
                .whenComplete((beginning, failure) -> replayQueue.execute(() -> guarded(failure, attempts, () -> {
                    Backfill past = fanout.recent().backfill(beginning.after());
                    beginning.entries().forEach(past::add);
                    readOn(past, beginning.through(), attempts);
                })));
    }

    /** Takes a step behind an answer of the backend; if either fails, nobody is to wait for what does not come. */
    private void guarded(@Nullable Throwable failure, int attempts, Runnable step) {
        if (failure != null) {
            failed(failure, attempts);
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failed(e, attempts);
        }
    }

    private void readOn(Backfill past, Position reached, int attempts) {
        if (!reached.isBefore(joint)) {
            fanout.execute(() -> guarded(null, attempts, () -> {
                fanout.recent().attach(past, joint);
                over();
            }));
            return;
        }
        log.read(reached, joint, PAGE)
                .whenComplete((page, failure) -> replayQueue.execute(() -> guarded(failure, attempts, () -> {
                    page.forEach(past::add);
                    readOn(past, through(page), attempts);
                })));
    }

    private Position through(List<PlacedEntry> page) {
        return page.size() < PAGE ? joint : page.get(PAGE - 1).position();
    }

    private void failed(Throwable failure, int attempts) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof Log.TrimmedException)) {
            runtime.lines().warn(LOG, "", "what the log held before this node came could not be read", cause);
            unanswered();
        } else if (attempts > 1) {
            begin(attempts - 1);
        } else {
            runtime.lines()
                    .warn(
                            LOG,
                            "",
                            "the log forgets faster than this node reads it; who missed something from before it came"
                                    + " begins afresh");
            over();
        }
    }

    private void over() {
        over = true;
        take(false).forEach(one -> tell(one.filled));
    }

    /** Who comes next tries again, though not at once. */
    private void unanswered() {
        runtime.time()
                .schedule(
                        REST,
                        () -> runtime.workers().execute(() -> {
                            take(true).forEach(one -> tell(one.unanswered));
                        }));
    }

    /** One that fails keeps nobody else waiting. */
    private void tell(Runnable one) {
        try {
            one.run();
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, "", "a session that waited for the log could not go on", e);
        }
    }

    private synchronized List<Waiting> take(boolean again) {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        reading = !again;
        return all;
    }
}
