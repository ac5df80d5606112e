package dev.realtime.internal.outbox;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an outbox whose client is behind gets together with the other {@link Laggards} of a room: from where on, up to where once that has an end, and how much of
 * it has been taken in. Keeps nothing once all is.
 */
public final class Lag {
    private static final long OPEN = Long.MAX_VALUE;
    private static final int NONE = -1;

    private final Laggards laggards;
    private final long mostCount;
    private final long mostBytes;
    private volatile long end = OPEN; // changed under the lock of the laggards
    private volatile @Nullable Outbox outbox; // null once all is taken in

    // guarded by the laggards
    private int seat = NONE; // among the members of their room

    // guarded by the outbox
    private @Nullable CommonChain chain; // null once all is taken in
    private int place; // among its messages, of the next one
    private long taken;
    private long takenBytes;
    private @Nullable Stretch stretch; // of its messages
    private Laggards.@Nullable Mark closed; // nothing follows behind that

    /**
     * @param chain where the next message comes
     * @param place and at which place
     * @param count of the messages of the laggards so far
     * @param bytes of these
     * @param mostCount as many there may be before the outbox is full
     * @param mostBytes with as many bytes
     */
    Lag(
            Laggards laggards,
            Outbox outbox,
            CommonChain chain,
            int place,
            long count,
            long bytes,
            long mostCount,
            long mostBytes) {
        this.laggards = laggards;
        this.outbox = outbox;
        this.chain = chain;
        this.place = place;
        this.taken = count;
        this.takenBytes = bytes;
        this.mostCount = mostCount;
        this.mostBytes = mostBytes;
    }

    long mostCount() {
        return mostCount;
    }

    long mostBytes() {
        return mostBytes;
    }

    /** Whether it has been given this message together with others. In the fan-out's turn only. */
    public boolean has(OutboundMessage message) {
        return laggards.gave(message, end);
    }

    /** Whether it is given what comes for its room. */
    public boolean isOpen() {
        return end == OPEN;
    }

    /** Whether it is one of these. */
    @SuppressWarnings("ReferenceEquality") // these very ones
    boolean isOf(Laggards others) {
        return laggards == others;
    }

    /** Goes on by itself if it has no room for a message; otherwise says again how much it has room for. In the fan-out's turn only. */
    public void endIfFull(OutboundMessage message) {
        if (isOpen()) {
            if (laggards.hasRoomFor(message, this)) {
                laggards.bound(this);
            } else {
                end();
            }
        }
    }

    /** Goes on by itself from here on. From any thread that holds no lock of an outbox. */
    public void end() {
        Outbox mine = outbox;
        if (mine != null) {
            mine.endLag(this);
        }
    }

    // ---- under the lock of the outbox

    boolean isClosed() {
        return closed != null;
    }

    /** How many have been put down for it that it has not taken in. */
    int untaken() {
        Laggards.Mark last = closed;
        return (int) ((last == null ? laggards.count() : last.count()) - taken);
    }

    /** Bytes of these. */
    int untakenBytes() {
        Laggards.Mark last = closed;
        return (int) ((last == null ? laggards.bytes() : last.bytes()) - takenBytes);
    }

    /** Takes in what has been put down until now. */
    void catchUp(PendingMessages pending) {
        take(laggards.mark(), pending);
    }

    /** Takes in what has been put down until its end, which is now if it was not before. It can be asked again if it fails. */
    void endWith(PendingMessages pending) {
        Laggards.Mark last = close();
        take(last, pending);
        pending.changed(-forget(last));
    }

    /** Nothing follows what has been put down until now; it is taken in later. */
    Laggards.Mark close() {
        Laggards.Mark last = closed;
        if (last == null) {
            last = laggards.leave(this);
            closed = last;
        }
        return last;
    }

    /** Where its member is among those of the room. Under the lock of the laggards. */
    void takes(int place) {
        seat = place;
    }

    /** Whether that has been said. Under the lock of the laggards. */
    boolean isSeated() {
        return seat != NONE;
    }

    /** Under the lock of the laggards. */
    int seat() {
        return seat;
    }

    /** Nothing behind the first so many is for it. Under the lock of the laggards. */
    void endsAt(long count) {
        end = count;
    }

    /** Holds nothing any more of what it has not taken in. Returns by how many bytes the node holds less. */
    long letGo() {
        Laggards.Mark last = close();
        long less = 0;
        for (long left = last.count() - taken; left > 0; left--) {
            if (place == CommonMessages.MOST) {
                less += endOfUntaken();
                goOn();
            }
            CommonMessages messages = chain().messages();
            less += messages.get(place).letGo();
            messages.release(place++);
        }
        return less + forget(last);
    }

    /** It keeps nothing any more, neither the places that were there for what does not come. Returns by how many bytes the node holds less. */
    @SuppressWarnings("ReferenceEquality") // this very one
    private long forget(Laggards.Mark last) {
        long less = endOfUntaken();
        if (last.last() != chain()) {
            goOn();
            less += endOfUntaken();
        }
        chain = null;
        stretch = null;
        closed = null;
        outbox = null;
        return less;
    }

    /** What was taken in lets go of its messages by itself. */
    private long endOfUntaken() {
        return stretch == null && chain().messages().end() ? CommonMessages.BYTES : 0;
    }

    /** What the node counts for what has not come yet, where it has not been seen before, for tests. */
    long placeBytes(Set<CommonMessages> seen) {
        CommonChain after = place == CommonMessages.MOST ? chain().next() : chain();
        return after != null && seen.add(after.messages()) ? CommonMessages.BYTES : 0;
    }

    private void take(Laggards.Mark until, PendingMessages pending) {
        int size = (int) (until.bytes() - takenBytes);
        for (long left = until.count() - taken; left > 0; ) {
            if (place == CommonMessages.MOST) {
                goOn();
            }
            int some = (int) Math.min(left, CommonMessages.MOST - place);
            if (stretch == null) {
                Stretch begun = new Stretch(chain().messages(), place, place + some);
                pending.add(begun, some);
                stretch = begun; // it has its place by now
            } else {
                stretch.extend(some);
                pending.extended(some);
            }
            place += some;
            left -= some;
            taken += some;
        }
        pending.addBytes(size);
        takenBytes = until.bytes();
    }

    private CommonChain chain() {
        return Objects.requireNonNull(chain);
    }

    private void goOn() {
        chain = Objects.requireNonNull(chain().next());
        place = 0;
        stretch = null;
    }
}
