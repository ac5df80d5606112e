package dev.realtime.redis.internal.connection;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;

/**
 * A command on its way.
 *
 * @param key decides which server gets it
 * @param instead to be sent when the server does not know the script; null when there is none
 * @param size of its arguments, in bytes
 * @param deadline on the monotonic clock, in nanoseconds
 */
@SuppressWarnings("NullAway") // a reply may be null, which the generic type cannot say here
record Command(
        String key,
        CommandArguments arguments,
        @Nullable Supplier<CommandArguments> instead,
        int size,
        long deadline,
        CompletableFuture<@Nullable Object> reply) {

    boolean isLate() {
        return System.nanoTime() - deadline >= 0;
    }

    Command other(CommandArguments arguments) {
        return new Command(key, arguments, null, size, deadline, reply);
    }
}
