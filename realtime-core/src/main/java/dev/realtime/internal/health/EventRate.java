package dev.realtime.internal.health;

import java.util.ArrayDeque;
import java.util.Deque;

/** How many events there were in the last minute, by a counter that is looked at from time to time. Thread-safe. */
public final class EventRate {
    private static final long MINUTE = 60_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private record Sample(long at, long count) {}

    private final Deque<Sample> samples =
            new ArrayDeque<>(); // guarded by this; at most one for each second of a minute, and one before

    public EventRate(long now, long count) {
        samples.add(new Sample(now, count));
    }

    public synchronized long perMinute(long now, long count) {
        if (now - samples.getLast().at() >= SECOND) {
            samples.addLast(new Sample(now, count));
        }
        while (samples.size() > 1 && now - second().at() >= MINUTE) {
            samples.removeFirst();
        }
        Sample before = samples.getFirst();
        long elapsed = Math.max(now - before.at(), MINUTE);
        return Math.round((double) (count - before.count()) * MINUTE / elapsed);
    }

    private Sample second() {
        var all = samples.iterator();
        all.next();
        return all.next();
    }
}
