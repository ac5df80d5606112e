package dev.realtime.internal.outbox;

import dev.realtime.internal.outbox.OutboundMessage.Kind;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.Overflow;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import java.util.ArrayList;
import java.util.List;
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
 * room for them the outbox ends, as when it overflows.
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

        /** The transport could not write: the connection is broken. */
        void writeFailed(Throwable cause);

        /** A volatile or, with {@link Overflow#DROP_OLDEST}, a reliable message was dropped. */
        void dropped(OutboundMessage message);

        /** A write begins. */
        default void writes(int frames, int bytes) {}

        /** Where answers count that are not taken; asked for once there are some. */
        InboundBudget.Share account();

        /** The clock. */
        long nanoTime();
    }

    private final OutboxLimits limits;
    private final Owner owner;
    // all below guarded by this
    private final WriteInFlight inFlight = new WriteInFlight();
    private @Nullable PendingMessages pending; // null while empty: most connections are idle
    private @Nullable Sink sink;
    private @Nullable List<Runnable> whenEmpty;
    private InboundBudget.@Nullable Share account;
    private boolean ended;

    public Outbox(OutboxLimits limits, Owner owner) {
        this.limits = limits;
        this.owner = owner;
    }

    /**
     * Adds a message; it leaves with the next {@link #flush()}. If it finds no room although no write is in flight, what waits is written first: what
     * the transport was not asked to take says nothing about the client. Returns whether a flush would write something now.
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
        boolean flushable = false;
        synchronized (this) {
            if (ended) {
                return false;
            }
            if (sink != null && !inFlight.isOpen() && isFull(message)) {
                return null;
            }
            Object key = message.coalesceKey();
            if (key != null && pending != null) {
                pending.removeByKey(key);
            }
            if (isFull(message)) {
                dropped = makeRoom(message);
                overflow = isFull(message) && message.kind() != Kind.VOLATILE;
            }
            if (overflow) {
                end();
            } else if (isFull(message)) {
                dropped = List.of(message);
                if (key != null && pending != null) {
                    pending.forget(key);
                }
            } else {
                add(message);
                flushable = sink != null && !inFlight.isOpen();
                overflow = !flushable && !count();
                if (overflow) {
                    end();
                }
            }
            if (pending != null && pending.isEmpty()) {
                pending = null; // what was coalesced or dropped was all
            }
        }
        for (OutboundMessage lost : dropped) {
            owner.dropped(lost);
        }
        if (overflow) {
            owner.overflowed();
        }
        return flushable;
    }

    /** What is left of it after a write is not taken at once. False when the node has no room for it. */
    private boolean count() {
        int held = inFlight.unshared() + (pending == null ? 0 : pending.unshared());
        InboundBudget.Share mine = account;
        if (mine == null) {
            if (held <= InboundBudget.FREE) {
                return true;
            }
            mine = owner.account();
            account = mine;
        }
        return mine.hold(held);
    }

    private boolean isFull(OutboundMessage message) {
        int waiting = pending == null ? 0 : pending.size();
        boolean crowded = held() + message.size() > limits.maxBytes() || waiting >= limits.maxMessages();
        return crowded && (waiting > 0 || inFlight.bytes() > 0);
    }

    /** Drops waiting volatile messages for anything better; then, if that is the policy, the oldest reliable ones. */
    private List<OutboundMessage> makeRoom(OutboundMessage message) {
        if (message.kind() == Kind.VOLATILE || pending == null) {
            return List.of();
        }
        List<OutboundMessage> dropped = new ArrayList<>();
        drop(Kind.VOLATILE, message, dropped);
        if (limits.overflow() == Overflow.DROP_OLDEST) {
            drop(Kind.RELIABLE, message, dropped);
        }
        return dropped;
    }

    private void drop(Kind kind, OutboundMessage message, List<OutboundMessage> dropped) {
        while (pending != null && isFull(message)) {
            OutboundMessage oldest =
                    kind == Kind.VOLATILE ? pending.removeOldestVolatile() : pending.removeOldestReliable();
            if (oldest == null) {
                return;
            }
            dropped.add(oldest);
        }
    }

    private void add(OutboundMessage message) {
        if (pending == null) {
            pending = new PendingMessages();
        }
        pending.add(message);
    }

    /** Hands what waits to the sink unless a write is in flight. */
    public void flush() {
        while (true) {
            Sink target;
            List<Frame> batch;
            int bytes;
            synchronized (this) {
                if (inFlight.isOpen() || sink == null || pending == null || ended) {
                    return;
                }
                target = sink;
                batch = inFlight.begin(pending, owner.nanoTime());
                bytes = inFlight.bytes();
                if (pending.isEmpty()) {
                    pending = null;
                }
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
                if (!isCounted()) {
                    owner.overflowed();
                }
                return;
            }
            if (!ready()) {
                return;
            }
        }
    }

    private synchronized boolean isCounted() {
        if (ended || count()) {
            return true;
        }
        end();
        return false;
    }

    /** Ends the write in flight; returns whether there may be more to write. */
    private boolean ready() {
        List<Runnable> empty = List.of();
        boolean more;
        synchronized (this) {
            inFlight.end();
            if (account != null && !ended) {
                count(); // less than before
            }
            more = pending != null && sink != null && !ended;
            if (pending == null && whenEmpty != null) {
                empty = whenEmpty;
                whenEmpty = null;
            }
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
            inFlight.end();
            end();
        }
        owner.writeFailed(cause);
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
            if (pending != null || inFlight.isOpen()) {
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
        return inFlight.isOlderThan(limits.stallTimeout().toNanos(), now);
    }

    /** Whether nothing waits. */
    public synchronized boolean isEmpty() {
        return pending == null && !inFlight.isOpen();
    }

    /** Counts what waits here. */
    public synchronized void addTo(OutboxTotals waiting, long now) {
        if (pending != null || inFlight.isOpen()) {
            waiting.add(held(), pending == null ? 0 : pending.size(), inFlight.isOlderThan(OutboxTotals.STALLED, now));
        }
    }

    /** Bytes that wait or are in flight. */
    public synchronized int bytes() {
        return held();
    }

    private int held() {
        return (pending == null ? 0 : pending.bytes()) + inFlight.bytes();
    }

    /** Drops everything and accepts nothing more. */
    public synchronized void end() {
        ended = true;
        pending = null;
        sink = null;
        whenEmpty = null;
        if (account != null) {
            account.close();
        }
    }
}
