package dev.realtime.internal.outbox;

import dev.realtime.internal.outbox.OutboundMessage.Kind;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.Overflow;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one connection, bounded in bytes and in number; what the transport still holds counts too. One write is in flight at
 * a time, and each takes all that waits as one batch: a client that is slower than its events gets larger batches, not more of them. Thread-safe.
 *
 * <p>The bytes go to a {@link Sink}. A WebSocket is one for its whole life. A polling client is one only while it has a request open: between two
 * requests, and during an upgrade, there is none and messages wait.
 *
 * <p>When a message finds no room, waiting volatile messages are dropped first. If that is not enough, {@link Overflow} decides. One message
 * that is larger than the bound is accepted into an empty outbox: the bound is for what piles up, and a payload's size is its sender's matter.
 *
 * <p>An answer is for one client alone, so answers that a client does not take count on the account of the node as well. When the node has no
 * room for them the outbox ends, as when it overflows. What is for many counts there too once the client is {@linkplain OutboundBudget behind}.
 */
public final class Outbox implements Connection.WriteListener {
    /** Where a batch goes; never called by two threads at once. */
    @FunctionalInterface
    public interface Sink {
        /** As {@link Connection#write}. */
        boolean write(List<Frame> batch, Connection.WriteListener listener);
    }

    /** Who is told. Called without locks. */
    public interface Owner {
        /** The client does not read: the outbox has ended and its connection must. */
        void overflowed();

        /** The client is behind, and the node has no room for what waits for it: the outbox has ended and its connection must. */
        void crowdedOut();

        /** The transport could not write: the connection is broken. */
        void writeFailed(Throwable cause);

        /** What is for the client could not be taken in: the outbox has ended and its connection must. */
        void broke(Throwable cause);

        /** A volatile or, with {@link Overflow#DROP_OLDEST}, a reliable message was dropped. */
        void dropped(OutboundMessage message);

        /** A write begins. */
        default void writes(int frames, int bytes) {}

        /** Where answers count that are not taken; asked for once there are some. */
        InboundBudget.Share account();

        /** The clock. */
        long nanoTime();
    }

    private final OutboundBudget budget;
    private final Owner owner;
    // all below guarded by this
    private final HeldMessages held;
    private @Nullable Sink sink;
    private @Nullable List<Runnable> whenEmpty;
    private InboundBudget.@Nullable Share account;
    private boolean ended;

    /** @param budget of the node */
    public Outbox(OutboxLimits limits, OutboundBudget budget, Owner owner) {
        this.budget = budget;
        this.owner = owner;
        this.held = new HeldMessages(limits, budget);
    }

    /**
     * Adds a message; it leaves with the next {@link #flush()}. If it finds no room although no write is in flight, what waits is written first: what
     * the transport was not asked to take says nothing about the client. Returns whether a flush would write something now; otherwise it leaves without
     * one, when the write in flight has ended or there is somewhere to write to.
     */
    public boolean offer(OutboundMessage message) {
        Boolean flushable = place(message);
        while (flushable == null) {
            flush();
            flushable = place(message);
        }
        return flushable;
    }

    /** Returns whether a flush would write something now; null, with nothing done, when it has to be done first. */
    private @Nullable Boolean place(OutboundMessage message) {
        List<OutboundMessage> dropped = List.of();
        boolean overflow = false;
        boolean hasRoom = true;
        boolean flushable = false;
        try {
            synchronized (this) {
                if (ended) {
                    return false;
                }
                held.endLag();
                if (sink != null && !held.isWriting() && held.isFull(message)) {
                    return null;
                }
                Object key = message.coalesceKey();
                if (key != null) {
                    held.removeByKey(key);
                }
                if (held.isFull(message)) {
                    dropped = held.makeRoom(message);
                    overflow = held.isFull(message) && message.kind() != Kind.VOLATILE;
                }
                if (overflow) {
                    end();
                } else if (held.isFull(message)) {
                    dropped = List.of(message);
                    if (key != null) {
                        held.forget(key);
                    }
                } else {
                    held.add(message);
                    flushable = sink != null && !held.isWriting();
                    overflow = !flushable && !countUnread();
                    if (overflow) {
                        end();
                    } else if (!flushable) { // no flush will see to it
                        hasRoom = countBehind();
                    }
                }
            }
        } catch (RuntimeException | Error broken) { // what came next would not tell the client of the gap
            broke(broken);
            return false;
        }
        for (OutboundMessage lost : dropped) {
            owner.dropped(lost);
        }
        if (overflow) {
            owner.overflowed();
        } else if (!flushable) {
            counted(hasRoom);
        }
        return flushable;
    }

