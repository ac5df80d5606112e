package dev.realtime.internal.outbox;

import dev.realtime.limits.OutboxLimits;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The members of one room whose clients are behind: what comes for all of the room is put down once for all of them, whether they are two or ten thousand, and each
 * outbox learns of it when somebody looks into it next. Before an outbox is given anything else, or has written, it {@linkplain Lag#end ends its lag}, takes what
 * was put down for it, and goes on by itself. So the order of what waits is the order of what was given, as if each had been given it.
 *
 * <p>Nobody gets more than its outbox has room for: {@link #hasRoomFor} says beforehand whether somebody would. Messages are put down in the fan-out's turn only;
 * everything else is thread-safe. The lock is taken inside those of outboxes and rooms, and nothing else is locked inside it.
 */
public final class Laggards {
    private static final int[] NONE = {};

    // changed under the lock; read without it in the fan-out's turn, where nobody else changes them
    private @Nullable OutboundMessage latest;
    private long count; // of all messages that were ever put down
    private @Nullable OutboundBudget budget; // of the node

    // guarded by this
    private @Nullable CommonChain last;
    private long bytes; // of all messages that were ever put down
    private volatile int open;
    private long mostCount = Long.MAX_VALUE;
    private long mostBytes = Long.MAX_VALUE;
    private int seated; // lags that have a seat and have not ended
    private int[] empty = NONE; // seats whose lag has ended; has room for those of all that are seated
    private int emptied;

    /** Whether there is anybody. */
    public boolean isEmpty() {
        return open == 0;
    }

    /** Whether all of them have room for a message. In the fan-out's turn only. */
    public synchronized boolean hasRoomFor(OutboundMessage message) {
        return count < mostCount && bytes + message.size() <= mostBytes;
    }

    /** Whether the node has room for a message. If it has not, each is to be given it by itself, and has to go. In the fan-out's turn only. */
    public boolean isRoomOnNodeFor(OutboundMessage message) {
        OutboundBudget node = budget;
        return node == null || node.used() + message.size() + CommonMessages.BYTES <= node.limit();
    }

    /** Before all that are left are asked for their bounds again. In the fan-out's turn only. */
    public synchronized void forgetBounds() {
        mostCount = Long.MAX_VALUE;
        mostBytes = Long.MAX_VALUE;
    }

    /**
     * Puts down a message for all of them. In the fan-out's turn only.
     *
     * @return for how many
     */
    public int put(OutboundMessage message) {
        synchronized (this) {
            int holders = open;
            OutboundBudget node = budget;
            CommonChain place = last;
            if (holders == 0 || node == null || place == null) {
                return 0;
            }
            if (place.messages().isFull()) {
                place = next(holders);
                node.change(CommonMessages.BYTES);
            }
            place.messages().put(message, holders);
            count++;
            bytes += message.size();
            latest = message;
            node.change(message.hold(holders));
            return holders;
        }
    }

    /** The message has met everybody. In the fan-out's turn only. */
    public void met() {
        latest = null;
        OutboundBudget node = budget;
        if (node != null) {
            node.relieveIfCrowded();
        }
    }

    /** Whether this message was put down last. In the fan-out's turn only. */
    @SuppressWarnings("ReferenceEquality") // this very message
    public boolean gave(OutboundMessage message) {
        return latest == message;
    }

    /** Whether this message was put down last, and for whom has not ended its lag before. In the fan-out's turn only. */
    @SuppressWarnings("ReferenceEquality") // this very message
    boolean gave(OutboundMessage message, long end) {
        return latest == message && end >= count;
    }

    private CommonChain next(int beginning) {
        CommonChain made = new CommonChain(new CommonMessages(true));
        made.messages().begin(beginning);
        if (last != null) {
            last.follow(made);
        }
        last = made;
        return made;
    }

    /** One more, whose client is behind. The lock of its outbox is held. Returns its lag, which begins with the next message. */
    synchronized Lag join(Outbox outbox, HeldMessages held, OutboxLimits limits, OutboundBudget node) {
        budget = node;
        CommonChain place = last;
        if (place == null || place.messages().isFull()) {
            place = next(open);
            node.change(CommonMessages.BYTES);
        }
        Lag lag = new Lag(
                this,
                outbox,
                place,
                place.messages().size(),
                count,
                bytes,
                count + limits.maxMessages() - held.waiting(),
                bytes + limits.maxBytes() - held.bytes());
        place.messages().begin(1);
        open++;
        bound(lag);
        return lag;
    }

    /** Nobody is given more than this one has room for. */
    synchronized void bound(Lag lag) {
        mostCount = Math.min(mostCount, lag.mostCount());
        mostBytes = Math.min(mostBytes, lag.mostBytes());
    }

    /** Whether one of them has room for a message. In the fan-out's turn only. */
    synchronized boolean hasRoomFor(OutboundMessage message, Lag lag) {
        return count < lag.mostCount() && bytes + message.size() <= lag.mostBytes();
    }

    // ---- where they are among the members of the room

    /**
     * Says which of the room's members has a lag, so that it is known of that one when it ends. In the fan-out's turn only.
     *
     * @return false if it has ended, or is that of another room
     */
    public synchronized boolean seat(Lag lag, int seat) {
        if (!lag.isOpen() || !lag.isOf(this)) {
            return false;
        }
        if (!lag.isSeated()) {
            if (emptied + seated == empty.length) {
                empty = Arrays.copyOf(empty, 2 * empty.length + 16);
            }
            seated++;
        }
        lag.takes(seat);
        return true;
    }

    /** Takes out of some seats those whose lag has ended since the last time. In the fan-out's turn only. */
    public synchronized void leaveSeats(BitSet seats) {
        for (int i = 0; i < emptied; i++) {
            seats.clear(empty[i]);
        }
        emptied = 0;
    }

    /** What has been put down until now. */
    synchronized Mark mark() {
        return new Mark(count, bytes, last);
    }

    /** How many were ever put down. */
    synchronized long count() {
        return count;
    }

    /** Bytes of these. */
    synchronized long bytes() {
        return bytes;
    }

    /** One less. What has been put down until now is for it, and it knows that before anything else is. */
    synchronized Mark leave(Lag lag) {
        Mark mark = mark();
        lag.endsAt(count);
        open--;
        if (lag.isSeated()) {
            empty[emptied++] = lag.seat();
            seated--;
        }
        if (open == 0) {
            last = null;
        }
        return mark;
    }

    /**
     * How far something goes.
     *
     * @param count of messages since the beginning
     * @param bytes of these
     * @param last where the next one comes
     */
    record Mark(long count, long bytes, @Nullable CommonChain last) {}
}
