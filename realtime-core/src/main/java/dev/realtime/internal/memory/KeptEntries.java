package dev.realtime.internal.memory;

import dev.realtime.Position;
import dev.realtime.spi.PlacedEntry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a log keeps, oldest first, and to be found by position. Guarded by the log's lock. */
final class KeptEntries {
    private @Nullable Kept[] ring = new @Nullable Kept[16];
    private int head;
    private int size;

    /** What is kept of an entry. */
    record Kept(PlacedEntry placed, long nanos, int bytes) {}

    int size() {
        return size;
    }

    /** @param index zero is the oldest */
    Kept get(int index) {
        Kept kept = ring[(head + index) & (ring.length - 1)];
        if (kept == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return kept;
    }

    @Nullable
    Kept peekFirst() {
        return size == 0 ? null : get(0);
    }

    void addLast(Kept kept) {
        if (size == ring.length) {
            @Nullable Kept[] larger = Arrays.copyOf(ring, 2 * size);
            System.arraycopy(ring, head, larger, 0, size - head);
            System.arraycopy(ring, 0, larger, size - head, head);
            ring = larger;
            head = 0;
        }
        ring[(head + size++) & (ring.length - 1)] = kept;
    }

    void removeFirst() {
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
    }

    /** The index of the first entry behind a position. */
    int firstBehind(Position after) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).placed().position().isAfter(after)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
