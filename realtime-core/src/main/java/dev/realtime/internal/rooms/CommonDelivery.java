package dev.realtime.internal.rooms;

import dev.realtime.internal.outbox.OutboundMessage;

/**
 * One event on its way to the members of rooms, the same for all of them. Used in the fan-out's turn only.
 *
 * @param <M> the members
 */
public interface CommonDelivery<M> {
    /** What all of them are given. */
    OutboundMessage message();

    /** Gives it to one of them. */
    void to(M member);

    /** So many have been given it together. */
    void toLaggards(int members);

    /** Something went wrong for one of them, or somebody could not be told; the others are given it all the same. */
    void failed(Throwable cause);
}
