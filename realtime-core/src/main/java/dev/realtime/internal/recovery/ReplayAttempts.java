package dev.realtime.internal.recovery;

import dev.realtime.Position;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node remembers of clients that come back again and again and get no further: a replay that its client never takes is not repeated
 * without end, and a backend that never answers is not asked without end. Any progress ends the memory, as does the recovery window. Bounded: the
 * oldest are forgotten first. Thread-safe.
 */
final class ReplayAttempts {
    private static final int MOST = 10_000;

    private final Time time;
    private final long ageNanos;
    private final Map<String, Return> known = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

    /** A client that has got no further. */
    private static final class Return {
        private @Nullable Position offered; // the first event of its last replay
        private int times; // that this was the first one
        private int unanswered; // in a row
        private long nanos;
    }

    ReplayAttempts(Time time, Duration window) {
        this.time = time;
        this.ageNanos = window.toNanos();
    }

    /**
     * A client is about to be sent an event as the first one of a replay.
     *
     * @return how often that has been so in a row
     */
    synchronized int offered(String privateId, Position first) {
        Return mine = touch(privateId);
        mine.times = first.equals(mine.offered) ? mine.times + 1 : 1;
        mine.offered = first;
        return mine.times;
    }

    /** The backend has not answered when this client came; returns how often in a row. */
    synchronized int unanswered(String privateId) {
        return ++touch(privateId).unanswered;
    }

    /** The backend has answered. */
    synchronized void answered(String privateId) {
        Return mine = known.get(privateId);
        if (mine != null) {
            mine.unanswered = 0;
        }
    }

    /** There was nothing to replay, or the session has ended. */
    synchronized void forget(String privateId) {
        known.remove(privateId);
    }

    private Return touch(String privateId) {
        long now = time.nanoTime();
        Iterator<Return> oldestFirst = known.values().iterator();
        while (oldestFirst.hasNext()) {
            if (now - oldestFirst.next().nanos <= ageNanos && known.size() < MOST) {
                break;
            }
            oldestFirst.remove();
        }
        Return mine = known.computeIfAbsent(privateId, missing -> new Return());
        mine.nanos = now;
        return mine;
    }

    synchronized int size() {
        return known.size();
    }
}
