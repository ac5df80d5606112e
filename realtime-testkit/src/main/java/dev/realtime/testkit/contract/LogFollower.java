package dev.realtime.testkit.contract;

import dev.realtime.Position;
import dev.realtime.spi.Log;
import dev.realtime.spi.PlacedEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Collects what a log delivers, and counts batches that overlap. */
final class LogFollower implements Log.Reader {
    private final BlockingQueue<PlacedEntry> entries = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> done = new LinkedBlockingQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final AtomicInteger disorders = new AtomicInteger();
    private volatile Position reached = Position.START;
    private final boolean immediate;

    /** @param immediate whether every batch is done when it has been taken; otherwise when {@link #release} says so */
    LogFollower(boolean immediate) {
        this.immediate = immediate;
    }

    @Override
    public void entries(List<PlacedEntry> batch, Position through, Runnable ready) {
        if (open.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
        }
        for (PlacedEntry entry : batch) {
            if (!entry.position().isAfter(reached) || entry.position().isAfter(through)) {
                disorders.incrementAndGet();
            }
        }
        reach(through);
        entries.addAll(batch);
        if (immediate) {
            open.decrementAndGet();
            ready.run();
        } else {
            done.add(ready);
        }
    }

    /** Waits for this many entries. */
    List<PlacedEntry> take(int count) {
        List<PlacedEntry> taken = new ArrayList<>();
        try {
            while (taken.size() < count) {
                PlacedEntry entry = entries.poll(Waiting.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (entry == null) {
                    throw new AssertionError("waited for " + count + " entries, but got " + taken);
                }
                taken.add(entry);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return taken;
    }

    /** Says that the oldest open batch is done. */
    void release() {
        try {
            Runnable ready = done.poll(Waiting.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (ready == null) {
                throw new AssertionError("no batch is open");
            }
            open.decrementAndGet();
            ready.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    int waiting() {
        return entries.size();
    }

    /** Entries that stood before what had been reached, or behind what the batch was said to reach. */
    int disorders() {
        return disorders.get();
    }

    private synchronized void reach(Position through) {
        reached = Position.max(reached, through);
        notifyAll();
    }

    /** Waits until the log says that it is so far. */
    synchronized void awaitReached(Position goal) {
        long end = System.nanoTime() + Waiting.PATIENCE.toNanos();
        try {
            while (reached.isBefore(goal)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError(
                            "the follower was to hear that the log is at " + goal + ", but is at " + reached);
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    int overlaps() {
        return overlaps.get();
    }
}
