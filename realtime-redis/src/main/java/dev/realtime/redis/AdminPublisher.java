package dev.realtime.redis;

import dev.realtime.redis.internal.intake.SignedCommand;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends signed commands to the nodes, from {@link RealtimePublisher#admin}. One of the nodes that hear a command carries it out. Thread-safe; nothing
 * blocks.
 */
public final class AdminPublisher {
    private final String channel;
    private final AdminKey key;
    private final Supplier<CompletionStage<Long>> clock;
    private final Function<byte[], CompletionStage<Void>> publish;

    AdminPublisher(
            String channel,
            AdminKey key,
            Supplier<CompletionStage<Long>> clock,
            Function<byte[], CompletionStage<Void>> publish) {
        this.channel = channel;
        this.key = key;
        this.clock = clock;
        this.publish = publish;
    }

    /**
     * Asks Redis what time it is, signs the command and publishes it.
     *
     * @return completes when Redis has taken it, which does not say that a node has heard it: the channel is Pub/Sub, and what nobody hears is lost.
     *     Exceptionally if Redis may not have taken it
     */
    public CompletionStage<Void> send(AdminCommand command) {
        Objects.requireNonNull(command, "command");
        String text = AdminCommandForm.write(command);
        String nonce = UUID.randomUUID().toString();
        return clock.get()
                .thenCompose(now -> publish.apply(SignedCommand.sign(channel, key.id(), key.secret(), nonce, now, text)
                        .toJson()));
    }
}
