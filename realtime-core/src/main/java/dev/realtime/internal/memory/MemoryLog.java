package dev.realtime.internal.memory;

import dev.realtime.Position;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory. Positions are {@code birth-sequence}: the birth of the log in milliseconds, so that a log that was forgotten and
 * began again stands behind its predecessor.
 *
 * <p>Followers pull: each keeps its own place and takes all entries behind it as one batch when it is ready, so a follower that is
 * slower than the appenders gets larger batches instead of a queue. Entries that a follower has not read yet are kept beyond the
 * retention, which the follower's back-pressure bounds in turn.
 */
final class MemoryLog {
    private static final int MAX_BATCH = 1024;

    private final Time time;
    private final Retention retention;
    private final long birth;
    private final long birthNanos;
    private final KeptEntries entries = new KeptEntries();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private final KnownIds ids;
    private long bytes;
    private long sequence;
    private volatile Position tail;
    private Position trimmed; // everything up to here is gone
    private int users;

    MemoryLog(Time time, Retention retention) {
        this.time = time;
        this.retention = retention;
        this.birth = time.now().toEpochMilli();
        this.birthNanos = time.nanoTime();
        this.tail = new Position(birth, 0);
        this.trimmed = tail;
        this.ids = new KnownIds(time);
    }

    void retain() {
        synchronized (lock) {
            users++;
        }
    }

    /** Whether that was the last user. */
    boolean release() {
        synchronized (lock) {
            return --users == 0;
        }
    }

    CompletionStage<Position> append(LogEntry entry) {
        Position position;
        synchronized (lock) {
            position = add(entry);
        }
        wakeFollowers();
        return CompletableFuture.completedFuture(position);
    }

    /** @param entry null to append nothing under this id, now or later */
    CompletionStage<Log.Once> appendOnce(String id, @Nullable LogEntry entry, Duration remembered) {
        Log.Once once;
        synchronized (lock) {
            once = ids.once(id, remembered, () -> entry == null ? null : add(entry));
        }
        wakeFollowers();
        return CompletableFuture.completedFuture(once);
    }

    private Position add(LogEntry entry) {
        Position position = new Position(birth, ++sequence);
        int size = size(entry);
        entries.addLast(new KeptEntries.Kept(new PlacedEntry(position, entry, now()), time.nanoTime(), size));
        bytes += size;
        tail = position;
        trim();
        return position;
    }

    private void wakeFollowers() {
        for (Follower follower : followers) {
            follower.wake();
        }
    }

    private static int size(LogEntry entry) {
        if (entry instanceof LogEntry.Emit emit) {
            return emit.event().size();
        }
        return entry instanceof LogEntry.Note note ? note.text().length() : 0;
    }

    /** The clock that dates entries: no jump of the wall clock moves it. */
    long now() {
        return birth + TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - birthNanos);
    }

    Position tail() {
        return tail;
    }

    Registration follow(Position after, Log.Reader reader) {
        Follower follower = new Follower(after, reader);
        followers.add(follower);
        follower.wake();
        return () -> {
            follower.close();
            followers.remove(follower);
        };
    }

    CompletionStage<List<PlacedEntry>> read(Position after, Position through, int limit) {
        synchronized (lock) {
            trim();
            if (after.isBefore(trimmed)) {
                return CompletableFuture.failedFuture(new Log.TrimmedException(after, trimmed));
            }
            return CompletableFuture.completedFuture(slice(after, through, limit));
        }
    }

    Log.Beginning beginning(Position through, int limit) {
        synchronized (lock) {
            trim();
            List<PlacedEntry> oldest = slice(trimmed, through, limit);
            Position reached = oldest.size() == limit ? oldest.get(limit - 1).position() : through;
            return new Log.Beginning(trimmed, oldest, reached);
        }
    }

    private List<PlacedEntry> slice(Position after, Position through, int limit) {
        List<PlacedEntry> slice = new ArrayList<>();
        for (int i = entries.firstBehind(after); i < entries.size() && slice.size() < limit; i++) {
            PlacedEntry placed = entries.get(i).placed();
            if (placed.position().isAfter(through)) {
                break;
            }
            slice.add(placed);
        }
        return slice;
    }

    private void trim() {
        long oldest = time.nanoTime() - retention.age().toNanos();
        Position needed = tail;
        for (Follower follower : followers) {
            if (follower.place.isBefore(needed)) {
                needed = follower.place;
            }
        }
        KeptEntries.Kept first;
        while ((first = entries.peekFirst()) != null
                && !first.placed().position().isAfter(needed)
                && (first.nanos() - oldest < 0
                        || retention.age().isZero()
                        || entries.size() > retention.entries()
                        || bytes > retention.bytes())) {
            entries.removeFirst();
            bytes -= first.bytes();
            trimmed = first.placed().position();
        }
    }

    /** A reader and its place. At most one batch is out at a time. */
    private final class Follower {
        private final Log.Reader reader;
        private volatile Position place;
        private boolean reading; // a batch is out; guarded by this
        private boolean calling; // a thread is in the loop below; guarded by this
        private boolean closed; // guarded by this

        Follower(Position place, Log.Reader reader) {
            this.place = place;
            this.reader = reader;
        }

        /** Hands out batch after batch while the reader is ready at once: a loop, whatever the reader does in its call. */
        void wake() {
            List<PlacedEntry> batch = next(false);
            while (!batch.isEmpty()) {
                Position last = batch.get(batch.size() - 1).position();
                reader.entries(batch, last, () -> read(last));
                batch = next(true);
            }
        }

        private synchronized List<PlacedEntry> next(boolean mine) {
            if (calling && !mine) {
                return List.of();
            }
            List<PlacedEntry> batch = reading || closed ? List.of() : behind(place);
            calling = !batch.isEmpty();
            reading |= calling;
            return batch;
        }

        private void read(Position last) {
            synchronized (this) {
                place = last;
                reading = false;
            }
            wake();
        }

        synchronized void close() {
            closed = true;
        }
    }

    private List<PlacedEntry> behind(Position place) {
        synchronized (lock) {
            return slice(place, tail, MAX_BATCH);
        }
    }
}
