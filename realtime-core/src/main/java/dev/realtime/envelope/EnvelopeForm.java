package dev.realtime.envelope;

import org.jspecify.annotations.Nullable;

/**
 * Makes what clients get of an event: the payload with what the server says of it, in the words that the clients of a game know.
 *
 * @param <T> the payload of the event
 */
@FunctionalInterface
public interface EnvelopeForm<T> {
    /**
     * Returns the only argument of the event. Called once for each emit, on the thread that emits.
     *
     * @param payload null for an event without one
     */
    @Nullable
    Object wrap(Envelope envelope, T payload);
}
