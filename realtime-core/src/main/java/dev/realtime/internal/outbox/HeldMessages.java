package dev.realtime.internal.outbox;

import dev.realtime.internal.outbox.OutboundMessage.Kind;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.Overflow;
import dev.realtime.spi.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one client and what is being written to it, within the bounds of an outbox, and what the node counts of both: nothing until the client
 * is {@linkplain OutboundBudget behind}, and then everything until nothing waits. Guarded by its outbox.
 */
final class HeldMessages {
    private final OutboxLimits limits;
    private final OutboundBudget budget;
    private final WriteInFlight inFlight = new WriteInFlight();
    private @Nullable PendingMessages pending; // null while empty: most connections are idle
    private @Nullable Lag lag; // what it gets together with others; only behind a write in flight
    private boolean behind;
    private boolean blocked; // there is nowhere to write to
    private long blockedSince;
    private long change; // of what the node counts, by messages that are gone

    HeldMessages(OutboxLimits limits, OutboundBudget budget) {
        this.limits = limits;
        this.budget = budget;
    }

    /** How many wait. */
    int waiting() {
        return pending == null ? 0 : pending.size();
    }

    boolean isWriting() {
        return inFlight.isOpen();
    }

    /** Whether nothing waits and nothing is being written. */
    boolean isEmpty() {
        return pending == null && !inFlight.isOpen();
    }

    /** Of all of them. */
    int bytes() {
        return (pending == null ? 0 : pending.bytes()) + inFlight.bytes();
    }

    /** How many wait, with what it has got together with others and not taken in. */
    int allWaiting() {
        return waiting() + (lag == null ? 0 : lag.untaken());
    }

    /** Bytes of all, and of these. */
    int allBytes() {
        return bytes() + (lag == null ? 0 : lag.untakenBytes());
    }

    /** Bytes of those that are for this client alone. */
    int unshared() {
        return (pending == null ? 0 : pending.unshared()) + inFlight.unshared();
    }

    /** Whether the write in flight has been open for longer than the stall timeout. */
    boolean isStalled(long now) {
        return isOpenFor(limits.stallTimeout().toNanos(), now);
    }

    /** Whether the write in flight has been open for longer than this. */
    boolean isOpenFor(long nanos, long now) {
        return inFlight.isOlderThan(nanos, now);
    }

    // ---- what waits

    /** Whether there is no room for a message. There always is in an empty outbox. */
    boolean isFull(OutboundMessage message) {
        int bytes = bytes();
        return bytes > 0 && (bytes + message.size() > limits.maxBytes() || waiting() >= limits.maxMessages());
    }

