package dev.realtime.internal.fanout;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recipients of throttled events: who was given one of which key not long ago, and the latest that has come for each since. That leaves at a tick of the namespace. Each
 * recipient and key has its place at exactly one coming tick, at which it gets what waits and moves to another one, or, if nothing waits, is forgotten. So a quiet namespace
 * remembers nothing and has no timer. Used in the fan-out's turn only.
 *
 * @param <M> the recipients
 */
final class ThrottledRecipients<M extends Recipient> {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottledRecipients.class);
    /** After so many recipients of a tick connections are flushed, if that is due. */
    private static final int RECIPIENTS_PER_LOOK = 64;

    private final Throttling<M> options;
    private final RoomIndex<M> index;
    private final NodeRuntime runtime;
    private final Time time;
    private final Executor turn;
    private final UnflushedRecipients<M> unflushed;
    private final BiPredicate<M, VolatileDelivery> delivery;
    private final long tick; // in nanoseconds
    private final long start;
    private final Map<String, IdentityHashMap<M, ThrottledKey<M>>> keys = new HashMap<>();
    private final IdentityHashMap<M, ThrottledKey.Held> held = new IdentityHashMap<>();
    private final TreeMap<Long, List<ThrottledKey<M>>> ticks = new TreeMap<>(); // by their numbers
    private Time.@Nullable Timer timer;
    private long planned; // the number of the timer's tick
    private long events; // that have come

    /**
     * @param turn runs tasks in the fan-out's turn
     * @param delivery gives a recipient an event; false if its client is not there
     */
    ThrottledRecipients(
            Throttling<M> options,
            RoomIndex<M> index,
            NodeRuntime runtime,
            Executor turn,
            UnflushedRecipients<M> unflushed,
            BiPredicate<M, VolatileDelivery> delivery) {
        this.options = options;
        this.index = index;
        this.runtime = runtime;
        this.time = runtime.time();
        this.turn = turn;
        this.unflushed = unflushed;
        this.delivery = delivery;
        this.tick = options.tick().toNanos();
        this.start = time.nanoTime();
    }

    /** Takes an event that has a key to its recipients: to each now or later, and to nobody behind a later one of its key. */
    void distribute(VolatileDelivery event, String key) {
        boolean throttled = options.concerns(event.event());
        long number = ++events;
        long now = time.nanoTime() - start;
        index.forEach(event.target(), null, recipient -> {
            ThrottledKey<M> known = find(recipient, key);
            if (known == null) {
                if (delivery.test(recipient, event) && throttled) {
                    remember(recipient, key, now);
                }
            } else if (!throttled || !known.hold(event, number, options.mostBytes())) {
                known.take();
                var unused = delivery.test(recipient, event);
            }
        });
    }

    private @Nullable ThrottledKey<M> find(M recipient, String key) {
        IdentityHashMap<M, ThrottledKey<M>> recipients = keys.get(key);
        return recipients == null ? null : recipients.get(recipient);
    }

    private void remember(M recipient, String key, long now) {
        ThrottledKey.Held all = held.get(recipient);
        if (all != null && all.keys >= options.mostKeys()) {
            return;
        }
        long interval = options.interval().after(recipient, key);
        if (interval <= 0) {
            return;
        }
        if (all == null) {
            all = new ThrottledKey.Held();
            held.put(recipient, all);
        }
        ThrottledKey<M> one = new ThrottledKey<>(recipient, key, all);
        keys.computeIfAbsent(key, first -> new IdentityHashMap<>(8)).put(recipient, one);
        put(one, now + interval);
    }

    private void forget(ThrottledKey<M> one) {
        if (one.forget()) {
            held.remove(one.recipient());
        }
        keys.computeIfPresent(one.key(), (key, recipients) -> {
            recipients.remove(one.recipient());
            return recipients.isEmpty() ? null : recipients;
        });
    }

    /** Gives it its place at the first tick that is not before this time. */
    private void put(ThrottledKey<M> one, long due) {
        long number = -Math.floorDiv(-due, tick);
        ticks.computeIfAbsent(number, first -> new ArrayList<>()).add(one);
        if (timer == null || number < planned) {
            plan(number);
        }
    }

    private void plan(long number) {
        if (timer != null) {
            timer.cancel();
        }
        planned = number;
        long wait = start + number * tick - time.nanoTime();
        timer = time.schedule(Duration.ofNanos(Math.max(0, wait)), () -> turn.execute(this::tick));
    }

    private void tick() {
        long now = time.nanoTime() - start;
        long number = now / tick;
        for (Map.Entry<Long, List<ThrottledKey<M>>> due;
                (due = ticks.firstEntry()) != null && due.getKey() <= number; ) {
            ticks.remove(due.getKey());
            // a timer that is a little late does not make every interval one tick longer
            release(due.getValue(), due.getKey() == number ? number * tick : now);
        }
        timer = null;
        if (!ticks.isEmpty()) {
            plan(ticks.firstKey());
        }
    }

    private void release(List<ThrottledKey<M>> due, long now) {
        due.sort(Comparator.comparingLong(ThrottledKey::number));
        int done = 0;
        for (ThrottledKey<M> one : due) {
            long interval = deliver(one) ? options.interval().after(one.recipient(), one.key()) : 0;
            if (interval > 0) {
                put(one, now + interval);
            } else {
                forget(one);
            }
            if (++done % RECIPIENTS_PER_LOOK == 0) {
                unflushed.flushIfDue();
            }
        }
    }

    /** Gives the recipient what waits, unless it is not for it any more. */
    private boolean deliver(ThrottledKey<M> one) {
        VolatileDelivery event = one.take();
        try {
            return event != null
                    && index.isFor(one.recipient(), event.target())
                    && delivery.test(one.recipient(), event);
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, runtime.node(), "a throttled event failed; the others leave", e);
            return false;
        }
    }

    /** Gives everybody what waits: the node is about to stop. */
    void releaseAll() {
        List<ThrottledKey<M>> all = new ArrayList<>();
        ticks.values().forEach(all::addAll);
        all.sort(Comparator.comparingLong(ThrottledKey::number));
        all.forEach(this::deliver);
    }
}
