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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What waits to be appended to a stream: bounded by count and bytes, those on the wire included. */
final class AppendQueue {
    private final int mostEntries;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock(); // whose condition waits for less than a millisecond too
    private final Condition changed = lock.newCondition();
    // guarded by the lock
    private final ArrayDeque<Append> queue = new ArrayDeque<>();
    private int entries;
    private long bytes;
    private long number;
    private boolean closed;
    private boolean overflowed; // since the last one was finished
    private boolean poked;

    AppendQueue(int mostEntries, long mostBytes) {
        this.mostEntries = mostEntries;
        this.mostBytes = mostBytes;
    }

    CompletionStage<Position> add(NamespaceFeed feed, LogEntry entry, StreamFields fields, @Nullable OnceAppend once) {
        CompletableFuture<Position> stage = new CompletableFuture<>();
        RuntimeException refused;
        lock.lock();
        try {
            Append append = new Append(number, System.nanoTime(), feed, entry, fields, once, stage);
            if (closed) {
                refused = new BackendUnavailableException("the Redis backend is closed", null);
            } else if (entries >= mostEntries || bytes + append.size() > mostBytes) {
                refused = new AppendQueueFullException(entries, bytes);
                if (!overflowed && append.size() <= mostBytes) {
                    overflowed = true;
                    poked = true;
                    changed.signalAll();
                }
            } else {
                number++;
                entries++;
                bytes += append.size();
                queue.addLast(append);
                changed.signalAll();
                return stage;
            }
        } finally {
            lock.unlock();
        }
        stage.completeExceptionally(refused);
        return stage;
    }

    /** Waits until there is something, it is closed or poked, or for a while. */
    @SuppressWarnings("WaitNotInLoop") // too early does no harm
    void await(long nanos) {
        lock.lock();
        try {
            if (queue.isEmpty() && !closed) {
                changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits that long unless it is closed or poked meanwhile, or begins to overflow; one that was closed before waits too. */
    void pause(long millis) {
        lock.lock();
        try {
            boolean before = closed;
            for (long left = TimeUnit.MILLISECONDS.toNanos(millis); left > 0 && closed == before && !poked; ) {
                left = changed.awaitNanos(left);
            }
            poked = false;
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest, at most so many. They count until they are {@link #finished}. */
    List<Append> take(int most, int mostSize) {
        List<Append> batch = new ArrayList<>();
        int size = 0;
        lock.lock();
        try {
            while (!queue.isEmpty() && batch.size() < most && size < mostSize) {
                Append append = queue.pollFirst();
                size += append.size();
                batch.add(append);
            }
        } finally {
            lock.unlock();
        }
        return batch;
    }

    void finished(Append append) {
        lock.lock();
        try {
            entries--;
            bytes -= append.size();
            overflowed = false;
        } finally {
            lock.unlock();
        }
    }

    /** When the oldest began to wait; now when there is none. */
    long oldest() {
        lock.lock();
        try {
            Append first = queue.peekFirst();
            return first == null ? System.nanoTime() : first.since();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is so full that something was refused, and nothing has been {@link #finished} since. */
    boolean isOverflowing() {
        lock.lock();
        try {
            return overflowed;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Something else has changed. */
    void poke() {
        lock.lock();
        try {
            poked = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
