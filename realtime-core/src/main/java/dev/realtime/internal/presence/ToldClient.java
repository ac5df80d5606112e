package dev.realtime.internal.presence;

import java.util.LinkedHashMap;
import java.util.Map;

/** What one client has been told lately, and what it is still to be shown. Used in the fan-out's turn only. */
final class ToldClient {
    private static final long NANOS = 1_000_000_000;

    private final int most; // bytes of diffs in a second of the log, and of snapshots in one of the clock
    private long second; // of the log
    private int told; // bytes of diffs in it
    private long shownSecond;
    private int shown; // bytes of snapshots in it
    private boolean full; // something had no room in it
    private long used; // when it was asked last, in nanoseconds
    private long owing; // since when it is not told something
    /** The rooms of those who watch what it is to be shown; true: it is not told what changes until then. */
    private final Map<String, Boolean> owed = new LinkedHashMap<>();

    ToldClient(int most) {
        this.most = most;
    }

    /** Whether it is told now of what a room watches. If not, it is to be shown that. */
    boolean takes(String room, int bytes, long logSecond, long now) {
        used = now;
        if (logSecond != second) {
            second = logSecond;
            told = 0;
        }
        if (owed.getOrDefault(room, false)) {
            return false;
        }
        if (told > 0 && told + bytes > most) {
            owe(room, true, now);
            return false;
        }
        told += bytes;
        return true;
    }

    /**
     * Whether it can be shown so much now.
     *
     * @param before bytes that it is about to be shown
     */
    boolean hasRoomFor(int bytes, int before, long now) {
        turn(now);
        return shown + before == 0 || shown + before + bytes <= most;
    }

    /** Something has no room: nothing more need be made for it in this second. */
    void fill(long now) {
        turn(now);
        full = true;
    }

    /** Whether something had no room in this second. */
    boolean isFull(long now) {
        turn(now);
        return full;
    }

    /** It is shown what a room watches. */
    void shows(String room, int bytes, long now) {
        turn(now);
        shown += bytes;
        owed.remove(room);
    }

    private void turn(long now) {
        used = now;
        if (now / NANOS != shownSecond) {
            shownSecond = now / NANOS;
            shown = 0;
            full = false;
        }
    }

    /** It has been told how many are in a room, and is to be shown them. */
    void owes(String room, long now) {
        owe(room, false, now);
    }

    private void owe(String room, boolean untold, long now) {
        if (untold && !isUntold()) {
            owing = now;
        }
        owed.put(room, untold);
    }

    private boolean isUntold() {
        return owed.containsValue(true);
    }

    /** The rooms of those who watch what it is to be shown, in order. */
    Map<String, Boolean> owed() {
        return owed;
    }

    /** For how long it has not been told something, in nanoseconds. */
    long untoldFor(long now) {
        return isUntold() ? now - owing : 0;
    }

    boolean isIdle(long now) {
        return owed.isEmpty() && now - used > 2 * NANOS;
    }
}
