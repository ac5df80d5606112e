package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.AppendQueueFullException;
import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.internal.wire.StreamFields;
import dev.realtime.spi.LogEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What waits to be appended to a stream: bounded by count and bytes, those on the wire included. */
final class AppendQueue {
    private final int mostEntries;
    private final long mostBytes;
    // guarded by this
    private final ArrayDeque<Append> queue = new ArrayDeque<>();
    private int entries;
    private long bytes;
    private long number;
    private boolean closed;
    private boolean overflowed;
    private boolean poked;

    AppendQueue(int mostEntries, long mostBytes) {
        this.mostEntries = mostEntries;
        this.mostBytes = mostBytes;
    }

    CompletionStage<Position> add(NamespaceFeed feed, LogEntry entry, StreamFields fields) {
        CompletableFuture<Position> stage = new CompletableFuture<>();
        RuntimeException refused;
        synchronized (this) {
            Append append = new Append(number, System.nanoTime(), feed, entry, fields, stage);
            if (closed) {
                refused = new BackendUnavailableException("the Redis backend is closed", null);
            } else if (entries >= mostEntries || bytes + append.size() > mostBytes) {
                refused = new AppendQueueFullException(entries, bytes);
                overflowed = true;
                notifyAll();
            } else {
                number++;
                entries++;
                bytes += append.size();
                queue.addLast(append);
                notifyAll();
                return stage;
            }
        }
        stage.completeExceptionally(refused);
        return stage;
    }

    /** Waits until there is something, or for a while. */
    @SuppressWarnings("WaitNotInLoop") // too early does no harm
    synchronized void await(long millis) {
        try {
            if (queue.isEmpty() && !closed) {
                wait(millis);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Waits that long unless it is closed, poked or overflows meanwhile; one that was closed before waits too. */
    synchronized void pause(long millis) {
        boolean before = closed;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        poked = false;
        try {
            for (long left = millis; left > 0 && closed == before && !overflowed && !poked; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** The oldest, at most so many. They count until they are {@link #finished}. */
    synchronized List<Append> take(int most, int mostSize) {
        List<Append> batch = new ArrayList<>();
        int size = 0;
        while (!queue.isEmpty() && batch.size() < most && size < mostSize) {
            Append append = queue.pollFirst();
            size += append.size();
            batch.add(append);
        }
        return batch;
    }

    synchronized void finished(Append append) {
        entries--;
        bytes -= append.size();
    }

    /** When the oldest began to wait; now when there is none. */
    synchronized long oldest() {
        Append first = queue.peekFirst();
        return first == null ? System.nanoTime() : first.since();
    }

    /** Whether something was refused since this was asked last. */
    synchronized boolean overflowed() {
        boolean did = overflowed;
        overflowed = false;
        return did;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized boolean isEmpty() {
        return queue.isEmpty();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Something else has changed. */
    synchronized void poke() {
        poked = true;
        notifyAll();
    }
}
