package dev.realtime.internal.node;

import dev.realtime.internal.system.UserStage;
import dev.realtime.internal.system.Workers;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures of the backend that the application was given in a stage and does not look at: each is counted, and told to the log. Whoever was given a
 * stage that had failed by then has some time to look. Thread-safe.
 */
public final class UnseenFailures implements UserStage.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(UnseenFailures.class);

    /** For whoever has just been given a stage: between a failure and the judgement. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** Stages that wait to be judged; one more, and the oldest is judged early. */
    static final int MOST = 256;

    private final String namespace;
    private final Time time;
    private final Workers workers;
    private final Counters counters;
    private final BoundedLog lines;
    // guarded by this
    private final ArrayDeque<Failure> waiting = new ArrayDeque<>();
    private boolean timed;

    private record Failure(UserStage<?> stage, String what, Throwable why, long due) {}

    public UnseenFailures(String namespace, Time time, Workers workers, Counters counters, BoundedLog lines) {
        this.namespace = namespace;
        this.time = time;
        this.workers = workers;
        this.counters = counters;
        this.lines = lines;
    }

    @Override
    public void failed(UserStage<?> stage, String what, Throwable why) {
        Failure early;
        synchronized (this) {
            early = waiting.size() < MOST ? null : waiting.poll();
            waiting.add(new Failure(stage, what, why, time.nanoTime() + GRACE.toNanos()));
        }
        judge(early);
        schedule();
    }

    private void schedule() {
        Duration wait;
        synchronized (this) {
            Failure first = waiting.peek();
            if (timed || first == null) {
                return;
            }
            timed = true;
            wait = Duration.ofNanos(Math.max(0, first.due - time.nanoTime()));
        }
        var unused = time.schedule(wait, () -> workers.execute(this::due));
    }

    private void due() {
        List<Failure> due = new ArrayList<>();
        synchronized (this) {
            timed = false;
            long now = time.nanoTime();
            while (!waiting.isEmpty() && waiting.peek().due - now <= 0) {
                due.add(waiting.poll());
            }
        }
        due.forEach(this::judge);
        schedule();
    }

    private void judge(@Nullable Failure failure) {
        if (failure != null && !failure.stage.isSeen()) {
            counters.count(Counters.Name.FAILURES_UNSEEN);
            lines.warn(
                    LOG,
                    namespace,
                    "'{}' in {} failed, and nothing looks at the stage that says so: {}",
                    failure.what,
                    namespace,
                    failure.why.toString());
        }
    }
}
