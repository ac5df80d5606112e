package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.fanout.PartedEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How much those who watch were to be told in each second of the log, if it was so much that a client may not have been told all of it. Whoever takes over a
 * session can say from that whether its client may have been left with less, wherever it was then. Used in the fan-out's turn only.
 */
final class DiffLoads {
    /** What has not been told is shown before so much time of the log has passed. */
    static final long SHOWN_WITHIN = 15;

    private static final int MOST_KEPT = 256;
    private static final int MOST_ROOMS = 1_024;
    private static final String ANY = ""; // no room has this name

    private final int most;
    private final int least; // bytes for a room that are worth remembering
    private final ArrayDeque<Load> kept = new ArrayDeque<>(); // the latest behind
    private Load latest = new Load(0);
    private long forgotten = Long.MIN_VALUE; // seconds up to here are not remembered

    /** What was to be told in one second. */
    private static final class Load {
        final long second;
        Map<String, Integer> rooms = new HashMap<>(); // of those who watch: bytes
        long bytes;

        Load(long second) {
            this.second = second;
        }
    }

    /**
     * @param most bytes that one client is told in a second
     * @param mostWatched rooms and users that it watches
     */
    DiffLoads(int most, int mostWatched) {
        this.most = most;
        this.least = Math.max(1, most / 2 / Math.max(1, mostWatched));
    }

    /** The second of the log in which a position lies. */
    static long second(Position at) {
        return at.time() / 1_000;
    }

    /** What was to be told up to a position is not known. */
    void lose(Position through) {
        kept.clear();
        latest = new Load(0);
        forgotten = second(through);
    }

    /** What was to be told before does not matter: all are shown how things are. */
    void begin() {
        lose(Position.START);
        forgotten = Long.MIN_VALUE;
    }

    /** This is to be told to those who watch. */
    void add(Position at, PartedEvent event) {
        long second = second(at);
        if (second != latest.second) {
            keep(latest);
            latest = new Load(second);
        }
        for (PartedEvent.Part part : event.parts()) {
            latest.rooms.merge(part.room(), part.json().length, Integer::sum);
            latest.bytes += part.json().length;
        }
    }

    private void keep(Load load) {
        if (load.bytes <= most) {
            return;
        }
        Map<String, Integer> large = new HashMap<>();
        load.rooms.forEach((room, bytes) -> {
            if (bytes >= least) {
                large.put(room, bytes);
            }
        });
        load.rooms = large.size() > MOST_ROOMS ? Map.of(ANY, most) : large;
        kept.addLast(load);
        if (kept.size() > MOST_KEPT) {
            forgotten = kept.removeFirst().second;
        }
    }

    /**
     * Whether the client of a session may have been told less than there was, and not been shown how things are since.
     *
     * @param rooms in which the session was, each once
     * @param received the last that it has received
     */
    boolean mayHaveBeenTooMuch(Collection<String> rooms, Position received) {
        long from = second(received) - SHOWN_WITHIN;
        if (from <= forgotten || (latest.second >= from && isTooMuch(latest, rooms))) {
            return true;
        }
        for (Load load : kept) {
            if (load.second >= from && isTooMuch(load, rooms)) {
                return true;
            }
        }
        return false;
    }

    private boolean isTooMuch(Load load, Collection<String> rooms) {
        if (load.bytes <= most) {
            return false;
        }
        long bytes = load.rooms.getOrDefault(ANY, 0);
        for (String room : rooms) {
            bytes += load.rooms.getOrDefault(room, 0);
        }
        return bytes >= most / 2; // what is not remembered is less than the other half
    }
}
