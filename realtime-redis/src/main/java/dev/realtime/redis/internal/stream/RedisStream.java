package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Retention;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stream, and the namespaces of this node whose log it is. */
public final class RedisStream {
    private final String name;
    private final String writer;
    private final OwnEntries own;
    private final Progress progress;
    private final StreamHistory history;
    private final Consumer<String> lost;
    private final StreamEntryCodec codec;
    private final AtomicInteger keep;
    private final Map<String, NamespaceFeed> feeds = new ConcurrentHashMap<>();
    private final Set<String> shares =
            ConcurrentHashMap.newKeySet(); // of the bytes; as many as there are configurations
    private final ByteBudget budget = new ByteBudget();
    private final ServerClock clock;
    private final BoundedLog lines;
    private final Object handing = new Object();
    private final LocalDeliveries local = new LocalDeliveries(); // guarded by handing

    /**
     * @param writer the writer of this node, unique in the cluster
     * @param tail the last id of the stream
     * @param lost told when entries were forgotten that somebody still had to read
     * @param leastEntries that the stream keeps at least
     */
    public RedisStream(
            String name,
            String writer,
            Position tail,
            Commands history,
            StreamEntryCodec codec,
            Consumer<String> lost,
            int leastEntries,
            ServerClock clock,
            BoundedLog lines) {
        this.name = name;
        this.writer = writer;
        this.own = new OwnEntries(writer);
        this.progress = new Progress(tail);
        this.history = new StreamHistory(history, name);
        this.codec = codec;
        this.lost = lost;
        this.clock = clock;
        this.lines = lines;
        this.keep = new AtomicInteger(leastEntries);
    }

    public String name() {
        return name;
    }

    String writer() {
        return writer;
    }

    OwnEntries own() {
        return own;
    }

    Progress progress() {
        return progress;
    }

    StreamHistory history() {
        return history;
    }

    BoundedLog lines() {
        return lines;
    }

    StreamEntryCodec codec() {
        return codec;
    }

    /** How many entries the stream keeps at least; one more than was asked for, so that its end can be seen. */
    int keep() {
        return keep.get() + 1;
    }

    NamespaceFeed feed(String namespace, Retention retention) {
        keep.accumulateAndGet(retention.entries(), Math::max);
        return feeds.compute(namespace, (name, known) -> {
            String share = retention.share();
            if (shares.add(share == null ? name : share)) {
                budget.grow(retention.bytes()); // and never less: other nodes may still need it
            }
            NamespaceFeed feed = known == null ? new NamespaceFeed(name, codec, lines, progress.known()) : known;
            feed.hold();
            return feed;
        });
    }

    /** A log that was fed ends; with the last one of its namespace the feed does. */
    void letGo(NamespaceFeed feed) {
        feeds.computeIfPresent(feed.namespace(), (name, known) -> known.equals(feed) && known.letGo() ? null : known);
    }

    /** How many bytes the stream keeps for them. */
    long bytes() {
        return budget.most();
    }

    /** Everything up to here is more than has to be kept. */
    Position spent() {
        return budget.gone();
    }

    /** Begins to feed a reader. */
    Follower follow(NamespaceFeed feed, Position after, Log.Reader reader) {
        Follower follower;
        synchronized (handing) {
            follower = new Follower(this, feed, after, !after.isBefore(progress.read()), reader);
            feed.add(follower);
        }
        follower.wake();
        return follower;
    }

    /** Does something while nothing is handed on; it is told how far the reader is. */
    void atomically(Consumer<Position> action) {
        synchronized (handing) {
            action.accept(progress.read());
        }
    }

    /** Entries of the stream, in order. */
    void hand(List<RawEntry> entries) {
        synchronized (handing) {
            for (RawEntry raw : entries) {
                long number = own.number(raw.number());
                if (number == OwnEntries.NOT_OURS || !local.wasHandedOn(number)) {
                    NamespaceFeed feed = feed(raw);
                    PlacedEntry placed = feed == null ? null : placed(raw, number, feed);
                    if (placed != null && feed != null) {
                        feed.offer(placed, raw.size());
                    }
                }
                budget.add(raw.position(), raw.size());
                progress.hasRead(raw.position());
            }
            feeds.values().forEach(feed -> feed.progressed(progress.read()));
        }
        wake();
    }

    private @Nullable PlacedEntry placed(RawEntry raw, long number, NamespaceFeed feed) {
        LogEntry ours = own.read(number);
        return ours == null ? feed.decode(raw) : new PlacedEntry(raw.position(), ours);
    }

    private @Nullable NamespaceFeed feed(RawEntry raw) {
        return raw.fields() == null ? null : feeds.get(raw.fields().namespace());
    }

    /**
     * An entry that reaches this node only.
     *
     * @param number of an entry that may be in the stream all the same; {@link OwnEntries#NOT_OURS} for one that was never sent
     */
    void handLocally(NamespaceFeed feed, LogEntry entry, long number, int size) {
        synchronized (handing) {
            if (number != OwnEntries.NOT_OURS && !local.handsOn(number)) {
                return;
            }
            feed.offerLocal(new PlacedEntry(progress.local(), entry, clock.millis()), size);
        }
        feed.wake();
    }

    /** Lets those go on that wait for another page. */
    void wake() {
        feeds.values().forEach(NamespaceFeed::wake);
    }

    void lostEntries(String why) {
        lost.accept(why);
    }
}
