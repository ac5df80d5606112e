package dev.realtime.redis;

/** What a node does with the messages of a channel. */
@FunctionalInterface
public interface IntakeHandler<T> {
    /**
     * Called for each message that this node hears, one after another for each channel, on a thread of the {@link RedisIntake}'s that it may block.
     * What it throws is logged and counted, and the channel goes on.
     *
     * @param message who heard what; its audiences do what they do once in the cluster
     * @param payload bound to its type and validated; null only where the contract allows it
     */
    void handle(IntakeMessage message, T payload) throws Exception;
}
