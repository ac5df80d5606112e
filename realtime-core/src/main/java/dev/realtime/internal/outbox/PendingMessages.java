package dev.realtime.internal.outbox;

import dev.realtime.internal.outbox.OutboundMessage.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one connection, oldest first. Each is found by its coalescing key and by its kind in constant time, so a client that reads
 * nothing costs those who write to it no more than one that does.
 *
 * <p>A ring of places with consecutive numbers. A message that is taken out from the middle leaves its place empty, and empty places go
 * when the ring is full or its oldest message leaves. Once the client is {@linkplain OutboundBudget behind}, events for many that come one behind the other have one
 * place together, a {@link Stretch}: what comes for thousands that read nothing costs each of them a look and four bytes that change. Not thread-safe.
 */
final class PendingMessages {
    private static final int FIRST = 4; // places of a new ring: most clients have nothing waiting most of the time

    private @Nullable Object[] ring = new @Nullable Object[FIRST]; // messages and stretches
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
            forEach(message -> change += message.place() + message.hold());
        }
    }

    /** Nothing here counts any more, and nothing is taken out any more. */
    void letGo() {
        if (!held) {
            return;
        }
        held = false;
        for (int place = head; place != tail; place++) {
            Object entry = ring[index(place)];
            if (entry instanceof Stretch stretch) {
                while (!stretch.isEmpty()) {
                    change -= stretch.removeFirst().letGo();
                }
                change -= stretch.end();
            } else if (entry instanceof OutboundMessage message) {
                change -= message.place() + message.letGo();
            }
        }
    }

    /** What it makes the node hold: of a message that others hold too, its share. */
    long weight() {
        long[] weight = {placeBytes()};
        forEach(message -> weight[0] += message.share());
        return weight[0];
    }

    /** What its places take, but for what many have together. */
    private long placeBytes() {
        long sum = 0;
        for (int place = head; place != tail; place++) {
            Object entry = ring[index(place)];
            if (entry instanceof Stretch) {
                sum += OutboundBudget.STRETCH;
            } else if (entry instanceof OutboundMessage message) {
                sum += message.place();
            }
        }
        return sum;
    }

    /** The same, for tests: with what many have together, where it has not been seen before. */
    long placeBytes(Set<CommonMessages> seen) {
        long sum = placeBytes();
        for (int place = head; place != tail; place++) {
            if (ring[index(place)] instanceof Stretch stretch && seen.add(stretch.messages())) {
                sum += CommonMessages.BYTES;
            }
        }
        return sum;
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

    /** Takes out as much as one write takes, in order: all of it, or what becomes another, which counts instead. */
    PendingMessages takeBatch(int mostBytes) {
        if (bytes <= mostBytes || size == 1) {
            return this;
        }
        PendingMessages batch = new PendingMessages();
        batch.held = held;
        for (OutboundMessage next;
                (next = first()) != null && (batch.bytes == 0 || batch.bytes + next.size() <= mostBytes); ) {
            batch.add(removeFirst());
        }
        return batch;
    }

    /** Hands over each message, oldest first. */
    void forEach(Consumer<OutboundMessage> to) {
        for (int place = head; place != tail; place++) {
            Object entry = ring[index(place)];
            if (entry instanceof Stretch stretch) {
                stretch.forEach(to);
            } else if (entry instanceof OutboundMessage message) {
                to.accept(message);
            }
        }
    }

    void add(OutboundMessage message) {
        if (!held) {
            place(message);
            return;
        }
        if (joinsStretch(message)) {
            count(message);
        } else {
            place(message);
            change += message.place();
        }
        change += message.hold();
    }

    /** Whether it has its place together with those before it. */
    private boolean joinsStretch(OutboundMessage message) {
        Object last = head == tail ? null : ring[index(tail - 1)];
        if (last == null || !Stretch.canHave(message)) {
            return false;
        }
        if (last instanceof Stretch stretch) {
            return stretch.extend(message);
        }
        OutboundMessage single = (OutboundMessage) last;
        Stretch begun = Stretch.canHave(single) ? Stretch.of(single, message) : null;
        if (begun == null) {
            return false;
        }
        change += begun.begin() - single.place();
        ring[index(tail - 1)] = begun;
        return true;
    }

    // ---- what was put down for many: the node has counted the messages already

    /** So many messages with places of their own. {@link #addBytes} must follow. */
    void add(Stretch stretch, int messages) {
        if (tail - head == ring.length) {
            makeRoom();
        }
        if (reliables == 0) {
            reliablesFrom = tail;
        }
        ring[index(tail)] = stretch;
        tail++;
        change += OutboundBudget.STRETCH;
        extended(messages);
    }

    /** So many more at the end of the last stretch. {@link #addBytes} must follow. */
    void extended(int messages) {
        size += messages;
        reliables += messages;
    }

    void addBytes(int more) {
        bytes += more;
    }

    /** The node holds so much more, or less. */
    void changed(long bytesOfNode) {
        change += bytesOfNode;
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
        count(message);
        tail++;
    }

    private void count(OutboundMessage message) {
        if (message.kind() == Kind.VOLATILE && volatiles++ == 0) {
            volatilesFrom = tail;
        }
        if (message.kind() == Kind.RELIABLE && reliables++ == 0) {
            reliablesFrom = tail;
        }
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
            if (isOf(kind, ring[index(place)])) {
                return place;
            }
            place++;
        }
    }

    private static boolean isOf(Kind kind, @Nullable Object entry) {
        return entry instanceof Stretch
                ? kind == Kind.RELIABLE
                : entry instanceof OutboundMessage message && message.kind() == kind;
    }

    @Nullable
    OutboundMessage first() {
        if (size == 0) {
            return null;
        }
        return ring[index(head)] instanceof Stretch stretch ? stretch.first() : (OutboundMessage) ring[index(head)];
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

    /** Takes out the message at a place, of several there the oldest. */
    private OutboundMessage takeOut(int place) {
        OutboundMessage message;
        if (ring[index(place)] instanceof Stretch stretch) {
            message = stretch.removeFirst();
            if (stretch.isEmpty()) {
                ring[index(place)] = null;
                change -= stretch.end();
            }
        } else if (ring[index(place)] instanceof OutboundMessage single) {
            message = single;
            ring[index(place)] = null;
            if (held) {
                change -= single.place();
            }
        } else {
            throw new IllegalStateException("nothing waits at this place");
        }
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
        @Nullable Object[] old = ring;
        int taken = 0;
        for (Object entry : old) {
            if (entry != null) {
                taken++;
            }
        }
        @Nullable Object[] made = new @Nullable Object[taken > old.length / 2 ? old.length * 2 : old.length];
        int next = 0;
        for (int place = head; place != tail; place++) {
            Object entry = old[place & (old.length - 1)];
            if (entry != null) {
                if (entry instanceof OutboundMessage message && message.coalesceKey() != null && places != null) {
                    Objects.requireNonNull(places.get(message.coalesceKey())).number = next;
                }
                made[next++] = entry;
            }
        }
        ring = made;
        head = 0;
        tail = next;
        volatilesFrom = 0;
        reliablesFrom = 0;
    }

    /**
     * Where the message of a key waits. Changed instead of replaced: with thousands of keys and hundreds of slow clients, objects for each
     * update would keep the collector busy.
     */
    private static final class Place {
        int number;
    }
}
