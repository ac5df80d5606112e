package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.redis.internal.wire.StreamFields;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node knows of one namespace's part of a stream, and who follows it. */
final class NamespaceFeed {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceFeed.class);

    private final String namespace;
    private final StreamEntryCodec codec;
    private final BoundedLog lines;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private Position tail; // guarded by this
    private int holders; // guarded by the map of feeds

    NamespaceFeed(String namespace, StreamEntryCodec codec, BoundedLog lines, Position tail) {
        this.lines = lines;
        this.namespace = namespace;
        this.codec = codec;
        this.tail = tail;
    }

    String namespace() {
        return namespace;
    }

    /** One more uses it. */
    void hold() {
        holders++;
    }

    /** Whether that was the last that used it. */
    boolean letGo() {
        return --holders == 0;
    }

    synchronized Position tail() {
        return tail;
    }

    synchronized void reached(Position position) {
        tail = Position.max(tail, position);
    }

    /** Null when it is another namespace's or not for us. */
    @Nullable
    PlacedEntry decode(RawEntry raw) {
        StreamFields fields = raw.fields();
        if (fields == null || !fields.namespace().equals(namespace)) {
            return null;
        }
        LogEntry entry;
        try {
            entry = codec.decode(fields);
        } catch (RuntimeException e) {
            lines.error(
                    LOG, namespace, "the entry {} of {} cannot be read and is left out", raw.position(), namespace, e);
            return null;
        }
        return entry == null ? null : new PlacedEntry(raw.position(), entry);
    }

    void offer(PlacedEntry placed, int size) {
        reached(placed.position());
        for (Follower follower : followers) {
            follower.offer(placed, size);
        }
    }

    void offerLocal(PlacedEntry placed, int size) {
        reached(placed.position());
        for (Follower follower : followers) {
            follower.offerLocal(placed, size);
        }
    }

    /** The stream has been read so far. */
    void progressed(Position position) {
        reached(position);
        for (Follower follower : followers) {
            follower.reached(position);
        }
    }

    void wake() {
        followers.forEach(Follower::wake);
    }

    void add(Follower follower) {
        followers.add(follower);
    }

    void remove(Follower follower) {
        followers.remove(follower);
    }
}
