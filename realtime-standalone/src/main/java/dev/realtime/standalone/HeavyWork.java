package dev.realtime.standalone;

import dev.realtime.spi.AddressKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The time that I/O threads spend on what is expensive to read (large messages, compressed ones, bodies), by address: however many
 * connections it has, a quarter of one thread's time is for it, and whoever shares the thread finds it free in between. A connection that has sent
 * such things waits while its address has had too much; others of the address wait only behind a debt that a few connections cannot make.
 * Thread-safe.
 */
final class HeavyWork {
    /** What takes less is not worth counting. */
    static final Duration COUNTED = Duration.ofMillis(1);
    /** So much of the time that follows belongs to everybody else. */
    static final int FACTOR = 4;
    /** So far ahead an address may be. */
    static final Duration AHEAD = Duration.ofMillis(50);
    /** So far, before connections that have done nothing wait too. */
    static final Duration FAR_AHEAD = Duration.ofSeconds(1);

    /** More than this is the machine's fault. */
    static final Duration COUNTED_AT_MOST = Duration.ofMillis(250);

    private final LongSupplier nanoTime;
    private final Runnable rested;
    private final long start;
    private final Map<String, Long> paidUntil = new ConcurrentHashMap<>(); // by address, nanoseconds since the start

    /** @param rested runs each time that a connection is not read for this */
    HeavyWork(LongSupplier nanoTime, Runnable rested) {
        this.rested = rested;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** For {@link #done}. */
    long begin() {
        return nanoTime.getAsLong();
    }

    /**
     * Something has been done for a client.
     *
     * @param since when it began
     * @return whether it was much
     */
    boolean done(String address, long since) {
        long end = nanoTime.getAsLong();
        long took = Math.min(end - since, COUNTED_AT_MOST.toNanos());
        if (took < COUNTED.toNanos()) {
            return false;
        }
        long now = end - start;
        paidUntil.merge(
                AddressKey.of(address), now + FACTOR * took, (until, fresh) -> Math.max(until, now) + FACTOR * took);
        return true;
    }

    /**
     * How long a connection rests before more is read of it; zero for most.
     *
     * @param heavy whether it has itself sent what took long
     */
    Duration rest(String address, boolean heavy) {
        if (paidUntil.isEmpty()) {
            return Duration.ZERO;
        }
        String key = AddressKey.of(address);
        Long until = paidUntil.get(key);
        if (until == null) {
            return Duration.ZERO;
        }
        long ahead = until - (nanoTime.getAsLong() - start);
        if (ahead <= 0) {
            paidUntil.remove(key, until);
            return Duration.ZERO;
        }
        long wait = ahead - (heavy ? AHEAD : FAR_AHEAD).toNanos();
        if (wait <= 0) {
            return Duration.ZERO;
        }
        rested.run();
        return Duration.ofNanos(wait);
    }

    /** Forgets addresses that owe nothing any more. */
    void forget() {
        long now = nanoTime.getAsLong() - start;
        paidUntil.values().removeIf(until -> until <= now);
    }

    int size() {
        return paidUntil.size();
    }
}
