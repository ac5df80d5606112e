package dev.realtime.testkit.contract;

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
    private final boolean immediate;

    /** @param immediate whether every batch is done when it has been taken; otherwise when {@link #release} says so */
    LogFollower(boolean immediate) {
        this.immediate = immediate;
    }

    @Override
    public void entries(List<PlacedEntry> batch, Runnable ready) {
        if (open.incrementAndGet() > 1 || batch.isEmpty()) {
            overlaps.incrementAndGet();
        }
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

    int overlaps() {
        return overlaps.get();
    }
}
