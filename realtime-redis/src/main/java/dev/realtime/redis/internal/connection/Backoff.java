package dev.realtime.redis.internal.connection;

import java.util.concurrent.ThreadLocalRandom;

/** Pauses between attempts: doubling from 20 ms to a second, each drawn at random from its upper half. For one thread. */
public final class Backoff {
    private static final long FIRST_MILLIS = 20;
    private static final long LONGEST_MILLIS = 1_000;
    private long next = FIRST_MILLIS;

    public void reset() {
        next = FIRST_MILLIS;
    }

    /** How long to wait this time, in milliseconds. */
    public long next() {
        long pause = next / 2 + ThreadLocalRandom.current().nextLong(next / 2 + 1);
        next = Math.min(LONGEST_MILLIS, next * 2);
        return pause;
    }
}
