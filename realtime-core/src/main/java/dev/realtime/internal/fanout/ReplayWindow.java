package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.Recovery;
import dev.realtime.spi.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The recent events of a namespace, by room, so that a thousand sessions that resume at once look only at what may concern them. Events
 * are numbered as they come. What was in the log before this node followed it can be {@linkplain #attach attached} as the older half. What is kept is as much
 * as {@link Recovery#maxBytes}, and half a mebibyte more at the most: what is forgotten of the oldest block, and free space in the latest.
 *
 * <p>Thread-safe: the fan-out adds in its turn, and those who catch up look beside it, a portion at a time.
 */
final class ReplayWindow {
    private static final Set<String> EVERYBODY = Set.of("");
    private static final int FRAMING = 160; // header, namespace and offset of an event

    private final Recovery recovery;
    private final long ageNanos;
    private final TreeMap<Long, EventBlock> blocks = new TreeMap<>(); // by the number of their first event
    private final Map<String, EventNumbers> byRoom = new HashMap<>();
    private EventBlock latest = new EventBlock();
    private long latestFrom; // the number of its first event
    private long first; // the oldest that is kept
    private long next;
    private Position forgotten;
    private long bytes;
    private @Nullable ReplayWindow past; // ends where this one begins; gone as soon as this one has forgotten anything

    ReplayWindow(Recovery recovery, long ageNanos, Position from) {
        this.recovery = recovery;
        this.ageNanos = ageNanos;
        this.forgotten = from;
        blocks.put(latestFrom, latest);
    }

    synchronized void add(Delivery delivery, long now) {
        if (latest.isFull()) {
            begin();
        }
        Target target = delivery.target();
        for (String room : roomsOf(target)) {
            EventNumbers numbers = byRoom.computeIfAbsent(room, name -> new EventNumbers());
            if (!numbers.isEmpty()) {
                target = shared(target, numbers.get(numbers.size() - 1));
            }
            numbers.addLast(next);
        }
        latest.add(delivery, target, now);
        bytes += latest.weight(latest.size() - 1);
        next++;
        trim(now);
    }

    /** The next event is the first of a block. */
    private void begin() {
        latest = new EventBlock();
        latestFrom = next;
        blocks.put(latestFrom, latest);
    }

    /** Returns the target of the event before if it is equal: most events go where the one before them went. */
    private Target shared(Target target, long before) {
        EventBlock block = block(before);
        Target known = block.target(index(before));
        return known.equals(target) ? known : target;
    }

    private EventBlock block(long number) {
        return number >= latestFrom ? latest : blocks.floorEntry(number).getValue();
    }

    private int index(long number) {
        return (int) (number - (number >= latestFrom ? latestFrom : blocks.floorKey(number)));
    }

    /** What is kept takes so much, about. */
    synchronized long bytes() {
        return bytes + (past == null ? 0 : past.bytes());
    }

    synchronized void trim(long now) {
        if (past != null) {
            past.trim(now, recovery.maxEntries() - (next - first), recovery.maxBytes() - bytes);
        }
        if (trim(now, recovery.maxEntries(), recovery.maxBytes())) {
            past = null;
        }
    }

    /** Returns whether anything was forgotten. */
    private synchronized boolean trim(long now, long mostEntries, long mostBytes) {
        long before = first;
        while (first < next) {
            long from = blocks.firstKey();
            EventBlock oldest = blocks.firstEntry().getValue();
            int index = (int) (first - from);
            if (now - oldest.nanos(index) <= ageNanos && next - first <= mostEntries && bytes <= mostBytes) {
                break;
            }
            bytes -= oldest.weight(index);
            forgotten = oldest.position(index);
            for (String room : roomsOf(oldest.target(index))) {
                byRoom.computeIfPresent(room, (name, numbers) -> {
                    numbers.removeFirst();
                    return numbers.isEmpty() ? null : numbers;
                });
            }
            first++;
            if (first == from + oldest.size() && (from != latestFrom || oldest.isFull())) {
                blocks.remove(from);
                if (from == latestFrom) {
                    begin();
                }
            }
        }
        return first > before;
    }

    private static Set<String> roomsOf(Target target) {
        return target.rooms().isEmpty() ? EVERYBODY : target.rooms();
    }

    /** Forgets everything up to a position, and all that is here. */
    synchronized void forget(Position through) {
        forgotten = Position.max(forgotten, through); // first: the rest may fail for want of memory
        past = null;
        byRoom.clear();
        blocks.clear();
        begin();
        first = next;
        bytes = 0;
    }

    /** Everything behind this position is here, or was never for anybody here. */
    synchronized Position forgotten() {
        return past == null ? forgotten : past.forgotten();
    }

    /** Puts in front what lies directly before the first event; too late when that has been forgotten. */
    synchronized void attach(ReplayWindow older, Position joint, long now) {
        if (forgotten.equals(joint)) {
            past = older;
            trim(now);
        }
    }

    /**
     * The first of what went to everybody or to any of these rooms behind a position, in order; null when the window does not reach back so
     * far. What that costs is bounded by the portion and the rooms, not by what the window holds.
     *
     * @param through what lies behind is left for later
     * @param logNow what has expired by then, as the log's clock says it, is left out
     * @param most events of a portion
     * @param mostBytes of a portion, which holds one event at least
     */
    synchronized @Nullable ReplayBatch behind(
            Position after, Position through, long logNow, Collection<String> rooms, int most, int mostBytes) {
        ReplayWindow older = past;
        if (older != null && after.isBefore(forgotten)) {
            ReplayBatch portion = older.behind(after, forgotten, logNow, rooms, most, mostBytes);
            return portion == null ? null : new ReplayBatch(portion.deliveries(), portion.through(), false);
        }
        return after.isBefore(forgotten) ? null : collect(after, through, logNow, rooms, most, mostBytes);
    }

    private ReplayBatch collect(
            Position after, Position through, long logNow, Collection<String> rooms, int most, int mostBytes) {
        PriorityQueue<Cursor> cursors = cursors(firstBehind(after), rooms);
        List<Delivery> found = new ArrayList<>();
        Position last = after;
        long before = -1; // an event that went to several rooms is met several times
        int size = 0;
        for (Cursor cursor; (cursor = cursors.poll()) != null; ) {
            long number = cursor.number();
            EventBlock block = block(number);
            int index = index(number);
            Position position = block.position(index);
            if (position.isAfter(through)) {
                break;
            }
            if (number != before && block.expiry(index) > logNow) {
                int framed = block.bytes(index) + FRAMING;
                if (found.size() == most || (!found.isEmpty() && size + framed > mostBytes)) {
                    return new ReplayBatch(found, last, false);
                }
                found.add(block.delivery(index));
                size += framed;
                last = position;
                before = number;
            }
            if (cursor.advance()) {
                cursors.add(cursor);
            }
        }
        return new ReplayBatch(found, Position.max(after, through), true);
    }

    private PriorityQueue<Cursor> cursors(long from, Collection<String> rooms) {
        PriorityQueue<Cursor> cursors = new PriorityQueue<>();
        addCursor(cursors, "", from);
        for (String room : rooms) {
            addCursor(cursors, room, from);
        }
        return cursors;
    }

    private void addCursor(PriorityQueue<Cursor> cursors, String room, long from) {
        EventNumbers numbers = byRoom.get(room);
        if (numbers != null) {
            int index = numbers.firstFrom(from);
            if (index < numbers.size()) {
                cursors.add(new Cursor(numbers, index));
            }
        }
    }

    /** The number of the first event behind a position. */
    private long firstBehind(Position after) {
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (block(middle).position(index(middle)).isAfter(after)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** A place among the numbers of a room's events. */
    private static final class Cursor implements Comparable<Cursor> {
        private final EventNumbers numbers;
        private int index;

        Cursor(EventNumbers numbers, int index) {
            this.numbers = numbers;
            this.index = index;
        }

        long number() {
            return numbers.get(index);
        }

        boolean advance() {
            return ++index < numbers.size();
        }

        @Override
        public int compareTo(Cursor other) {
            return Long.compare(number(), other.number());
        }
    }
}
