package dev.realtime.testkit.backend;

import dev.realtime.Position;
import dev.realtime.spi.Log.Once;
import dev.realtime.spi.Retention;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of one namespace: bytes by position. A position is the backend's clock in milliseconds and a sequence within it, as in a Redis
 * stream. Not thread-safe: guarded by its {@link Store}.
 */
final class StoredLog {
    private final Time time;
    private final Undo undo;
    private final TreeMap<Position, Kept> entries = new TreeMap<>();
    private final List<StoredFollower> followers = new ArrayList<>();
    private final Map<String, KnownId> ids = new TreeMap<>();
    private Duration age = Duration.ZERO;
    private int maxEntries;
    private long maxBytes;
    private long bytes;
    private Position tail;
    private Position highest;
    private Position trimmed;
    private Position epochStart = Position.START;

    /** A place in the log that something still has to be read from. */
    interface StoredFollower {
        Position place();

        /** Entries up to here have been forgotten, whether it has read them or not. */
        void evicted(Position through);
    }

    @SuppressWarnings("ArrayRecordComponent") // never written to
    private record Kept(byte[] entry, long nanos) {}

    @SuppressWarnings("ArrayRecordComponent") // never written to
    record Placed(Position position, byte[] entry) {}

    private record KnownId(@Nullable Position position, long end) {}

    StoredLog(Time time, Undo undo) {
        this.time = time;
        this.undo = undo;
        this.tail = new Position(time.now().toEpochMilli(), 0);
        this.highest = tail;
        this.trimmed = tail;
    }

    /** Keeps at least what this and every earlier user wants. */
    void keep(Retention retention) {
        age = age.compareTo(retention.age()) >= 0 ? age : retention.age();
        maxEntries = Math.max(maxEntries, retention.entries());
        maxBytes = Math.max(maxBytes, retention.bytes());
    }

    /** The clock that dates entries: the server's. */
    long now() {
        return time.now().toEpochMilli();
    }

    Position append(byte[] entry) {
        long now = now();
        Position position = now > tail.time() ? new Position(now, 1) : new Position(tail.time(), tail.sequence() + 1);
        Position before = tail;
        entries.put(position, new Kept(entry, time.nanoTime()));
        bytes += entry.length;
        tail = position;
        highest = position;
        undo.changed(() -> {
            Kept lost = entries.remove(position);
            if (lost != null) {
                bytes -= lost.entry.length;
                tail = before;
            }
        });
        trim();
        return position;
    }

    /** @param append gives the position of what is appended under an id that is not known; null to append nothing under it */
    Once once(String id, Duration remembered, Supplier<@Nullable Position> append) {
        long now = time.nanoTime();
        ids.values().removeIf(known -> known.end - now < 0);
        KnownId known = ids.get(id);
        if (known != null) {
            return new Once(false, known.position);
        }
        Position position = append.get();
        ids.put(id, new KnownId(position, now + remembered.toNanos()));
        if (position == null) {
            undo.changed(() -> ids.remove(id));
        } else {
            undo.with(() -> ids.remove(id));
        }
        return new Once(true, position);
    }

    /** All that was written is lost. */
    void lose() {
        ids.clear();
        entries.clear();
        bytes = 0;
    }

    /** Whatever comes now stands behind everything that has ever been here. */
    void newEpoch() {
        tail = new Position(highest.time() + 1, 0);
        highest = tail;
        epochStart = tail;
    }

    /** Behind everything of the epoch before; the log's beginning in the first. */
    Position epochStart() {
        return epochStart;
    }

    Position tail() {
        return tail;
    }

    /** Entries behind a position, oldest first; null when some of them have been forgotten. */
    @Nullable
    List<Placed> read(Position after, Position through, int limit) {
        trim();
        return after.isBefore(trimmed) ? null : slice(after, through, limit);
    }

    List<Placed> slice(Position after, Position through, int limit) {
        List<Placed> slice = new ArrayList<>();
        if (after.isBefore(through)) {
            for (var entry : entries.subMap(after, false, through, true).entrySet()) {
                if (slice.size() == limit) {
                    break;
                }
                slice.add(new Placed(entry.getKey(), entry.getValue().entry));
            }
        }
        return slice;
    }

    Position oldest() {
        return trimmed;
    }

    /** Forgets everything up to here, whatever was asked to be kept. */
    void evict(Position through) {
        while (!entries.isEmpty() && !entries.firstKey().isAfter(through)) {
            forget();
        }
        followers.forEach(follower -> follower.evicted(trimmed));
    }

    void follow(StoredFollower follower) {
        followers.add(follower);
    }

    void unfollow(StoredFollower follower) {
        followers.remove(follower);
    }

    void trim() {
        long oldest = time.nanoTime() - age.toNanos();
        Position needed = tail;
        for (StoredFollower follower : followers) {
            Position place = follower.place();
            needed = place.isBefore(needed) ? place : needed;
        }
        while (!entries.isEmpty()
                && !entries.firstKey().isAfter(needed)
                && (entries.firstEntry().getValue().nanos - oldest < 0
                        || age.isZero()
                        || entries.size() > maxEntries
                        || bytes > maxBytes)) {
            forget();
        }
    }

    private void forget() {
        var first = entries.pollFirstEntry();
        bytes -= first.getValue().entry.length;
        trimmed = first.getKey();
    }
}
