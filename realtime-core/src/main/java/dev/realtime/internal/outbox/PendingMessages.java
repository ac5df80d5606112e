package dev.realtime.internal.outbox;

import dev.realtime.internal.outbox.OutboundMessage.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one connection, oldest first. Each is found by its coalescing key and by its kind in constant time, so a client that reads
 * nothing costs those who write to it no more than one that does.
 *
 * <p>A ring of places with consecutive numbers. A message that is taken out from the middle leaves its place empty, and empty places go
 * when the ring is full or its oldest message leaves. Not thread-safe.
 */
final class PendingMessages {
    private static final int FIRST = 4; // places of a new ring: most clients have nothing waiting most of the time

    private @Nullable OutboundMessage[] ring = new @Nullable OutboundMessage[FIRST];
    private int head; // the number of the oldest place; numbers wrap around
    private int tail; // the number of the next place
    private int size;
    private int bytes;
    private int unshared; // of the bytes
    private boolean held; // whether the node counts what is here
    private long change; // of what it counts, since it was told
    private @Nullable Map<Object, Place> places; // by coalescing key
    // how many of a kind there are, and before which place there is none
    private int volatiles;
    private int volatilesFrom;
    private int reliables;
    private int reliablesFrom;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    int bytes() {
        return bytes;
    }

    /** Bytes of the messages that are for this client alone. */
    int unshared() {
        return unshared;
    }

    /** The node counts what is here, and what comes, from now on. */
    void hold() {
        if (!held) {
            held = true;
            for (int place = head; place != tail; place++) {
                OutboundMessage message = ring[index(place)];
                if (message != null) {
                    change += message.hold();
                }
            }
        }
    }

    /** Nothing here counts any more. */
    void letGo() {
        if (held) {
            held = false;
            for (int place = head; place != tail; place++) {
                OutboundMessage message = ring[index(place)];
                if (message != null) {
                    change -= message.letGo();
                }
            }
        }
    }

    /** By how much the node holds more, or less, since it was told last. */
    long change() {
        return change;
    }

    /** By how much the node holds more, or less, since this was asked last. */
    long takeChange() {
        long taken = change;
        change = 0;
        return taken;
    }

    /** Takes out as much as one write takes, in order: all of it, or what becomes another. It is counted as before. */
    PendingMessages takeBatch(int mostBytes) {
        if (bytes <= mostBytes || size == 1) {
            return this;
        }
        PendingMessages batch = new PendingMessages();
        batch.held = held;
        boolean counts = held;
        held = false; // what moves is counted already
        for (OutboundMessage next;
                (next = first()) != null && (batch.bytes == 0 || batch.bytes + next.size() <= mostBytes); ) {
            batch.place(removeFirst());
        }
        held = counts;
        return batch;
    }

    /** Hands over each message, oldest first. */
    void forEach(Consumer<OutboundMessage> to) {
        for (int place = head; place != tail; place++) {
            OutboundMessage message = ring[index(place)];
            if (message != null) {
                to.accept(message);
            }
        }
    }

    void add(OutboundMessage message) {
        place(message);
        if (held) {
            change += message.hold();
        }
    }

    private void place(OutboundMessage message) {
        if (tail - head == ring.length) {
            makeRoom();
        }
        ring[index(tail)] = message;
        Object key = message.coalesceKey();
        if (key != null) {
            if (places == null) {
                places = new HashMap<>();
            }
            places.computeIfAbsent(key, first -> new Place()).number = tail;
        }
        if (message.kind() == Kind.VOLATILE && volatiles++ == 0) {
            volatilesFrom = tail;
        }
        if (message.kind() == Kind.RELIABLE && reliables++ == 0) {
            reliablesFrom = tail;
        }
        tail++;
        size++;
        bytes += message.size();
        unshared += message.unshared();
    }

    /** Takes out the message that waits under a key. The next message under it is added, or the key forgotten, before anything else. */
    void removeByKey(Object key) {
        Place place = places == null ? null : places.get(key);
        if (place != null) {
            takeOut(place.number);
        }
    }

    /** Nothing follows what was taken out under a key. */
    void forget(Object key) {
        if (places != null) {
            places.remove(key);
        }
    }

    /** Takes out the oldest volatile message; null when there is none. */
    @Nullable
    OutboundMessage removeOldestVolatile() {
        if (volatiles == 0) {
            return null;
        }
        volatilesFrom = oldest(Kind.VOLATILE, volatilesFrom);
        return remove(volatilesFrom);
    }

    /** Takes out the oldest reliable message; null when there is none. */
    @Nullable
    OutboundMessage removeOldestReliable() {
        if (reliables == 0) {
            return null;
        }
        reliablesFrom = oldest(Kind.RELIABLE, reliablesFrom);
        return remove(reliablesFrom);
    }

    private int oldest(Kind kind, int from) {
        int place = from - head < 0 ? head : from;
        while (true) {
            OutboundMessage candidate = ring[index(place)];
            if (candidate != null && candidate.kind() == kind) {
                return place;
            }
            place++;
        }
    }

    @Nullable
    OutboundMessage first() {
        return size == 0 ? null : ring[index(head)];
    }

    /** Takes out the oldest message. There is one. */
    OutboundMessage removeFirst() {
        return remove(head);
    }

    private OutboundMessage remove(int place) {
        OutboundMessage message = takeOut(place);
        Object key = message.coalesceKey();
        if (key != null) {
            forget(key);
        }
        return message;
    }

    private OutboundMessage takeOut(int place) {
        OutboundMessage message = ring[index(place)];
        if (message == null) {
            throw new IllegalStateException("nothing waits at this place");
        }
        ring[index(place)] = null;
        size--;
        bytes -= message.size();
        unshared -= message.unshared();
        if (held) {
            change -= message.letGo();
        }
        if (message.kind() == Kind.VOLATILE) {
            volatiles--;
        } else if (message.kind() == Kind.RELIABLE) {
            reliables--;
        }
        while (head != tail && ring[index(head)] == null) {
            head++;
        }
        return message;
    }

    private int index(int place) {
        return place & (ring.length - 1);
    }

    /** Closes up empty places, or doubles a ring that has few. Either way it pays for as many places as it frees. */
    private void makeRoom() {
        @Nullable OutboundMessage[] old = ring;
        int from = head;
        int to = tail;
        ring = new @Nullable OutboundMessage[size > old.length / 2 ? old.length * 2 : old.length];
        head = 0;
        tail = 0;
        size = 0;
        bytes = 0;
        unshared = 0;
        volatiles = 0;
        reliables = 0;
        for (int place = from; place != to; place++) {
            OutboundMessage message = old[place & (old.length - 1)];
            if (message != null) {
                place(message);
            }
        }
    }

    /**
     * Where the message of a key waits. Changed instead of replaced: with thousands of keys and hundreds of slow clients, objects for each
     * update would keep the collector busy.
     */
    private static final class Place {
        int number;
    }
}
