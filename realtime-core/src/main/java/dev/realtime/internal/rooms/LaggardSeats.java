package dev.realtime.internal.rooms;

import dev.realtime.internal.outbox.Lag;
import dev.realtime.internal.outbox.Laggards;
import dev.realtime.internal.outbox.OutboundMessage;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which members of a room need not be looked at, since they have been given an event together: to look at ten thousand sessions takes a millisecond, most of it
 * waiting for memory. Who is seated has a lag that is open, or has ended since the seats were last {@linkplain Laggards#leaveSeats asked for}. In the fan-out's turn only.
 */
final class LaggardSeats {
    private final Laggards laggards;
    private final BitSet seats = new BitSet();
    private boolean served; // who is seated need not be looked at

    LaggardSeats(Laggards laggards) {
        this.laggards = laggards;
    }

    /**
     * Begins a walk.
     *
     * @param given what those who are behind have been given together; null for nothing
     * @return the members
     */
    <M extends Member> Membership<M>[] begin(RoomMembers<M> room, @Nullable OutboundMessage given) {
        Membership<M>[] members = room.snapshot(seats);
        laggards.leaveSeats(seats);
        served = given != null && laggards.gave(given);
        return members;
    }

    /** How many have been given it and are passed over. */
    int served() {
        return served ? seats.cardinality() : 0;
    }

    /** The next place from one on whose member is to be looked at. */
    int next(int from) {
        return served ? seats.nextClearBit(from) : from;
    }

    /** A member is behind. */
    void add(int place, @Nullable Lag lag) {
        if (lag != null && laggards.seat(lag, place)) {
            seats.set(place);
        }
    }
}
