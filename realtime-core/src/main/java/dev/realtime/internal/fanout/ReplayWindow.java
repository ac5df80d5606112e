package dev.realtime.internal.fanout;

import dev.realtime.Recovery;
import dev.realtime.spi.Position;
import dev.realtime.spi.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The recent events of a namespace, by room, so that a thousand sessions that resume at once look only at what may concern them. Events
 * are numbered as they come. Used in the fan-out's turn only.
 */
final class ReplayWindow {
    private static final Set<String> EVERYBODY = Set.of("");

    private final Recovery recovery;
    private final long ageNanos;
    private final TreeMap<Long, Stretch> stretches = new TreeMap<>(); // by the number of their first event
    private final Map<String, Trail> byRoom = new HashMap<>();
    private Stretch latest = new Stretch();
    private long latestFrom; // the number of its first event
    private long first; // the oldest that is kept
    private long next;
    private Position forgotten;
    private long bytes;

    ReplayWindow(Recovery recovery, long ageNanos, Position from) {
        this.recovery = recovery;
        this.ageNanos = ageNanos;
        this.forgotten = from;
        stretches.put(latestFrom, latest);
    }

    void add(Delivery delivery, long now) {
        if (latest.isFull()) {
            if (first == next) {
                stretches.clear(); // nothing of it is kept any more
            }
            latest = new Stretch();
            latestFrom = next;
            stretches.put(latestFrom, latest);
        }
        Target target = delivery.target();
        for (String room : roomsOf(target)) {
            Trail trail = byRoom.computeIfAbsent(room, name -> new Trail());
            if (!trail.isEmpty()) {
                target = shared(target, trail.get(trail.size() - 1));
            }
            trail.addLast(next);
        }
        latest.add(delivery.position(), target, delivery.event(), now);
        bytes += delivery.event().size();
        next++;
        trim(now);
    }

    /** Most events go where the one before them went, and need not say it again. */
    private Target shared(Target target, long before) {
        Stretch stretch = stretch(before);
        Target known = stretch.target(index(before));
        return known.equals(target) ? known : target;
    }

    private Stretch stretch(long number) {
        return number >= latestFrom ? latest : stretches.floorEntry(number).getValue();
    }

    private int index(long number) {
        return (int) (number - (number >= latestFrom ? latestFrom : stretches.floorKey(number)));
    }

    void trim(long now) {
        while (first < next) {
            long from = stretches.firstKey();
            Stretch oldest = stretches.firstEntry().getValue();
            int index = (int) (first - from);
            if (now - oldest.nanos(index) <= ageNanos
                    && next - first <= recovery.maxEntries()
                    && bytes <= recovery.maxBytes()) {
                return;
            }
            bytes -= oldest.bytes(index);
            forgotten = oldest.position(index);
            for (String room : roomsOf(oldest.target(index))) {
                byRoom.computeIfPresent(room, (name, trail) -> {
                    trail.removeFirst();
                    return trail.isEmpty() ? null : trail;
                });
            }
            first++;
            if (first == from + oldest.size() && from != latestFrom) {
                stretches.remove(from);
            }
        }
    }

    private static Set<String> roomsOf(Target target) {
        return target.rooms().isEmpty() ? EVERYBODY : target.rooms();
    }

    /** Whether everything behind this position is still here. */
    boolean reaches(Position after) {
        return !after.isBefore(forgotten);
    }

    /** What went to everybody or to any of these rooms behind a position, in order. */
    List<Delivery> behind(Position after, Collection<String> rooms) {
        NavigableSet<Long> found = new TreeSet<>(); // an event that went to several rooms is found several times
        collect("", after, found);
        for (String room : rooms) {
            collect(room, after, found);
        }
        List<Delivery> deliveries = new ArrayList<>(found.size());
        for (long number : found) {
            deliveries.add(stretch(number).delivery(index(number)));
        }
        return deliveries;
    }

    private void collect(String room, Position after, Set<Long> found) {
        Trail trail = byRoom.get(room);
        if (trail == null) {
            return;
        }
        for (int i = trail.size() - 1; i >= 0; i--) {
            long number = trail.get(i);
            Position position = stretch(number).position(index(number));
            if (!position.isAfter(after)) {
                return;
            }
            found.add(number);
        }
    }
}
