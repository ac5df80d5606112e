package dev.realtime.redis.internal.stream;

import dev.realtime.spi.Log;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Position;
import dev.realtime.spi.Registration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
    private Position scanned; // how far it has read the stream itself
    private boolean live;
    private boolean fetching;
    private boolean out; // the reader has a batch
    private boolean calling; // a thread is in the loop of wake()
    private boolean closed;

    private record Waiting(PlacedEntry placed, int size) {}

    /** @param live whether all behind {@code after} will be offered */
    Follower(RedisStream stream, NamespaceFeed feed, Position after, boolean live, Log.Reader reader) {
        this.stream = stream;
        this.feed = feed;
        this.place = after;
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
            LOG.warn("a namespace that cannot keep up loses an event while Redis cannot be reached");
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

    /** Hands out batch after batch while the reader is ready at once. Call without locks. */
    void wake() {
        List<PlacedEntry> batch = next(false);
        while (!batch.isEmpty()) {
            reader.entries(batch, this::ready);
            batch = next(true);
        }
        fetch();
    }

    private synchronized List<PlacedEntry> next(boolean mine) {
        if (calling && !mine) {
            return List.of();
        }
        List<PlacedEntry> batch = new ArrayList<>();
        if (!out && !closed) {
            for (Waiting one; batch.size() < BATCH && (one = waiting.pollFirst()) != null; ) {
                batch.add(one.placed);
                bytes -= one.size;
            }
        }
        calling = !batch.isEmpty();
        out |= calling;
        return batch;
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

    private void take(History.Page page) {
        if (page.gap()) {
            stream.lostEntries("a follower of " + feed.namespace() + " was slower than the stream forgets");
        }
        stream.atomically(read -> {
            synchronized (this) {
                for (RawEntry raw : page.entries()) {
                    PlacedEntry placed = feed.decode(raw);
                    if (placed != null) {
                        add(placed, raw.size());
                    }
                }
                scanned = Position.max(scanned, page.through());
                live |= page.gap() || (page.complete() && !scanned.isBefore(read));
            }
        });
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
