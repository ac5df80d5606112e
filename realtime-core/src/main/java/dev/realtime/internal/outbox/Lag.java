package dev.realtime.internal.outbox;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an outbox whose client is behind gets together with the other {@link Laggards} of a room: from where on, and up to where it has taken it in. */
public final class Lag {
    private static final long OPEN = Long.MAX_VALUE;

    private final Laggards laggards;
    private final Outbox outbox;
    private final long mostCount;
    private final long mostBytes;
    private volatile long end = OPEN; // changed under the lock of the laggards

    // guarded by the outbox
    private CommonMessages messages;
    private int place; // among these, of the next message
    private long taken;
    private long takenBytes;
    private @Nullable Stretch stretch; // of these messages
    private Laggards.@Nullable Mark closed; // nothing follows behind that

    /**
     * @param messages where the next message comes
     * @param place and at which place
     * @param count of the messages of the laggards so far
     * @param bytes of these
     * @param mostCount as many there may be before the outbox is full
     * @param mostBytes with as many bytes
     */
    Lag(
            Laggards laggards,
            Outbox outbox,
            CommonMessages messages,
            int place,
            long count,
            long bytes,
            long mostCount,
            long mostBytes) {
        this.laggards = laggards;
        this.outbox = outbox;
        this.messages = messages;
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

    /** It has been given a message for which the node may have no room: if so, the first that is asked has to go. In the fan-out's turn only. */
    public void goIfCrowded() {
        if (laggards.takeCrowded()) {
            outbox.crowdOut();
        }
    }

    /** Goes on by itself if it has no room for a message; otherwise says again how much it has room for. In the fan-out's turn only. */
    public void endIfFull(OutboundMessage message) {
        if (end == OPEN) {
            if (laggards.hasRoomFor(message, this)) {
                laggards.bound(this);
            } else {
                end();
            }
        }
    }

    /** Goes on by itself from here on. From any thread that holds no lock of an outbox. */
    public void end() {
        outbox.endLag(this);
    }

    // ---- under the lock of the outbox

    boolean isClosed() {
        return closed != null;
    }

    /** Takes in what has been put down until now. */
    void catchUp(PendingMessages pending) {
        take(laggards.mark(), pending);
    }

    /** Takes in what has been put down until its end, which is now if it was not before. It can be asked again if it fails. */
    @SuppressWarnings("ReferenceEquality") // these very messages
    void endWith(PendingMessages pending) {
        Laggards.Mark last = close();
        take(last, pending);
        CommonMessages begun = last.last();
        if (begun != null && (stretch == null || begun != messages) && begun.end()) {
            pending.changed(-CommonMessages.BYTES); // a place was there for what does not come any more
        }
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

    /** Nothing behind the first so many is for it. Under the lock of the laggards. */
    void endsAt(long count) {
        end = count;
    }

    /** Holds nothing any more of what it has not taken in. Returns by how many bytes the node holds less. */
    @SuppressWarnings("ReferenceEquality") // these very messages
    long letGo() {
        Laggards.Mark last = close();
        long less = 0;
        CommonMessages begun = messages;
        boolean mine = stretch != null; // what was taken in lets go of these messages by itself
        for (long left = last.count() - taken; left > 0; left--) {
            if (place == CommonMessages.MOST) {
                less += mine ? 0 : endOf(begun);
                mine = false;
                begun = begun.follower();
                place = 0;
            }
            less += begun.get(place).letGo();
            begun.release(place++);
        }
        less += mine ? 0 : endOf(begun);
        if (last.last() != null && last.last() != begun) {
            less += endOf(last.last());
        }
        return less;
    }

    private static long endOf(CommonMessages messages) {
        return messages.end() ? CommonMessages.BYTES : 0;
    }

    /** What the node counts for what has not come yet, where it has not been seen before, for tests. */
    long placeBytes(Set<CommonMessages> seen) {
        CommonMessages after = place == CommonMessages.MOST ? messages.next() : messages;
        return after != null && seen.add(after) ? CommonMessages.BYTES : 0;
    }

    private void take(Laggards.Mark until, PendingMessages pending) {
        int size = (int) (until.bytes() - takenBytes);
        for (long left = until.count() - taken; left > 0; ) {
            if (place == CommonMessages.MOST) {
                messages = messages.follower();
                place = 0;
                stretch = null;
            }
            int some = (int) Math.min(left, CommonMessages.MOST - place);
            if (stretch == null) {
                Stretch begun = new Stretch(messages, place, place + some);
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
}
