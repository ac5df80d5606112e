package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.spi.Log;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Registration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one reader of a namespace's log. While it keeps up, entries come from the stream's reader; when more wait than it may hold, or it
 * begins in the past, it reads the stream itself, page by page, until it has caught up: a slow one delays nobody.
 */
final class Follower implements Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    static final int MOST_ENTRIES = 8_192;
    private static final long MOST_BYTES = 32L << 20;
    private static final int BATCH = 1_024;

    private final RedisStream stream;
    private final NamespaceFeed feed;
    private final Log.Reader reader;
    // guarded by this
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long bytes;
    private Position place; // what came last, or where it began
    private Position given; // how far the reader has been told
    private Position scanned; // how far it has read the stream itself
    private boolean live;
    private boolean fetching;
    private boolean out; // the reader has a batch
    private boolean calling; // a thread is in the loop of wake()
    private boolean closed;

    private record Waiting(PlacedEntry placed, int size) {}

    private record Batch(List<PlacedEntry> entries, Position through) {}

    /** @param live whether all behind {@code after} will be offered */
    Follower(RedisStream stream, NamespaceFeed feed, Position after, boolean live, Log.Reader reader) {
        this.stream = stream;
        this.feed = feed;
        this.place = after;
        this.given = after;
        this.scanned = after;
        this.live = live;
        this.reader = reader;
    }

    /** An entry of the stream, in order. Followed by {@link #wake()}. */
    synchronized void offer(PlacedEntry placed, int size) {
        if (!live) {
            return;
        }
        if (waiting.size() >= MOST_ENTRIES || bytes >= MOST_BYTES) {
            live = false;
            scanned = place;
            return;
        }
        add(placed, size);
    }

    /** An entry that is in no stream. Nothing else comes before Redis is back, and then under another epoch. */
    synchronized void offerLocal(PlacedEntry placed, int size) {
        live = true;
        if (waiting.size() >= MOST_ENTRIES || bytes >= MOST_BYTES) {
            stream.lines()
                    .warn(LOG, "", "a namespace that cannot keep up loses an event while Redis cannot be reached");
            return;
        }
        add(placed, size);
    }

    private void add(PlacedEntry placed, int size) {
        if (!closed && placed.position().isAfter(place)) {
            waiting.addLast(new Waiting(placed, size));
            bytes += size;
            place = placed.position();
        }
    }

    /** The stream has been read so far, and all of this namespace in it has been offered. Followed by {@link #wake()}. */
    synchronized void reached(Position position) {
        if (live) {
            place = Position.max(place, position);
        }
    }

    /** Hands out batch after batch while the reader is ready at once. Call without locks. */
    void wake() {
        Batch batch = next(false);
        while (batch != null) {
            reader.entries(batch.entries, batch.through, this::ready);
            batch = next(true);
        }
        fetch();
    }

    /** What the reader gets next; null when it is not ready or has everything. */
    private synchronized @Nullable Batch next(boolean mine) {
        if (calling && !mine) {
            return null;
        }
        Batch batch = out || closed ? null : batch();
        calling = batch != null;
        out |= calling;
        return batch;
    }

    private @Nullable Batch batch() {
        List<PlacedEntry> entries = new ArrayList<>();
        for (Waiting one; entries.size() < BATCH && (one = waiting.pollFirst()) != null; ) {
            entries.add(one.placed);
            bytes -= one.size;
        }
        Position through =
                waiting.isEmpty() ? place : entries.get(entries.size() - 1).position();
        if (!through.isAfter(given)) {
            return null;
        }
        given = through;
        return new Batch(entries, through);
    }

    private void ready() {
        synchronized (this) {
            out = false;
        }
        wake();
    }

    private void fetch() {
        Position from;
        synchronized (this) {
            if (live || fetching || closed || !waiting.isEmpty()) {
                return;
            }
            fetching = true;
            from = scanned;
        }
        stream.history().page(from, Position.END).whenComplete((page, failure) -> {
            if (failure != null || page == null) {
                fetched();
            } else {
                take(page);
            }
        });
    }

    private void take(StreamHistory.Page page) {
        stream.atomically(read -> {
            synchronized (this) {
                for (RawEntry raw : page.entries()) {
                    PlacedEntry placed = feed.decode(raw);
                    if (placed != null) {
                        add(placed, raw.size());
                    }
                }
                scanned = Position.max(scanned, page.through());
                place = Position.max(place, scanned);
                live |= page.gap() || (page.complete() && !scanned.isBefore(read));
            }
        });
        if (page.gap()) {
            stream.lostEntries("a follower of " + feed.namespace() + " was slower than the stream forgets");
        }
        fetched();
    }

    private void fetched() {
        synchronized (this) {
            fetching = false;
            if (waiting.isEmpty() && !live) {
                return; // the stream's reader wakes it again
            }
        }
        wake();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
        }
        feed.remove(this);
    }
}
