package dev.realtime.internal.outbox;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for many clients one behind the other, in memory once: an outbox knows from where to where its own go ({@link Stretch}). So a room of ten
 * thousand who read nothing costs no reference for each of them and each message, and what comes for all of them is written into one place. Grows at its end, up to
 * {@value #MOST} messages; each is there for as long as an outbox holds its place. Thread-safe, without locks for what is there already.
 */
final class CommonMessages {
    /** What one takes, full or not: two arrays of {@value #MOST}, with references of eight bytes. */
    static final int BYTES = 880;

    static final int MOST = 64;

    private final AtomicReferenceArray<@Nullable OutboundMessage> messages = new AtomicReferenceArray<>(MOST);
    private final AtomicIntegerArray holders = new AtomicIntegerArray(MOST); // of each place
    private final AtomicInteger stretches = new AtomicInteger();
    private final boolean ofLaggards; // these alone add to them
    private volatile int size; // changed under the lock

    /** @param ofLaggards whether {@link Laggards} add to them, and nobody else */
    CommonMessages(boolean ofLaggards) {
        this.ofLaggards = ofLaggards;
    }

    /** Places are taken from now on that may belong to an outbox. Returns whether it is the first that has any. */
    boolean begin() {
        return stretches.getAndIncrement() == 0;
    }

    /** The same, for so many outboxes. */
    void begin(int outboxes) {
        stretches.getAndAdd(outboxes);
    }

    /** An outbox has no place here any more. Returns whether it was the last that had any. */
    boolean end() {
        return stretches.decrementAndGet() == 0;
    }

    /** Holds the place of a message, if it stands there or is the next to come. */
    @SuppressWarnings("ReferenceEquality") // this very message
    boolean hold(int place, OutboundMessage message) {
        if (place >= MOST) {
            return false;
        }
        for (int before; (before = holders.get(place)) > 0; ) {
            if (messages.get(place) != message) {
                return false;
            }
            if (holders.compareAndSet(place, before, before + 1)) {
                return true;
            }
        }
        return append(place, message);
    }

    /** The next message, for so many that hold its place. In the turn of its laggards. */
    synchronized void put(OutboundMessage message, int by) {
        messages.set(size, message);
        holders.set(size, by);
        size++;
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == MOST;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private boolean append(int place, OutboundMessage message) {
        synchronized (this) {
            if (place == size && !ofLaggards) {
                size++;
                messages.set(place, message);
                holders.set(place, 1);
                return true;
            }
        }
        return holders.get(place) > 0 && hold(place, message); // it has come meanwhile, or nobody holds it any more
    }

    /** The message at a place that is held. */
    OutboundMessage get(int place) {
        OutboundMessage message = messages.get(place);
        if (message == null) {
            throw new IllegalStateException("nobody holds this place");
        }
        return message;
    }

    /** Holds a place no longer. */
    void release(int place) {
        OutboundMessage message = get(place);
        if (holders.decrementAndGet(place) > 0) {
            return;
        }
        messages.set(place, null);
        Holders all = message.holders();
        if (place == 0 && all != null) {
            all.forget(this); // the message may be held elsewhere for long
        }
    }
}
