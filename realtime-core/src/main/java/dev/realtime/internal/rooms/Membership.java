package dev.realtime.internal.rooms;

import dev.realtime.Position;
import dev.realtime.internal.outbox.Lag;
import dev.realtime.internal.outbox.Laggards;
import dev.realtime.internal.outbox.Outbox;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One membership: from behind {@link #joined()} up to and including {@link #left()}. Live delivery and replay ask the same question
 * of it, {@link #covers}, which is why they agree.
 */
public final class Membership<M extends Member> {
    private final M member;
    private final String room;
    private volatile Position joined;
    private volatile @Nullable Position left;
    private volatile boolean ending; // it leaves, or has left
    int slot = -1; // place in its RoomMembers; guarded by that

    public Membership(M member, String room, Position joined, @Nullable Position left) {
        this.member = member;
        this.room = room;
        this.joined = joined;
        this.left = left;
    }

    public M member() {
        return member;
    }

    public String room() {
        return room;
    }

    public Position joined() {
        return joined;
    }

    public @Nullable Position left() {
        return left;
    }

    public boolean isOpen() {
        return left == null;
    }

    /** Whether an entry at this position is for the member; without a position, whether the member is there now. */
    public boolean covers(@Nullable Position position) {
        Position end = left;
        if (position == null) {
            return end == null;
        }
        return position.isAfter(joined) && (end == null || !position.isAfter(end));
    }

    void joinedEarlier(Position position) {
        if (position.isBefore(joined)) {
            joined = position;
        }
    }

    void leftEarlier(Position position) {
        Position end = left;
        if (end != null && position.isBefore(end)) {
            left = position;
        }
    }

    /** It is about to leave: what comes from now on does not come to the member together with others. To be said before the log's tail is read. */
    void end() {
        ending = true;
        member.endLag();
    }

    /**
     * Its member gets what comes for the room together with others, if it can and nothing has come to an end. Who ends something says so first and then looks for a
     * lag; here it is the other way round, so one of both sees the other.
     *
     * @param outbox of the member
     * @param isThere whether it still is
     * @return null if it gets it by itself
     */
    public @Nullable Lag lagWith(Laggards others, Outbox outbox, BooleanSupplier isThere) {
        Lag lag = isLasting() ? outbox.lagWith(others) : null;
        if (lag != null && !(isLasting() && isThere.getAsBoolean())) {
            lag.end();
            return null;
        }
        return lag;
    }

    private boolean isLasting() {
        return !ending && left == null;
    }

    void leave(Position position) {
        left = position;
    }
}
