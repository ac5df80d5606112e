package dev.realtime.internal.schedule;

import dev.realtime.internal.system.Workers;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When a node looks at what is due: in time for what it has scheduled itself, a little later for what others have, whose own look comes first, and in any case
 * once in a while. Thread-safe.
 */
final class ScheduleClock {
    /** What others have scheduled is left to them for so long. */
    private static final Duration OTHERS = Duration.ofMillis(250);
    /** Of its own that a node has in mind; what is beyond them it sees coming as others do. */
    private static final int MOST = 10_000;

    private final Time time;
    private final Workers workers;
    private final Duration period;
    private final Runnable look;
    // guarded by this
    private final PriorityQueue<Long> own = new PriorityQueue<>((one, other) -> Long.signum(one - other));
    private Time.@Nullable Timer timer;
    private long planned;
    private boolean looking; // the next look is planned when it is over
    private boolean stopped;

    ScheduleClock(Time time, Workers workers, Duration period, Runnable look) {
        this.time = time;
        this.workers = workers;
        this.period = period;
        this.look = look;
    }

    /** This node has scheduled something. */
    synchronized void scheduled(Instant due, Instant now) {
        if (own.size() < MOST && !stopped) {
            long when = time.nanoTime() + Math.max(0, Duration.between(now, due).toNanos());
            own.add(when);
            if (!looking && (timer == null || when - planned < 0)) {
                plan(when);
            }
        }
    }

    /** The first look is soon. */
    synchronized void start() {
        plan(time.nanoTime() + period.toNanos());
    }

    /**
     * A look is over.
     *
     * @param next when there may be more, by the store's clock, whoever has scheduled it; null if that is not known
     * @param now the store's clock
     */
    synchronized void looked(@Nullable Instant next, @Nullable Instant now) {
        looking = false;
        long here = time.nanoTime();
        long when = here + period.toNanos();
        if (next != null && now != null) {
            Duration left = Duration.between(now, next);
            when = left.isNegative() || left.isZero()
                    ? here
                    : Math.min(when - here, left.plus(OTHERS).toNanos()) + here;
        }
        Long mine = own.peek();
        plan(mine != null && mine - when < 0 ? mine : when);
    }

    private void plan(long when) {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (!stopped) {
            planned = when;
            timer = time.schedule(
                    Duration.ofNanos(Math.max(0, when - time.nanoTime())), () -> workers.execute(this::begin));
        }
    }

    private void begin() {
        synchronized (this) {
            if (looking || stopped) {
                return;
            }
            looking = true;
            timer = null;
            long now = time.nanoTime();
            while (!own.isEmpty() && own.peek() - now <= 0) {
                own.poll();
            }
        }
        look.run();
    }

    synchronized void stop() {
        stopped = true;
        own.clear();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
