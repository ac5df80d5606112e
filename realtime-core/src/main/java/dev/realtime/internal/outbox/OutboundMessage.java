package dev.realtime.internal.outbox;

import dev.realtime.spi.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to clients: a frame, or a header and its attachments. Built once and shared by every recipient.
 *
 * @param frames leave together and in order
 * @param size bytes of all frames
 * @param kind what a full outbox may do with it
 * @param coalesceKey a waiting volatile message with an equal key is replaced by this one; null for none
 * @param holders who count it once for all of them, since others get it too; null if it is for one client alone
 * @param gathered what becomes frames only when it leaves, together with its neighbours; null if it has frames of its own
 */
public record OutboundMessage(
        List<Frame> frames,
        int size,
        Kind kind,
        @Nullable Object coalesceKey,
        @Nullable Holders holders,
        @Nullable Gathered gathered) {
    private static final int FRAMING = 128; // of a batch that has no other event

    /** What a full outbox may do. */
    public enum Kind {
        /** Dropped first. */
        VOLATILE,
        /** Dropped only by {@link dev.realtime.limits.Overflow#DROP_OLDEST}. */
        RELIABLE,
        /** Protocol and acknowledgements: never dropped. */
        CONTROL
    }

    public static OutboundMessage control(Frame frame) {
        return control(List.of(frame));
    }

    public static OutboundMessage control(List<Frame> frames) {
        return of(frames, Kind.CONTROL, null, false);
    }

    public static OutboundMessage reliable(List<Frame> frames) {
        return of(frames, Kind.RELIABLE, null, true);
    }

    /** A reliable event for one client alone. */
    public static OutboundMessage forOne(List<Frame> frames) {
        return of(frames, Kind.RELIABLE, null, false);
    }

    public static OutboundMessage volatileMessage(List<Frame> frames, @Nullable Object coalesceKey) {
        return of(frames, Kind.VOLATILE, coalesceKey, true);
    }

    /** A reliable event that leaves together with its neighbours. It counts as if it left alone. */
    public static OutboundMessage gathered(Gathered part) {
        return new OutboundMessage(List.of(), part.size() + FRAMING, Kind.RELIABLE, null, new Holders(), part);
    }

    /** Bytes that are in memory for one client: events are shared by all who get them; answers and what is for one client are not. */
    int unshared() {
        return holders == null ? size : 0;
    }

    /** An outbox holds it whose client is behind: returns the bytes that the node holds more by that, but for its place. */
    long hold() {
        return holders != null && holders.add() ? size : 0;
    }

    /** The same of so many outboxes. */
    long hold(int outboxes) {
        return holders != null && holders.add(outboxes) ? size : 0;
    }

    /** One that held it does not any more: returns the bytes that the node holds less by that, but for its place. */
    long letGo() {
        return holders != null && holders.remove() ? size : 0;
    }

    /** What one of the outboxes that hold it makes the node hold, but for its place: as much of the bytes as each other one. */
    long share() {
        return holders == null ? 0 : size / holders.count();
    }

    /** What it takes to have it wait in one outbox by itself. */
    long place() {
        return coalesceKey == null ? OutboundBudget.PLACE : OutboundBudget.PLACE_WITH_KEY;
    }

    private static OutboundMessage of(List<Frame> frames, Kind kind, @Nullable Object key, boolean shared) {
        int size = 0;
        for (Frame frame : frames) {
            size += frame.size();
        }
        return new OutboundMessage(frames, size, kind, key, shared ? new Holders() : null, null);
    }
}