    /** What is left of it after a write is not taken at once. False when the node has no room for it. */
    private boolean countUnread() {
        int bytes = held.unshared();
        InboundBudget.Share mine = account;
        if (mine == null) {
            if (bytes <= InboundBudget.FREE) {
                return true;
            }
            mine = owner.account();
            account = mine;
        }
        return mine.hold(bytes);
    }

    /** Hands what waits to the sink unless a write is in flight. */
    public void flush() {
        while (true) {
            Sink target;
            List<Frame> batch = List.of();
            int bytes = 0;
            boolean hasRoom = true;
            synchronized (this) {
                PendingMessages waiting = held.pending();
                if (waiting == null || ended) {
                    return;
                }
                target = held.isWriting() ? null : sink;
                if (target == null) {
                    hasRoom = countBehind();
                } else {
                    batch = held.beginWrite(waiting, owner.nanoTime());
                    bytes = held.bytesInFlight();
                }
            }
            if (target == null) {
                counted(hasRoom);
                return;
            }
            owner.writes(batch.size(), bytes);
            boolean written;
            try {
                written = target.write(batch, this);
            } catch (RuntimeException | Error broken) {
                failed(broken); // a transport must not do that, and costs its own client alone
                return;
            }
            if (!written) {
                if (!hasRoomForUnread()) {
                    owner.overflowed();
                }
                return;
            }
            if (!ready()) {
                return;
            }
        }
    }

    private synchronized boolean hasRoomForUnread() {
        if (ended || countUnread()) {
            return true;
        }
        end();
        return false;
    }

    /** Ends the write in flight; returns whether there may be more to write. */
    private boolean ready() {
        List<Runnable> empty = List.of();
        boolean more;
        try {
            synchronized (this) {
                held.endLag();
                held.endWrite();
                if (account != null && !ended) {
                    countUnread(); // less than before
                }
                more = held.waiting() > 0 && sink != null && !ended;
                if (held.isEmpty() && whenEmpty != null) {
                    empty = whenEmpty;
                    whenEmpty = null;
                }
            }
        } catch (RuntimeException | Error broken) {
            broke(broken);
            return false;
        }
        empty.forEach(Runnable::run);
        return more;
    }

    @Override
    public void written() {
        if (ready()) {
            flush();
        }
    }

    @Override
    public void failed(Throwable cause) {
        synchronized (this) {
            end();
            held.endWrite();
        }
        owner.writeFailed(cause);
    }

    /** Something that is for its client could not be taken in, for want of memory. */
    public void broke(Throwable cause) {
        synchronized (this) {
            end();
            held.endWrite();
        }
        owner.broke(cause);
    }

    /** From now on messages go here; call {@link #flush()} afterwards. */
    public synchronized void attach(Sink target) {
        sink = target;
    }

    /** Messages wait from now on, unless they go elsewhere already. */
    @SuppressWarnings("ReferenceEquality") // this very sink
    public synchronized void detach(Sink target) {
        if (sink == target) {
            sink = null;
        }
    }

