package dev.realtime.internal.session;

import dev.realtime.Limits;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.InboundBudget;

/**
 * What a session has received and not handled, counted in events and in bytes, also while it is suspended. Full, it asks for the connection not
 * to be read until half of it is handled. Thread-safe.
 */
final class Backlog {
    /** What an event costs beside its payload. */
    private static final int EVENT = 256;
    /** A character of a payload takes up to two bytes. */
    private static final int CHARACTER = 2;
    /** How often the bytes at which reading stops may wait, for transports that cannot stop. */
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
    private long bytes;
    private long taken; // of the budget
    private boolean full;

    Backlog(InboundBudget budget, Limits limits) {
        this.budget = budget;
        this.maxEvents = limits.maxPendingEvents();
        this.maxBytes = limits.maxPendingBytes();
    }

    /** What a packet is counted for. */
    static long cost(Packet packet) {
        long cost = EVENT + (long) CHARACTER * packet.data().length();
        for (byte[] attachment : packet.attachments()) {
            cost += attachment.length;
        }
        return cost;
    }

    /** Something more waits; one event always finds room. */
    synchronized Outcome add(long cost) {
        if (events > 0 && bytes + cost > UNSTOPPABLE * maxBytes) {
            return Outcome.REFUSED;
        }
        events++;
        bytes += cost;
        boolean within = true;
        long wanted = bytes - InboundBudget.FREE;
        if (wanted > taken) {
            within = budget.add(wanted - taken);
            taken = wanted;
        }
        if (!within && bytes > maxBytes && events > 1) {
            remove(cost); // the transport cannot stop, and the node has no more room
            return Outcome.REFUSED;
        }
        boolean filled = !full && (!within || events >= maxEvents || bytes >= maxBytes);
        full |= filled;
        return filled ? Outcome.FILLED : Outcome.ROOM;
    }

    /**
     * Something has been handled.
     *
     * @return whether there is room again after it was full
     */
    synchronized boolean remove(long cost) {
        events--;
        bytes -= cost;
        long wanted = Math.max(0, bytes - InboundBudget.FREE);
        if (wanted < taken) {
            budget.remove(taken - wanted);
            taken = wanted;
        }
        if (full && events <= maxEvents / 2 && bytes <= maxBytes / 2) {
            full = false;
            return true;
        }
        return false;
    }

    synchronized boolean isFull() {
        return full;
    }
}
