package dev.realtime.internal.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many outboxes of clients that are behind hold a message that all of them share. It is in memory once: the first of them counts its bytes,
 * and the last takes them off. While there are any, it knows what follows the message for them. Thread-safe.
 */
final class Holders {
    /** Of what may follow: clients in different rooms are sent different things. */
    private static final int MOST_BEGINNINGS = 4;

    /** What many have together pays only for many. */
    private static final int MANY = 16;

    private final AtomicInteger count = new AtomicInteger();
    private List<CommonMessages> beginnings = List.of(); // guarded by this

    /** One more; returns whether it is the first. */
    boolean add() {
        return count.getAndIncrement() == 0;
    }

    /** So many more; returns whether they are the first. */
    boolean add(int more) {
        return count.getAndAdd(more) == 0;
    }

    /** How many there are; one at least for whoever is one of them. */
    int count() {
        return Math.max(1, count.get());
    }

    /** One less; returns whether it was the last. */
    boolean remove() {
        boolean last = count.decrementAndGet() == 0;
        if (last) {
            forget();
        }
        return last;
    }

    private synchronized void forget() {
        beginnings = List.of();
    }

    /** Nobody holds the message at the beginning of these any more, so nobody can join them there. */
    @SuppressWarnings("ReferenceEquality") // these very ones
    synchronized void forget(CommonMessages ended) {
        List<CommonMessages> left = new ArrayList<>(beginnings);
        left.removeIf(known -> known == ended);
        beginnings = List.copyOf(left);
    }

    /** How many there are of what follows the message, for tests. */
    synchronized int beginnings() {
        return beginnings.size();
    }

    /** The common messages that begin with this message and the one that follows it, both places held; null if few hold it, or too many others follow it. */
    @Nullable
    CommonMessages together(OutboundMessage first, OutboundMessage second) {
        return count.get() < MANY ? null : found(first, second);
    }

    private synchronized @Nullable CommonMessages found(OutboundMessage first, OutboundMessage second) {
        for (CommonMessages known : beginnings) {
            if (known.hold(0, first)) {
                if (known.hold(1, second)) {
                    return known;
                }
                known.release(0);
            }
        }
        if (beginnings.size() == MOST_BEGINNINGS) {
            return null;
        }
        CommonMessages made = new CommonMessages(false);
        made.hold(0, first);
        made.hold(1, second);
        List<CommonMessages> all = new ArrayList<>(beginnings);
        all.add(made);
        beginnings = all;
        return made;
    }
}
