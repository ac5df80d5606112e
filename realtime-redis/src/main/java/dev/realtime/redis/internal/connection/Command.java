package dev.realtime.redis.internal.connection;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;

/**
 * A command on its way.
 *
 * @param key decides which server gets it
 * @param arguments nothing for a step
 * @param instead to be sent when the server does not know the script; null when there is none
 * @param step of a script that does many in one call; null for any other command
 * @param size of its arguments, in bytes
 * @param deadline on the monotonic clock, in nanoseconds
 */
@SuppressWarnings("NullAway") // a reply may be null, which the generic type cannot say here
record Command(
        String key,
        CommandArguments arguments,
        @Nullable Supplier<CommandArguments> instead,
        @Nullable Step step,
        int size,
        long deadline,
        CompletableFuture<@Nullable Object> reply) {

    boolean isLate() {
        return System.nanoTime() - deadline >= 0;
    }

    Command other(Step other) {
        return new Command(key, arguments, null, other, size, deadline, reply);
    }

    /** What is to be sent to a server that does not know the script; null when that can not be. */
    @Nullable
    Command inFull() {
        if (step != null) {
            return step.inFull() ? null : other(step.sentInFull());
        }
        return instead == null ? null : new Command(key, instead.get(), null, null, size, deadline, reply);
    }
}
