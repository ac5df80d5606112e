package dev.realtime.redis.internal.stream;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Position;
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
    private final History history;
    private final Consumer<String> lost;
    private final StreamEntryCodec codec;
    private final AtomicInteger keep;
    private final Map<String, NamespaceFeed> feeds = new ConcurrentHashMap<>();
    private final Set<String> deliveredLocally = ConcurrentHashMap.newKeySet();
    private final Set<String> shares =
            ConcurrentHashMap.newKeySet(); // of the bytes; as many as there are configurations
    private final ByteBudget budget = new ByteBudget();
    private final BoundedLog lines = new BoundedLog(System::nanoTime);
    private final Object handing = new Object();

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
            int leastEntries) {
        this.name = name;
        this.writer = writer;
        this.own = new OwnEntries(writer);
        this.progress = new Progress(tail);
        this.history = new History(history, name);
        this.codec = codec;
        this.lost = lost;
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

    History history() {
        return history;
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

    /** How many namespaces are fed. */
    int feeds() {
        return feeds.size();
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
                if (raw.number() == null || !deliveredLocally.remove(raw.number())) {
                    NamespaceFeed feed = feed(raw);
                    PlacedEntry placed = feed == null ? null : placed(raw, feed);
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

    private @Nullable PlacedEntry placed(RawEntry raw, NamespaceFeed feed) {
        LogEntry ours = own.read(raw.number());
        return ours == null ? feed.decode(raw) : new PlacedEntry(raw.position(), ours);
    }

    private @Nullable NamespaceFeed feed(RawEntry raw) {
        return raw.fields() == null ? null : feeds.get(raw.fields().namespace());
    }

    /** An entry that reaches this node only; if it should turn up in the stream, its number says that it has been here. */
    void handLocally(NamespaceFeed feed, LogEntry entry, @Nullable String number, int size) {
        synchronized (handing) {
            if (number != null) {
                deliveredLocally.add(number);
            }
            feed.offerLocal(new PlacedEntry(progress.local(), entry), size);
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
