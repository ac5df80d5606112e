package dev.realtime.redis.internal.stream;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets a busy thread gather: when its turns follow each other within a millisecond, each waits half a millisecond first, and then finds more
 * to do at once. A round trip to Redis and a wake-up cost the same for one entry and for ten. Of one thread.
 */
final class GatherPause {
    private static final long BUSY_NANOS = 1_000_000;
    private static final long GATHER_NANOS = 500_000;

    private long last = System.nanoTime() - BUSY_NANOS;

    /** Called before each turn. Returns whether it was busy. */
    boolean gather() {
        boolean busy = System.nanoTime() - last < BUSY_NANOS;
        if (busy) {
            pause();
        } else {
            last = System.nanoTime();
        }
        return busy;
    }

    void pause() {
        LockSupport.parkNanos(this, GATHER_NANOS);
        last = System.nanoTime();
    }
}
