package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block of consecutive events of the log, without an object for any of them: a window holds a hundred thousand, and what a garbage collector has
 * to trace and to copy is a few arrays. Events are counted from zero.
 */
final class EventBlock {
    private static final int EVENTS = 1024;
    private static final int BYTES = 256 << 10; // of everything that its events keep
    private static final int FEW_ROOMS = 8;
    private static final long BYTES_PER_ROOM = 200; // its name, its place in the target, the number of the event
    private static final int FIRST_EVENTS = 8; // most namespaces are quiet
    private static final int FIRST_BYTES = 512;

    private static final long[] NONE = {};

    private long[] times = new long[FIRST_EVENTS];
    private long[] sequences = new long[FIRST_EVENTS];
    private long[] nanos = new long[FIRST_EVENTS];
    private int[] ends = new int[FIRST_EVENTS];
    private Target[] targets = new Target[FIRST_EVENTS];
    private byte[] json = new byte[FIRST_BYTES];
    private Map<Integer, List<byte[]>> attachments = Map.of(); // of the few events that have any
    private Map<Integer, PartedEvent> parted = Map.of(); // those that have parts
    private @Nullable ReplayedFrames frames; // once something is replayed
    private long[] expiries = NONE; // once an event has one
    private int size;
    private long weight;

    /**
     * Whether the next event needs another block. A block is kept as long as one of its events is: all of them but the last are less than {@link #BYTES}
     * together, so that this is the most that is kept in vain.
     */
    boolean isFull() {
        return size == EVENTS || weight >= BYTES;
    }

    int size() {
        return size;
    }

    void add(Delivery delivery, Target target, long now) {
        EventData event = delivery.event();
        if (size == times.length) {
            grow();
        }
        int from = from(size);
        int end = from + event.json().length;
        if (end > json.length) {
            json = Arrays.copyOf(json, Math.max(end, Math.min(2 * json.length, BYTES)));
        }
        System.arraycopy(event.json(), 0, json, from, event.json().length);
        if (!event.attachments().isEmpty()) {
            if (attachments.isEmpty()) {
                attachments = new HashMap<>();
            }
            attachments.put(size, event.attachments());
        }
        if (delivery.parts() != null) {
            if (parted.isEmpty()) {
                parted = new HashMap<>();
            }
            parted.put(size, delivery.parts());
        }
        if (delivery.expiry() != Delivery.NEVER || expiries.length > 0) {
            expires(delivery.expiry());
        }
        times[size] = delivery.position().time();
        sequences[size] = delivery.position().sequence();
        nanos[size] = now;
        targets[size] = target;
        ends[size++] = end;
        weight += weight(size - 1);
        if (isFull()) {
            json = Arrays.copyOf(json, end);
        }
    }

    private void expires(long at) {
        int known = expiries.length;
        if (known < times.length) {
            expiries = Arrays.copyOf(expiries, times.length);
            Arrays.fill(expiries, known, times.length, Delivery.NEVER);
        }
        expiries[size] = at;
    }

    private void grow() {
        int length = 2 * size;
        times = Arrays.copyOf(times, length);
        sequences = Arrays.copyOf(sequences, length);
        nanos = Arrays.copyOf(nanos, length);
        ends = Arrays.copyOf(ends, length);
        targets = Arrays.copyOf(targets, length);
    }

    /** To replay it. */
    Delivery delivery(int index) {
        PartedEvent parts = parted.get(index);
        if (parts != null) {
            return new Delivery(position(index), targets[index], event(index), Delivery.NEVER, parts, null, 0);
        }
        ReplayedFrames shared = frames;
        if (shared == null) {
            shared = new ReplayedFrames(EVENTS);
            frames = shared;
        }
        return new Delivery(position(index), targets[index], event(index), expiry(index), null, shared, index);
    }

    /** By the log's clock. */
    long expiry(int index) {
        return index < expiries.length ? expiries[index] : Delivery.NEVER;
    }

    Position position(int index) {
        return new Position(times[index], sequences[index]);
    }

    Target target(int index) {
        return targets[index];
    }

    long nanos(int index) {
        return nanos[index];
    }

    /** What keeping an event costs; an audience of many rooms is larger than most events. */
    long weight(int index) {
        int names = targets[index].rooms().size() + targets[index].except().size();
        return names <= FEW_ROOMS ? bytes(index) : bytes(index) + names * BYTES_PER_ROOM;
    }

    /** Bytes of the JSON text, all parts and all attachments. */
    int bytes(int index) {
        PartedEvent parts = parted.get(index);
        int bytes = ends[index] - from(index) + (parts == null ? 0 : parts.size());
        for (byte[] attachment : attachments.getOrDefault(index, List.of())) {
            bytes += attachment.length;
        }
        return bytes;
    }

    private EventData event(int index) {
        return new EventData(
                Arrays.copyOfRange(json, from(index), ends[index]), attachments.getOrDefault(index, List.of()));
    }

    private int from(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }
}
