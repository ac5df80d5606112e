package dev.realtime.internal.outbox;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many outboxes of clients that are behind hold a message that all of them share. It is in memory once: the first of them counts its bytes,
 * and the last takes them off. Thread-safe.
 */
final class Holders {
    private final AtomicInteger count = new AtomicInteger();

    /** One more; returns whether it is the first. */
    boolean add() {
        return count.getAndIncrement() == 0;
    }

    /** How many there are; one at least for whoever is one of them. */
    int count() {
        return Math.max(1, count.get());
    }

    /** One less; returns whether it was the last. */
    boolean remove() {
        return count.decrementAndGet() == 0;
    }
}
