package dev.realtime.internal.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that a node holds for clients that are behind: events that are in memory for many count once, however many outboxes hold them, and each
 * that waits counts a place in its outbox besides, or all that wait one behind the other for many a {@link Stretch}. What is for one client alone counts elsewhere ({@link dev.realtime.spi.InboundBudget.Use#UNREAD}).
 *
 * <p>A client is behind when it has not taken a write for {@value #PATIENCE_MILLIS} ms. Until then nothing of its outbox is counted, so those who read
 * cost nothing here. Behind that, each outbox says once a flush by how much it has changed what the node holds.
 *
 * <p>Above seven eighths of the limit somebody is asked to make room; whoever is behind and finds no room below the limit itself has to go. Thread-safe,
 * never blocks.
 */
public final class OutboundBudget {
    static final long PATIENCE_MILLIS = 50;
    static final long PATIENCE = Duration.ofMillis(PATIENCE_MILLIS).toNanos();
    /** What a place takes in a ring that is half full, with references of eight bytes. */
    static final int PLACE = 16;
    /** What a stretch of an outbox takes, and its part of what it is a stretch of. */
    static final long STRETCH = 48;
    /** What it takes that an outbox has a {@link Lag}. */
    static final long LAG = 80;
    /** What a place takes that is found by a key: an entry of a table, and where the message is. */
    static final int PLACE_WITH_KEY = PLACE + 80;

    private final long limit;
    private final long crowded;
    private final long relieved;
    private final AtomicLong used = new AtomicLong();
    private final AtomicBoolean relieving = new AtomicBoolean();
    private volatile Runnable relief = () -> {};

    /** @param limit in bytes */
    public OutboundBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1 byte, but is " + limit);
        }
        this.limit = limit;
        this.crowded = limit - limit / 8;
        this.relieved = limit - limit / 4;
    }

    /** @param relief asked to make room, once at a time; {@link #endRelief} must follow */
    public void relieveWith(Runnable relief) {
        this.relief = relief;
    }

    /** Bytes that are held now. */
    public long used() {
        return used.get();
    }

    /** How many there may be. */
    public long limit() {
        return limit;
    }

    /** Whether so much is free that nobody else has to go: a quarter. */
    public boolean isRelieved() {
        return used.get() <= relieved;
    }

    /** Whoever was asked to make room has done what it can. */
    public void endRelief() {
        relieving.set(false);
    }

    /** Has somebody make room if there is little. Not for callers who hold a lock. */
    void relieveIfCrowded() {
        if (used.get() > crowded && relieving.compareAndSet(false, true)) {
            try {
                relief.run();
            } catch (RuntimeException | Error e) { // it is to be asked again all the same
                endRelief();
                throw e;
            }
        }
    }

    /**
     * Says that an outbox holds more, or less.
     *
     * @return whether all of them are within the limit
     */
    boolean change(long bytes) {
        return used.addAndGet(bytes) <= limit;
    }
}
