package dev.realtime.redis.internal.store;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import dev.realtime.redis.internal.connection.Stages;
import dev.realtime.spi.Queues;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Each queue is four keys of one slot, which {@code queues.lua} describes and changes. */
public final class RedisQueues implements Queues {
    private static final Script QUEUES = Script.load(RedisQueues.class, "queues.lua");

    private final Commands commands;
    private final Executor callbacks;

    /** @param callbacks where stages complete */
    public RedisQueues(Commands commands, Executor callbacks) {
        this.commands = commands;
        this.callbacks = callbacks;
    }

    /** The colon keeps the hash tag from being empty, whatever the name begins with. */
    private static List<String> keys(String queue) {
        String prefix = "realtime:queue:{:" + queue + "}:";
        return List.of(prefix + "items", prefix + "order", prefix + "ranks", prefix + "ends");
    }

    private <T> CompletionStage<T> step(String queue, Function<List<?>, T> result, Object... arguments) {
        return Stages.map(
                commands.step(QUEUES, keys(queue), arguments), callbacks, reply -> result.apply((List<?>) reply));
    }

    private static Object[] with(Collection<String> ids, Object... before) {
        List<Object> arguments = new ArrayList<>(List.of(before));
        arguments.add(ids.size());
        arguments.addAll(ids);
        return arguments.toArray();
    }

    @Override
    public CompletionStage<Added> put(String queue, Item item, Bounds bounds) {
        return step(
                queue,
                RedisQueues::added,
                "put",
                item.id(),
                item.rank(),
                item.text(),
                item.delay().toMillis(),
                Math.max(1, item.life().toMillis()),
                bounds.items(),
                bounds.bytes(),
                bounds.isDropping() ? 1 : 0);
    }

    private static Added added(List<?> parts) {
        List<Dropped> dropped = new ArrayList<>();
        List<?> gone = (List<?>) parts.get(3);
        for (int i = 0; i + 1 < gone.size(); i += 2) {
            dropped.add(new Dropped(
                    RedisConnection.text(gone.get(i)), Integer.parseInt(RedisConnection.text(gone.get(i + 1)))));
        }
        return new Added(
                Outcome.valueOf(RedisConnection.text(parts.get(0))), moment(parts.get(1)), dropped, at(parts.get(2)));
    }

    @Override
    public CompletionStage<Page> find(String queue, Collection<String> ids) {
        return step(queue, RedisQueues::page, with(Set.copyOf(ids), "find"));
    }

    @Override
    public CompletionStage<Page> list(String queue, @Nullable String after, int limit) {
        return step(queue, RedisQueues::page, "list", after == null ? "" : after, limit);
    }

    private static Page page(List<?> parts) {
        return new Page(items(parts.get(1)), at(parts.get(0)));
    }

    @Override
    public CompletionStage<Size> size(String queue) {
        return step(queue, RedisQueues::size, "size");
    }

    private static Size size(List<?> parts) {
        return new Size(((Long) parts.get(1)).intValue(), (Long) parts.get(2), at(parts.get(0)));
    }

    @Override
    public CompletionStage<Taken> take(String queue, int limit, Duration lease, String owner) {
        return step(
                queue,
                parts -> new Taken(items(parts.get(2)), moment(parts.get(1)), at(parts.get(0))),
                "take",
                limit,
                Math.max(1, lease.toMillis()),
                owner);
    }

    @Override
    @SuppressWarnings("NullAway") // nothing is what it completes with
    public CompletionStage<Void> release(String queue, Collection<String> ids, String owner) {
        return step(queue, parts -> null, with(ids, "release", owner));
    }

    @Override
    public CompletionStage<Removed> remove(String queue, Collection<String> ids) {
        return step(queue, RedisQueues::removed, with(ids, "remove"));
    }

    @Override
    public CompletionStage<Removed> removeAt(String queue, Collection<String> places) {
        return step(queue, RedisQueues::removed, with(places, "removeAt"));
    }

    private static Removed removed(List<?> parts) {
        Set<String> ids = new LinkedHashSet<>();
        ((List<?>) parts.get(1)).forEach(id -> ids.add(RedisConnection.text(id)));
        return new Removed(ids, at(parts.get(0)));
    }

    @Override
    public CompletionStage<Size> clear(String queue) {
        return step(queue, RedisQueues::size, "clear");
    }

    private static List<Queued> items(@Nullable Object reply) {
        List<Queued> items = new ArrayList<>();
        for (Object each : reply instanceof List<?> all ? all : List.of()) {
            List<?> parts = (List<?>) each;
            items.add(new Queued(
                    RedisConnection.text(parts.get(0)),
                    Integer.parseInt(RedisConnection.text(parts.get(1))),
                    RedisConnection.text(parts.get(2)),
                    at(parts.get(3)),
                    at(parts.get(4)),
                    RedisConnection.text(parts.get(5))));
        }
        return items;
    }

    /** Null if none is told. */
    private static @Nullable Instant moment(@Nullable Object micros) {
        return RedisConnection.text(micros).isEmpty() ? null : at(micros);
    }

    private static Instant at(@Nullable Object micros) {
        return Instant.EPOCH.plus(Long.parseLong(RedisConnection.text(micros)), ChronoUnit.MICROS);
    }
}
