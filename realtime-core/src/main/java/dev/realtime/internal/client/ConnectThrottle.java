package dev.realtime.internal.client;

import dev.realtime.internal.limits.Pace;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The pace at which the CONNECTs of one connection are answered. Those that come too fast wait in their order, and as long as one does,
 * nothing more is read. Thread-safe.
 */
final class ConnectThrottle {
    private static final int MOST = 64; // where a transport reads on

    private final Pace pace;
    private final Time time;
    private final long origin;
    private final Executor workers;
    private final Runnable changed;
    private long due; // guarded by this
    private final Queue<Runnable> waiting = new ArrayDeque<>(1); // guarded by this
    private Time.@Nullable Timer timer; // guarded by this
    private boolean ended; // guarded by this
    private volatile boolean holding; // set under this

    /** @param changed told without locks that the connection is to be read no more, or again */
    ConnectThrottle(Pace pace, Time time, Executor workers, Runnable changed) {
        this.pace = pace;
        this.time = time;
        this.origin = time.nanoTime();
        this.workers = workers;
        this.changed = changed;
    }

    /** What became of a CONNECT. */
    enum Verdict {
        AT_ONCE,
        LATER,
        /** It has not been taken: too many wait already. */
        TOO_MANY
    }

    /** Runs the task now, or when its time has come; also at the {@linkplain #end end}. */
    Verdict admit(Runnable task) {
        Verdict verdict;
        boolean first = false;
        synchronized (this) {
            long wait = ended || holding ? 0 : admit();
            if (ended || (!holding && wait == 0)) {
                verdict = Verdict.AT_ONCE;
            } else if (waiting.size() == MOST) {
                verdict = Verdict.TOO_MANY;
            } else {
                verdict = Verdict.LATER;
                waiting.add(task);
                if (!holding) {
                    first = true;
                    holding = true;
                    goOnIn(wait);
                }
            }
        }
        if (verdict == Verdict.AT_ONCE) {
            task.run();
        } else if (first) {
            changed.run();
        }
        return verdict;
    }

    /** Whether some wait. */
    boolean isHolding() {
        return holding;
    }

    /** Counts one if it may come now; else returns how long it has to wait. */
    private long admit() {
        long now = time.nanoTime() - origin;
        long wait = pace.delay(due, now);
        if (wait > 0) {
            return wait;
        }
        due = pace.next(due, now);
        return 0;
    }

    private void goOnIn(long nanos) {
        timer = time.schedule(Duration.ofNanos(nanos), () -> workers.execute(this::goOn));
    }

    private void goOn() {
        while (true) {
            Runnable due;
            synchronized (this) {
                if (waiting.isEmpty()) {
                    holding = false;
                    break;
                }
                long wait = admit();
                if (wait > 0) {
                    goOnIn(wait);
                    return;
                }
                due = waiting.remove();
            }
            due.run();
        }
        changed.run();
    }

    /** The connection has ended, and nothing waits any more. */
    void end() {
        List<Runnable> left;
        synchronized (this) {
            ended = true;
            left = List.copyOf(waiting);
            waiting.clear();
            if (timer != null) {
                timer.cancel();
            }
        }
        left.forEach(Runnable::run);
    }
}
