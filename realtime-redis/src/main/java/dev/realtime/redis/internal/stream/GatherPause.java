package dev.realtime.redis.internal.stream;

import dev.realtime.spi.GatheringPause;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The pauses between the turns of one thread of a stream, as {@link GatheringPause} decides them. Of that thread. */
final class GatherPause {
    private static final GatheringPause DECISION = new GatheringPause(Duration.ofNanos(500_000));

    private long began = System.nanoTime();
    private long ended = began;
    private int found;

    /** Called before each turn. Waits while that pays, and returns for how many nanoseconds the thread had nothing to do before. */
    long gather() {
        long idle = System.nanoTime() - ended;
        long left = DECISION.nanosAfter(ended - began, found) - idle;
        if (left > 0) {
            LockSupport.parkNanos(this, left);
        }
        return idle;
    }

    /** A turn begins. */
    void begin() {
        began = System.nanoTime();
    }

    /** The turn is over, in which there were so many entries. */
    void end(int entries) {
        found = entries;
        ended = System.nanoTime();
    }
}
