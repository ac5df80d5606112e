package dev.realtime.redis.internal.store;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import dev.realtime.redis.internal.connection.Stages;
import dev.realtime.spi.Leases;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol;

/** Leases as two sorted sets, of the living and of those being taken over, by the end of their time on the server's clock. */
public final class RedisLeases implements Leases {
    private static final String LIVING = "realtime:{nodes}:living";
    private static final String DEAD = "realtime:{nodes}:dead";
    private static final List<String> KEYS = List.of(LIVING, DEAD);

    /** Longer than any lease and takeover: nothing renews the sets when all nodes have gone. */
    private static final long KEY_LIFE_MILLIS = Duration.ofDays(7).toMillis();

    private static final Script RENEW = Script.load(RedisLeases.class, "renew.lua");
    private static final Script ALIVE = Script.load(RedisLeases.class, "living.lua");
    private static final Script TAKE_OVER = Script.load(RedisLeases.class, "takeover.lua");
    private static final Script END = Script.load(RedisLeases.class, "end.lua");

    private final Commands commands;
    private final Executor callbacks;

    public RedisLeases(Commands commands, Executor callbacks) {
        this.commands = commands;
        this.callbacks = callbacks;
    }

    @Override
    public CompletionStage<Boolean> renew(String node, Duration lease) {
        return Stages.map(
                commands.run(RENEW, KEYS, node, lease.toMillis(), KEY_LIFE_MILLIS),
                callbacks,
                reply -> Long.valueOf(1).equals(reply));
    }

    @Override
    public CompletionStage<Set<String>> living() {
        return Stages.map(commands.run(ALIVE, List.of(LIVING)), callbacks, RedisLeases::names);
    }

    @Override
    public CompletionStage<Set<String>> takeOver(Duration patience) {
        return Stages.map(
                commands.run(TAKE_OVER, KEYS, patience.toMillis(), KEY_LIFE_MILLIS), callbacks, RedisLeases::names);
    }

    @Override
    public CompletionStage<Void> endTakeover(String node) {
        return Stages.map(commands.send(DEAD, Protocol.Command.ZREM, DEAD, node), callbacks, reply -> null);
    }

    @Override
    public CompletionStage<Void> end(String node) {
        return Stages.map(commands.run(END, KEYS, node), callbacks, reply -> null);
    }

    private static Set<String> names(@Nullable Object reply) {
        return reply instanceof List<?> names
                ? names.stream().map(RedisConnection::text).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }
}
