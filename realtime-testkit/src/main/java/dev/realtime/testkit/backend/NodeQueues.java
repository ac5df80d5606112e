package dev.realtime.testkit.backend;

import dev.realtime.spi.Queues;
import dev.realtime.testkit.backend.Line.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Queues as one node sees them. */
final class NodeQueues implements Queues {
    private final NodeBackend backend;

    NodeQueues(NodeBackend backend) {
        this.backend = backend;
    }

    private <T> CompletionStage<T> call(String queue, BiFunction<StoredQueue, Instant, T> use) {
        return backend.call(Traffic.QUEUES, () -> backend.store().queues(queues -> queues.use(queue, use)));
    }

    @Override
    public CompletionStage<Added> put(String queue, Item item, Bounds bounds) {
        return call(queue, (items, now) -> items.put(item, bounds, now));
    }

    @Override
    public CompletionStage<Page> find(String queue, Collection<String> ids) {
        List<String> wanted = List.copyOf(ids);
        return call(queue, (items, now) -> new Page(items.find(wanted), now));
    }

    @Override
    public CompletionStage<Page> list(String queue, @Nullable String after, int limit) {
        return call(queue, (items, now) -> new Page(items.list(after, limit), now));
    }

    @Override
    public CompletionStage<Size> size(String queue) {
        return call(queue, (items, now) -> new Size(items.size(), items.bytes(), now));
    }

    @Override
    public CompletionStage<Taken> take(String queue, int limit, Duration lease, String owner) {
        return call(queue, (items, now) -> items.take(limit, lease, owner, now));
    }

    @Override
    @SuppressWarnings("NullAway") // nothing is what it completes with
    public CompletionStage<Void> release(String queue, Collection<String> ids, String owner) {
        List<String> wanted = List.copyOf(ids);
        return call(queue, (items, now) -> {
            items.release(wanted, owner);
            return null;
        });
    }

    @Override
    public CompletionStage<Removed> remove(String queue, Collection<String> ids) {
        List<String> wanted = List.copyOf(ids);
        return call(queue, (items, now) -> new Removed(items.remove(wanted), now));
    }

    @Override
    public CompletionStage<Removed> removeAt(String queue, Collection<String> places) {
        List<String> wanted = List.copyOf(places);
        return call(queue, (items, now) -> new Removed(items.removeAt(wanted), now));
    }

    @Override
    public CompletionStage<Size> clear(String queue) {
        return call(queue, (items, now) -> {
            Size size = new Size(items.size(), items.bytes(), now);
            items.clear();
            return size;
        });
    }
}
