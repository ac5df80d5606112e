package dev.realtime.redis;

import dev.realtime.Broadcast;
import dev.realtime.spi.Target;
import java.util.Map;

/**
 * A message of another service, as its {@linkplain IntakeHandler handler} gets it on each node that hears it. For the thread of the handler, until it
 * has returned.
 */
public final class IntakeMessage {
    private final String channel;
    private final String id;
    private final RealtimePublisher publisher;
    private final OnceEffects effects;

    IntakeMessage(String channel, String id, RealtimePublisher publisher, OnceEffects effects) {
        this.channel = channel;
        this.id = id;
        this.publisher = publisher;
        this.effects = effects;
    }

    /** Returns the channel that it was published on. */
    public String channel() {
        return channel;
    }

    /** Returns what tells it from other messages of its channel: the id that the payload has, or else a digest of its bytes. */
    public String id() {
        return id;
    }

    /**
     * Returns everybody in a namespace, to be narrowed. What is done to them (an emit, a join, a leave, a disconnect) is done once in the cluster,
     * however many nodes have heard the message: each of them tries, and the log recognises the message's id, what is done, and the how many-eth of
     * its kind it is. So handlers must do the same on each node, and what is of one kind, such as two emits of one event, in the same order: what
     * they do depends on the payload alone.
     *
     * <p>What is narrowed from it throws {@link IllegalStateException} when it is used by another thread, or later than the handler, or more than 30
     * seconds after the message was heard. There are no {@linkplain Broadcast#asVolatile() volatile} events: they have no place in a log ({@link
     * UnsupportedOperationException}).
     *
     * @param name with its slash
     * @throws IllegalArgumentException when no node could serve a namespace of that name
     */
    public Broadcast namespace(String name) {
        return new PublisherAudience(publisher, publisher.namespace(name).name(), Target.EVERYBODY, Map.of(), effects);
    }

    /** Names the channel and the id. */
    @Override
    public String toString() {
        return "IntakeMessage[" + channel + ", " + id + "]";
    }
}
