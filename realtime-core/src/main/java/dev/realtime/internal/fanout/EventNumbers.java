package dev.realtime.internal.fanout;

/** The numbers of a room's events, oldest first: a queue without an object for each. */
final class EventNumbers {
    private long[] numbers = new long[4];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** @param index zero is the oldest */
    long get(int index) {
        return numbers[(head + index) & (numbers.length - 1)];
    }

    /** The index of the first number that is not smaller. */
    int firstFrom(long number) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle) < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void addLast(long number) {
        if (size == numbers.length) {
            long[] larger = new long[2 * size];
            for (int i = 0; i < size; i++) {
                larger[i] = get(i);
            }
            numbers = larger;
            head = 0;
        }
        numbers[(head + size++) & (numbers.length - 1)] = number;
    }

    void removeFirst() {
        head = (head + 1) & (numbers.length - 1);
        size--;
    }
}
