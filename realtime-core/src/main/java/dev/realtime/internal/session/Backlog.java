package dev.realtime.internal.session;

import dev.realtime.internal.socketio.Packet;
import dev.realtime.limits.Limits;
import dev.realtime.spi.InboundBudget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The count of what a session holds for its client, in number and in bytes, even while it is suspended: events that are not handled yet, and
 * answers to them that cannot leave. Once it is full, the connection is not read until half of it has gone. While the answers alone fill it, no
 * further event is handled either. Thread-safe.
 */
final class Backlog {
    /** What an event or an answer costs beside its payload. */
    private static final int EACH = 256;
    /** A character of a payload takes up to two bytes. */
    private static final int CHARACTER = 2;
    /** A transport that cannot stop reading may hold so many times the bytes at which reading stops. */
    private static final int UNSTOPPABLE = 8;

    /** What came of an event. */
    enum Outcome {
        /** There is room for more. */
        ROOM,
        /** It was the one that made the backlog full. */
        FILLED,
        /** There was no room for it. */
        REFUSED
    }

    private final InboundBudget budget;
    private final int maxEvents;
    private final long maxBytes;
    // guarded by this
    private int events;
    private long bytes; // of the events
    private int answers;
    private long answerBytes;
    private long taken; // of the budget
    private boolean full;

    private volatile @Nullable CompletableFuture<Void>
            fewer; // while there are too many answers; changed under the lock

    Backlog(InboundBudget budget, Limits limits) {
        this.budget = budget;
        this.maxEvents = limits.maxPendingEvents();
        this.maxBytes = limits.maxPendingBytes();
    }

    /** What a packet counts, in bytes. */
    static long cost(Packet packet) {
        long cost = EACH + (long) CHARACTER * packet.data().length();
        for (byte[] attachment : packet.attachments()) {
            cost += attachment.length;
        }
        return cost;
    }

    /** Counts an event that waits. One event always finds room. */
    synchronized Outcome add(long cost) {
        if (events > 0 && bytes + cost > UNSTOPPABLE * maxBytes) {
            return Outcome.REFUSED;
        }
        events++;
        bytes += cost;
        boolean within = pay();
        if (!within && bytes > maxBytes && events > 1) {
            remove(cost); // the transport cannot stop, and the node has no more room
            return Outcome.REFUSED;
        }
        return fills(within) ? Outcome.FILLED : Outcome.ROOM;
    }

    /**
     * Counts an event as handled.
     *
     * @return whether there is room again after it was full
     */
    synchronized boolean remove(long cost) {
        events--;
        bytes -= cost;
        return empties();
    }

    /**
     * Counts an answer that cannot leave yet. There is always room for it.
     *
     * @return whether it was the one that made the backlog full
     */
    synchronized boolean hold(long size) {
        answers++;
        answerBytes += EACH + size;
        boolean within = pay();
        if (fewer == null && (!within || answers >= maxEvents || answerBytes >= maxBytes)) {
            fewer = new CompletableFuture<>();
        }
        return fills(within);
    }

    /**
     * Counts an answer as gone: it has left, or never will.
     *
     * @return whether there is room again after it was full
     */
    boolean release(long size) {
        CompletableFuture<Void> few = null;
        boolean emptied;
        synchronized (this) {
            answers--;
            answerBytes -= EACH + size;
            if (answers <= maxEvents / 2 && answerBytes <= maxBytes / 2) {
                few = fewer;
                fewer = null;
            }
            emptied = empties();
        }
        if (few != null) {
            few.complete(null);
        }
        return emptied;
    }

    /** Completes when there are fewer answers that cannot leave; null unless they are too many. */
    @Nullable
    CompletionStage<Void> whenFewer() {
        return fewer;
    }

    synchronized boolean isFull() {
        return full;
    }

    /** Takes of the budget what there is more, or gives back what there is less; whether the node has room. */
    private boolean pay() {
        long wanted = Math.max(0, bytes + answerBytes - InboundBudget.FREE);
        boolean within = true;
        if (wanted > taken) {
            within = budget.add(wanted - taken);
        } else if (wanted < taken) {
            budget.remove(taken - wanted);
        }
        taken = wanted;
        return within;
    }

    private boolean fills(boolean within) {
        boolean filled = !full && (!within || events + answers >= maxEvents || bytes + answerBytes >= maxBytes);
        full |= filled;
        return filled;
    }

    private boolean empties() {
        pay();
        boolean emptied = full && events + answers <= maxEvents / 2 && bytes + answerBytes <= maxBytes / 2;
        full &= !emptied;
        return emptied;
    }
}
