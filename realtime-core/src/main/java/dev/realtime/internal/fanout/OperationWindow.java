package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.spi.PlacedEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The recent joins, leaves and disconnects of audiences. A session that had no home when the log told its audience is told when it is restored from
 * its record. Used in the fan-out's turn only.
 */
final class OperationWindow {
    private static final int MAX = 10_000;

    private final long ageNanos;
    private final ArrayDeque<Kept> all = new ArrayDeque<>();
    private Position forgotten;

    private record Kept(PlacedEntry placed, long nanos) {}

    OperationWindow(long ageNanos, Position from) {
        this.ageNanos = ageNanos;
        this.forgotten = from;
    }

    void add(PlacedEntry placed, long now) {
        all.addLast(new Kept(placed, now));
        Kept oldest;
        while ((oldest = all.peekFirst()) != null && (now - oldest.nanos > ageNanos || all.size() > MAX)) {
            all.removeFirst();
            forgotten = oldest.placed.position();
        }
    }

    /** Forgets everything up to a position, and all that is here. */
    void forget(Position through) {
        all.clear();
        forgotten = Position.max(forgotten, through);
    }

    /** Everything behind this position is here. */
    Position forgotten() {
        return forgotten;
    }

    /** Puts in front what lies directly before the first; too late when that has been forgotten. */
    void attach(OperationWindow older, Position joint) {
        if (forgotten.equals(joint)) {
            older.all.descendingIterator().forEachRemaining(all::addFirst);
            forgotten = older.forgotten;
        }
    }

    /** Everything behind a position, in order; null when some of it has been forgotten. */
    @Nullable
    List<PlacedEntry> behind(Position after) {
        if (after.isBefore(forgotten)) {
            return null;
        }
        ArrayDeque<PlacedEntry> found = new ArrayDeque<>();
        Iterator<Kept> newestFirst = all.descendingIterator();
        while (newestFirst.hasNext()) {
            PlacedEntry placed = newestFirst.next().placed;
            if (!placed.position().isAfter(after)) {
                break;
            }
            found.addFirst(placed);
        }
        return new ArrayList<>(found);
    }
}
