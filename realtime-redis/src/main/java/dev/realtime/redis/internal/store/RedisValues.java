package dev.realtime.redis.internal.store;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import dev.realtime.redis.internal.connection.Stages;
import dev.realtime.spi.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Each value is a hash of its text and its version. Versions are the server's clock in microseconds, or one more than the version before: a
 * value that was lost, or has run out, comes back with a greater one.
 */
public final class RedisValues implements Values {
    private static final Script VALUES = Script.load(RedisValues.class, "values.lua");
    private static final String PREFIX = "realtime:value:";

    private final Commands commands;
    private final Executor callbacks;

    /** @param callbacks where stages complete */
    public RedisValues(Commands commands, Executor callbacks) {
        this.commands = commands;
        this.callbacks = callbacks;
    }

    @Override
    public CompletionStage<Value> find(String name) {
        return Stages.map(
                commands.step(VALUES, List.of(PREFIX + name), "find"), callbacks, reply -> value((List<?>) reply));
    }

    @Override
    public CompletionStage<Written> put(String name, long expectedVersion, @Nullable String text, Duration timeToLive) {
        CompletionStage<@Nullable Object> written = commands.step(
                VALUES,
                List.of(PREFIX + name),
                "put",
                expectedVersion,
                text == null ? 0 : 1,
                text == null ? "" : text,
                Math.max(1, timeToLive.toMillis()));
        return Stages.map(written, callbacks, reply -> {
            List<?> parts = (List<?>) reply;
            return new Written(Long.valueOf(1).equals(parts.get(3)), value(parts));
        });
    }

    private static Value value(List<?> parts) {
        Object text = parts.get(1);
        long micros = Long.parseLong(RedisConnection.text(parts.get(2)));
        return new Value(
                Long.parseLong(RedisConnection.text(parts.get(0))),
                text == null ? null : RedisConnection.text(text),
                Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
}