    /** Drops waiting volatile messages for anything better; then, if that is the policy, the oldest reliable ones. Returns them. */
    List<OutboundMessage> makeRoom(OutboundMessage message) {
        if (message.kind() == Kind.VOLATILE) {
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
        while (isFull(message)) {
            OutboundMessage oldest = removeOldest(kind);
            if (oldest == null) {
                return;
            }
            dropped.add(oldest);
        }
    }

    void add(OutboundMessage message) {
        if (pending == null) {
            pending = new PendingMessages();
            if (behind) {
                pending.hold();
            }
        }
        pending.add(message);
    }

    /** Takes out the message that waits under a key. The next message under it is added, or the key forgotten, before anything else. */
    void removeByKey(Object key) {
        if (pending != null) {
            beforeLettingGo();
            pending.removeByKey(key);
        }
    }

    /** Nothing follows what was taken out under a key. */
    void forget(Object key) {
        if (pending != null) {
            pending.forget(key);
            dropIfEmpty();
        }
    }

    /** Takes out the oldest message of a kind; null when there is none. */
    @Nullable
    OutboundMessage removeOldest(Kind kind) {
        if (pending == null) {
            return null;
        }
        beforeLettingGo();
        OutboundMessage oldest =
                kind == Kind.VOLATILE ? pending.removeOldestVolatile() : pending.removeOldestReliable();
        dropIfEmpty();
        return oldest;
    }

    private void dropIfEmpty() {
        if (pending != null && pending.isEmpty()) {
            change += pending.takeChange();
            pending = null;
            blocked = false;
        }
    }

    // ---- what it gets together with others

    /** Gets from now on what others get who are behind too; null unless it is, and a write is in flight. */
    @Nullable
    Lag lagWith(Laggards others, Outbox outbox) {
        endLag();
        if (!behind || !inFlight.isOpen() || pending == null || isNearlyFull()) {
            return null;
        }
        lag = others.join(outbox, this, limits, budget);
        change += OutboundBudget.LAG;
        return lag;
    }

    /** What it would soon have to end a lag for, to begin another. */
    private boolean isNearlyFull() {
        return bytes() > limits.maxBytes() - limits.maxBytes() / 8
                || waiting() > limits.maxMessages() - limits.maxMessages() / 8;
    }

    /** Takes in what it has got together with others. */
    void catchUp() {
        if (lag != null && pending != null) {
            if (lag.isClosed()) {
                endLag();
            } else {
                lag.catchUp(pending);
            }
            var unused = settle(); // if that is too much, whoever counts next finds out
        }
    }

    /** Gets no more together with others. What it has got is taken in later: before anything else happens here. */
    void closeLag() {
        if (lag != null) {
            var unused = lag.close();
        }
    }

    /** Takes in what it has got together with others, and gets no more. */
    void endLag() {
        if (lag != null && pending != null) {
            lag.endWith(pending);
            lag = null;
            change -= OutboundBudget.LAG;
        }
    }

    /** Whether it is this one that it has. */
    @SuppressWarnings("ReferenceEquality")
    boolean has(Lag one) {
        return lag == one;
    }

    // ---- what is being written

    /** Takes what one write takes out of what waits, which is something. */
    List<Frame> beginWrite(PendingMessages waiting, long now) {
        beforeLettingGo();
        blocked = false;
        pending = inFlight.begin(waiting, now);
        return inFlight.frames();
    }

    /** What waits; null for nothing. */
    @Nullable
    PendingMessages pending() {
        return pending;
    }

    int bytesInFlight() {
        return inFlight.bytes();
    }

    void endWrite() {
        beforeLettingGo();
        inFlight.end();
        if (behind) {
            settle();
            behind = pending != null;
        }
    }

    /** Nothing waits any more, and nothing counts. */
    void end() {
        beforeLettingGo();
        if (lag != null) {
            change -= OutboundBudget.LAG + lag.letGo();
            lag = null;
        }
        if (pending != null) {
            pending.letGo();
            change += pending.takeChange();
            pending = null;
        }
        inFlight.letGo();
        settle();
        behind = false;
    }

    // ---- what the node counts

    /**
     * Whether the client is behind by now.
     *
     * @param hasSink whether there is somewhere to write to: what the transport was not asked to take says nothing about the client
     */
    boolean isBehind(boolean hasSink, long now) {
        if (behind || (!inFlight.isOpen() && (pending == null || hasSink))) {
            return behind;
        }
        if (now - since(now) < OutboundBudget.PATIENCE) {
            return false;
        }
        behind = true;
        inFlight.hold();
        if (pending != null) {
            pending.hold();
        }
        return true;
    }

    /** Whether it was when that was asked last. */
    boolean isBehind() {
        return behind;
    }

    /** Since when nothing was taken. */
    long since(long now) {
        if (inFlight.isOpen()) {
            return inFlight.since();
        }
        if (!blocked) {
            blocked = true;
            blockedSince = now;
        }
        return blockedSince;
    }

    /** Before anything is let go of: what this outbox has counted as the first one may be taken off by another. */
    private void beforeLettingGo() {
        if (behind && change + inFlight.change() + (pending == null ? 0 : pending.change()) > 0) {
            settle();
        }
    }

    /** Says to the node by how much it holds more, or less. Returns whether there is room for that. */
    boolean settle() {
        long sum = change + inFlight.takeChange() + (pending == null ? 0 : pending.takeChange());
        change = 0;
        return sum == 0 || budget.change(sum) || sum < 0;
    }

    /** What its client makes the node hold: of a message that others hold too, its share. Looks at each. */
    long weight() {
        return behind ? inFlight.weight() + (pending == null ? 0 : pending.weight()) : 0;
    }

    /** Hands over what the node counts. */
    void forEachCounted(Consumer<OutboundMessage> to) {
        if (behind) {
            inFlight.forEach(to);
            if (pending != null) {
                pending.forEach(to);
            }
        }
    }

    /** What the node counts of the places, for tests. */
    long placeBytes(Set<CommonMessages> seen) {
        return behind
                ? (lag == null ? 0 : OutboundBudget.LAG + lag.placeBytes(seen))
                        + inFlight.placeBytes(seen)
                        + (pending == null ? 0 : pending.placeBytes(seen))
                : 0;
    }
}
