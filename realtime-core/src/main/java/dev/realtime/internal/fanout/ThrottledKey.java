package dev.realtime.internal.fanout;

import org.jspecify.annotations.Nullable;

/** One recipient of events of one key, from when it was given one until it may be given the next. Used in the fan-out's turn only. */
final class ThrottledKey<M> {
    private final M recipient;
    private final String key;
    private final Held held;
    private @Nullable VolatileDelivery waiting;
    private long number; // of what waits, in the order in which all came

    /** What is remembered for a recipient. */
    static final class Held {
        int keys;
        int bytes; // of events that wait
    }

    ThrottledKey(M recipient, String key, Held held) {
        this.recipient = recipient;
        this.key = key;
        this.held = held;
        held.keys++;
    }

    M recipient() {
        return recipient;
    }

    String key() {
        return key;
    }

    /** In which order what leaves together leaves. */
    long number() {
        return number;
    }

    /** Lets an event wait instead of an earlier one. False if so many bytes would wait that it does not; then none does. */
    boolean hold(VolatileDelivery event, long as, int mostBytes) {
        take();
        if (held.bytes + event.event().size() > mostBytes) {
            return false;
        }
        held.bytes += event.event().size();
        waiting = event;
        number = as;
        return true;
    }

    /** Takes out what waits; null if nothing does. */
    @Nullable
    VolatileDelivery take() {
        VolatileDelivery event = waiting;
        if (event != null) {
            held.bytes -= event.event().size();
            waiting = null;
        }
        return event;
    }

    /** The recipient may be given the next at once. Returns whether nothing is remembered for it any more. */
    boolean forget() {
        return --held.keys == 0;
    }
}
