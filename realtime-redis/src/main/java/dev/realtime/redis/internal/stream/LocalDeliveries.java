package dev.realtime.redis.internal.stream;

import java.util.TreeSet;

/**
 * Which of a writer's entries its node has handed on by itself, not knowing whether they are in the stream: should they turn up there, they have been
 * here. A writer's entries stand in the stream in the order of their numbers, and none is appended behind a later one ({@link StreamWriter} ends the
 * connection that could): so with each that is read all smaller ones are settled. Not thread-safe.
 */
final class LocalDeliveries {
    /**
     * Of entries that nobody knows about. One batch is in doubt in an outage, so that is reached after many outages in which nothing of this writer was
     * read; the sessions that had the oldest have begun afresh since, and would be given them as any other event.
     */
    static final int MOST = 8_192;

    private final TreeSet<Long> doubtful = new TreeSet<>();
    private long read = -1; // the highest number that came from the stream

    /** Whether an entry in doubt is to be handed on: unless it has come from the stream already. */
    boolean handsOn(long number) {
        if (number <= read) {
            return false;
        }
        doubtful.add(number);
        if (doubtful.size() > MOST) {
            doubtful.pollFirst();
        }
        return true;
    }

    /** An entry of this writer came from the stream. Returns whether it has been handed on before. */
    boolean wasHandedOn(long number) {
        read = Math.max(read, number);
        if (doubtful.isEmpty()) {
            return false;
        }
        boolean known = doubtful.remove(number);
        doubtful.headSet(number).clear();
        return known;
    }

    int size() {
        return doubtful.size();
    }
}
