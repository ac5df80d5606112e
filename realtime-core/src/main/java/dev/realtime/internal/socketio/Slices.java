package dev.realtime.internal.socketio;

import dev.realtime.internal.json.JsonSlices;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The elements of a JSON array, each cut out when it is asked for: half a million of one character, which fit into a megabyte, would be
 * 28 MB of strings. Unmodifiable.
 */
final class Slices extends AbstractList<String> implements RandomAccess {
    private final String array;
    private final int[] bounds; // start and end of each
    private final int size;

    private Slices(String array, int[] bounds, int size) {
        this.array = array;
        this.bounds = bounds;
        this.size = size;
    }

    /** Those at and behind {@code from} in a valid array; a comma may stand in front of the first. */
    static Slices of(String array, int from) {
        int[] bounds = new int[4];
        int count = 0;
        int at = next(array, from);
        while (array.charAt(at) != ']') {
            int end = JsonSlices.skipValue(array, at);
            if (count == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * count);
            }
            bounds[count++] = at;
            bounds[count++] = end;
            at = next(array, end);
        }
        return new Slices(array, bounds, count / 2);
    }

    /** Where the next element starts, or the array ends. */
    private static int next(String array, int behind) {
        int i = JsonSlices.skipSpace(array, behind);
        return array.charAt(i) == ',' ? JsonSlices.skipSpace(array, i + 1) : i;
    }

    @Override
    public String get(int index) {
        Objects.checkIndex(index, size);
        return array.substring(bounds[2 * index], bounds[2 * index + 1]);
    }

    @Override
    public int size() {
        return size;
    }
}
