package dev.realtime.internal.limits;

/**
 * When the events were admitted that still count in the windows of a rule: a ring of four bytes for each, which grows as far as it is used. A time
 * is kept in units of the rule and rounded up, so that a window never holds too many. Not thread-safe.
 */
final class AdmittedTimes {
    /** What it takes, as far as is known of JVMs, beside the ring. */
    private static final int BYTES = 40 + 16;

    private static final int FIRST_LENGTH = 4;
    private static final int[] NONE = {};

    private final RateRule rule;
    private int[] ring = NONE;
    private int oldest; // where it is in the ring
    private int size;
    private long latest;

    AdmittedTimes(RateRule rule) {
        this.rule = rule;
    }

    /** How long the next event has to wait for room in each window; zero or less if it need not. */
    long delay(long now) {
        long wait = 0;
        if (havePassed(now)) {
            return wait;
        }
        for (int window = 0; window < rule.windows(); window++) {
            int count = rule.count(window);
            if (size >= count) {
                wait = Math.max(wait, time(count, now) + rule.period(window) - now);
            }
        }
        return wait;
    }

    /**
     * The same for a node that may admit a part of each count only.
     *
     * @param parts how many there are
     */
    long delayOfPart(long now, int parts) {
        long wait = 0;
        if (havePassed(now)) {
            return wait;
        }
        for (int window = 0; window < rule.windows(); window++) {
            int count = Math.max(1, rule.count(window) / parts);
            if (size >= count) {
                wait = Math.max(wait, time(count, now) + rule.period(window) - now);
            }
        }
        return wait;
    }

    /** How many were admitted less than so long ago. */
    int countedWithin(long period, long now) {
        if (havePassed(now)) {
            return 0;
        }
        int low = 0; // so many are later
        int high = size;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (time(middle, now) + period > now) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** When those were admitted that still count, the last first. */
    long[] latestFirst(long now) {
        long[] times = new long[countedWithin(rule.longest(), now)];
        for (int i = 0; i < times.length; i++) {
            times[i] = time(i + 1, now);
        }
        return times;
    }

    /** When the last but so many was admitted, counted from 1. It is not long ago. */
    private long time(int fromLast, long now) {
        return time(now, ring[place(fromLast)]);
    }

    private long time(long now, int kept) {
        long units = now / rule.unit();
        return (units - ((int) units - kept)) * rule.unit();
    }

    private long roundedUp(long time) {
        return (time + rule.unit() - 1) / rule.unit();
    }

    /** Notes an event that is admitted now. */
    void add(long now) {
        forgetPassed(now);
        if (size == rule.most()) { // more than may: the last ones are what counts
            forgetOldest();
        } else if (size == ring.length) {
            grow();
        }
        int at = oldest + size;
        ring[at < ring.length ? at : at - ring.length] = (int) roundedUp(now);
        size++;
        latest = now;
    }

    /** Forgets the last event that was noted no later than this: it is not to count after all. */
    void takeBack(long moment, long now) {
        if (havePassed(now)) {
            return;
        }
        int from = 1;
        while (from <= size && time(from, now) > roundedUp(moment) * rule.unit()) {
            from++;
        }
        if (from > size) {
            return;
        }
        for (int later = from; later > 1; later--) {
            ring[place(later)] = ring[place(later - 1)];
        }
        size--;
    }

    private int place(int fromLast) {
        int at = oldest + size - fromLast;
        return at < ring.length ? at : at - ring.length;
    }

    private void grow() {
        int[] longer = new int[Math.max(FIRST_LENGTH, (int) Math.min(2L * ring.length, rule.most()))];
        System.arraycopy(ring, oldest, longer, 0, ring.length - oldest);
        System.arraycopy(ring, 0, longer, ring.length - oldest, oldest);
        ring = longer;
        oldest = 0;
    }

    private void forgetPassed(long now) {
        if (havePassed(now)) {
            size = 0;
            oldest = 0;
            return;
        }
        while (size > 0 && time(size, now) + rule.longest() <= now) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        oldest = oldest + 1 == ring.length ? 0 : oldest + 1;
        size--;
    }

    private boolean havePassed(long now) {
        return passAt() <= now;
    }

    /** When nothing counts any more. */
    long passAt() {
        return size == 0 ? 0 : roundedUp(latest) * rule.unit() + rule.longest();
    }

    /** What it takes of memory, about. */
    int bytes() {
        return BYTES + Integer.BYTES * ring.length;
    }
}