    /** Runs the task when nothing waits and nothing is in flight: at once if so now, never if the outbox ends before. */
    public void whenEmpty(Runnable task) {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (!held.isEmpty()) {
                if (whenEmpty == null) {
                    whenEmpty = new ArrayList<>(1);
                }
                whenEmpty.add(task);
                return;
            }
        }
        task.run();
    }

    /** Whether a write has been in flight for longer than the stall timeout. */
    public synchronized boolean isStalled(long now) {
        return held.isStalled(now);
    }

    /** Whether nothing waits. */
    public synchronized boolean isEmpty() {
        return held.isEmpty();
    }

    /** Counts what waits here. Changes nothing: whoever asks asks of all, and often. */
    public synchronized void addTo(OutboxTotals waiting, long now) {
        if (!held.isEmpty()) {
            waiting.add(held.allBytes(), held.allWaiting(), held.isOpenFor(OutboxTotals.STALLED, now));
        }
    }

    /** Bytes that wait or are in flight. */
    public synchronized int bytes() {
        return held.allBytes();
    }

    /** Drops everything and accepts nothing more. */
    public synchronized void end() {
        ended = true;
        held.end();
        sink = null;
        whenEmpty = null;
        if (account != null) {
            account.close();
        }
    }

    // ---- together with others

    /**
     * Gets from now on what is put down for the members of a room that are behind, as if it were {@linkplain #offer offered}: until it is given anything else,
     * or has written. Returns null, with nothing done, unless its client is behind and a write is in flight.
     */
    public synchronized @Nullable Lag lagWith(Laggards others) {
        return ended ? null : held.lagWith(others, this);
    }

    /** Gets by itself what comes from now on. */
    public synchronized void endLag() {
        held.closeLag();
    }

    /** The same, if it still lags by this. */
    synchronized void endLag(Lag one) {
        if (held.has(one)) {
            held.closeLag();
        }
    }

    // ---- for the node's sake

    /** Counts what is here if its client is behind by now, and ends if the node has no room for it. */
    public void countIfBehind(long now) {
        boolean hasRoom;
        synchronized (this) {
            hasRoom = ended || countBehind(now);
        }
        counted(hasRoom);
    }

    private boolean countBehind() {
        return countBehind(held.isBehind() ? 0 : owner.nanoTime());
    }

    /** Returns whether the node has room for it; otherwise it has ended. */
    private boolean countBehind(long now) {
        if (!held.isBehind(sink != null, now) || held.settle()) {
            return true;
        }
        end();
        return false;
    }

    private void counted(boolean hasRoom) {
        if (!hasRoom) {
            owner.crowdedOut();
        }
        budget.relieveIfCrowded();
    }

    /** What its client makes the node hold; null while it is not behind. Looks at each message. */
    public synchronized @Nullable Offender offender(long now) {
        held.catchUp();
        return held.isBehind() ? new Offender(this, held.weight(), held.since(now)) : null;
    }

    /**
     * Drops what waits and may be dropped, unless its client is not behind any more.
     *
     * @return how many messages
     */
    public int relieve(Kind kind) {
        List<OutboundMessage> dropped = new ArrayList<>();
        synchronized (this) {
            held.endLag();
            // without a write in flight one stays: nobody else says that all has left
            while (held.isBehind() && (held.isWriting() || held.waiting() > 1)) {
                OutboundMessage oldest = held.removeOldest(kind);
                if (oldest == null) {
                    break;
                }
                dropped.add(oldest);
            }
            held.settle();
        }
        dropped.forEach(owner::dropped);
        return dropped.size();
    }

    /** Ends, unless its client is not behind any more. Returns whether it has ended by that. */
    public boolean crowdOut() {
        synchronized (this) {
            if (!held.isBehind()) {
                return false;
            }
            end();
        }
        owner.crowdedOut();
        return true;
    }

    /** Hands over what the node counts of this outbox, for tests. */
    synchronized void forEachCounted(Consumer<OutboundMessage> to) {
        held.catchUp();
        held.forEachCounted(to);
    }

    /** What the node counts of this outbox's places, for tests. */
    synchronized long placeBytes(Set<CommonMessages> seen) {
        held.catchUp();
        return held.placeBytes(seen);
    }
}
