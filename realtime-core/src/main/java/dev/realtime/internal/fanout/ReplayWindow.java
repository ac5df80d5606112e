package dev.realtime.internal.fanout;

import dev.realtime.Recovery;
import dev.realtime.spi.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The recent deliveries of a namespace, by room, so that a thousand sessions that resume at once look only at what may concern them.
 * Used in the fan-out's turn only.
 */
final class ReplayWindow {
    private static final Set<String> EVERYBODY = Set.of("");

    private final Recovery recovery;
    private final long ageNanos;
    private final ArrayDeque<Delivery> all = new ArrayDeque<>();
    private final Map<String, ArrayDeque<Delivery>> byRoom = new HashMap<>();
    private Position forgotten;
    private long bytes;

    ReplayWindow(Recovery recovery, long ageNanos, Position from) {
        this.recovery = recovery;
        this.ageNanos = ageNanos;
        this.forgotten = from;
    }

    void add(Delivery delivery) {
        all.addLast(delivery);
        bytes += delivery.size();
        for (String room : roomsOf(delivery)) {
            ArrayDeque<Delivery> deliveries = byRoom.computeIfAbsent(room, name -> new ArrayDeque<>(4));
            Delivery before = deliveries.peekLast();
            if (before != null) {
                delivery.shareTarget(before);
            }
            deliveries.addLast(delivery);
        }
        trim(delivery.nanos());
    }

    void trim(long now) {
        Delivery oldest;
        while ((oldest = all.peekFirst()) != null
                && (now - oldest.nanos() > ageNanos
                        || all.size() > recovery.maxEntries()
                        || bytes > recovery.maxBytes())) {
            all.removeFirst();
            bytes -= oldest.size();
            forgotten = oldest.position();
            for (String room : roomsOf(oldest)) {
                byRoom.computeIfPresent(room, (name, deliveries) -> {
                    deliveries.removeFirst();
                    return deliveries.isEmpty() ? null : deliveries;
                });
            }
        }
    }

    private static Set<String> roomsOf(Delivery delivery) {
        Set<String> rooms = delivery.target().rooms();
        return rooms.isEmpty() ? EVERYBODY : rooms;
    }

    /** Whether everything behind this position is still here. */
    boolean reaches(Position after) {
        return !after.isBefore(forgotten);
    }

    /** What went to everybody or to any of these rooms behind a position, in order. */
    @SuppressWarnings("ReferenceEquality") // one delivery that went to several rooms was found several times
    List<Delivery> behind(Position after, Collection<String> rooms) {
        List<Delivery> found = new ArrayList<>();
        collect("", after, found);
        for (String room : rooms) {
            collect(room, after, found);
        }
        found.sort(Comparator.comparing(Delivery::position));
        for (int i = found.size() - 1; i > 0; i--) {
            if (found.get(i) == found.get(i - 1)) {
                found.remove(i);
            }
        }
        return found;
    }

    private void collect(String room, Position after, List<Delivery> found) {
        ArrayDeque<Delivery> deliveries = byRoom.get(room);
        if (deliveries == null) {
            return;
        }
        Iterator<Delivery> newestFirst = deliveries.descendingIterator();
        while (newestFirst.hasNext()) {
            Delivery delivery = newestFirst.next();
            if (!delivery.position().isAfter(after)) {
                return;
            }
            found.add(delivery);
        }
    }
}
