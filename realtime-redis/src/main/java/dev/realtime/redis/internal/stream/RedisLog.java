package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.Stages;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node's hold on the log of a namespace. */
public final class RedisLog implements Log {
    private final RedisStream stream;
    private final StreamWriter writer;
    private final NamespaceFeed feed;
    private final String node;
    private final Retention retention;
    private final ServerClock clock;
    private final Executor callbacks;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Queue<Registration> followed = new ConcurrentLinkedQueue<>();

    public RedisLog(
            RedisStream stream,
            StreamWriter writer,
            String namespace,
            String node,
            Retention retention,
            ServerClock clock,
            Executor callbacks) {
        this.stream = stream;
        this.writer = writer;
        this.feed = stream.feed(namespace, retention);
        this.node = node;
        this.retention = retention;
        this.clock = clock;
        this.callbacks = callbacks;
    }

    @Override
    public CompletionStage<Position> append(LogEntry entry) {
        return writer.append(feed, node, entry);
    }

    @Override
    public CompletionStage<Once> appendOnce(String id, LogEntry entry, Duration remembered) {
        return writer.appendOnce(feed, node, entry, new OnceAppend(id, remembered));
    }

    @Override
    public CompletionStage<Once> forbid(String id, Duration remembered) {
        return Stages.map(stream.history().forbid(feed.namespace(), id, remembered), callbacks, once -> once);
    }

    @Override
    public Position tail() {
        return feed.tail();
    }

    @Override
    public CompletionStage<Position> latest() {
        return stream.history().latest().thenApplyAsync(found -> found, callbacks);
    }

    /** Redis dates the entries, so its clock is at least as far as the last of them. */
    @Override
    public long now() {
        return Math.max(clock.millis(), feed.tail().time());
    }

    @Override
    public Registration follow(Position after, Reader reader) {
        Registration follower = stream.follow(feed, after, reader);
        followed.add(follower);
        return follower;
    }

    @Override
    public boolean lendsThread() {
        return true;
    }

    @Override
    public CompletionStage<List<PlacedEntry>> read(Position after, Position through, int limit) {
        return Stages.map(collect(after, after, through, limit, new ArrayList<>()), callbacks, found -> found);
    }

    private CompletionStage<List<PlacedEntry>> collect(
            Position wanted, Position after, Position through, int limit, List<PlacedEntry> found) {
        if (!after.isBefore(through)) {
            return CompletableFuture.completedFuture(found);
        }
        return stream.history().pageInTurn(after, through).thenCompose(page -> {
            if (page.gap() || after.isBefore(stream.spent())) {
                return CompletableFuture.failedFuture(new TrimmedException(wanted, after));
            }
            long oldest = clock.millis() - retention.age().toMillis();
            for (RawEntry raw : page.entries()) {
                PlacedEntry placed = feed.decode(raw);
                if (placed == null) {
                    continue;
                }
                if (found.isEmpty() && raw.position().time() < oldest) {
                    return CompletableFuture.failedFuture(new TrimmedException(wanted, raw.position()));
                }
                found.add(placed);
                if (found.size() == limit) {
                    return CompletableFuture.completedFuture(found);
                }
            }
            return page.complete()
                    ? CompletableFuture.completedFuture(found)
                    : collect(wanted, page.through(), through, limit, found);
        });
    }

    @Override
    public CompletionStage<Beginning> beginning(Position through, int limit) {
        Position aged =
                new Position(Math.max(0, clock.millis() - retention.age().toMillis()), 0);
        Position start = Position.max(aged, stream.spent());
        return Stages.map(stream.history().page(start, through), callbacks, page -> {
            Position after = page.first() ? Position.START : page.gap() ? firstKnown(page, through) : start;
            List<PlacedEntry> found = new ArrayList<>();
            Position reached = page.complete() ? through : page.through();
            for (RawEntry raw : page.entries()) {
                PlacedEntry placed = raw.position().isAfter(after) ? feed.decode(raw) : null;
                if (placed != null) {
                    found.add(placed);
                    if (found.size() == limit) {
                        reached = placed.position();
                        break;
                    }
                }
            }
            return new Beginning(after, found, reached);
        });
    }

    /** What was forgotten lay before the first entry of the page. */
    private static Position firstKnown(StreamHistory.Page page, Position through) {
        return page.entries().isEmpty() ? through : page.entries().get(0).position();
    }

    @Override
    public void close() {
        for (Registration follower; (follower = followed.poll()) != null; ) {
            follower.close();
        }
        if (closed.compareAndSet(false, true)) {
            stream.letGo(feed);
        }
    }
}
