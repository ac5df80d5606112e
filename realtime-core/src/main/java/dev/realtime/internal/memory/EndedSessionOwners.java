package dev.realtime.internal.memory;

import dev.realtime.spi.Home;
import dev.realtime.spi.SessionStore.Removal;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whose the sessions were that more than one engine has had and that have ended: an engine that comes late must not end them once more. What
 * only one engine ever had needs no grave, and a grave is forgotten after an hour.
 */
final class EndedSessionOwners {
    private static final Duration LIFE = Duration.ofHours(1);

    private final Time time;
    private final Map<String, Grave> graves = new LinkedHashMap<>(); // the oldest first; guarded by this

    private record Grave(Home home, long deadline) {}

    EndedSessionOwners(Time time) {
        this.time = time;
    }

    /** An owner has removed the record. */
    synchronized void add(String privateId, Home home) {
        long now = time.nanoTime();
        forget(now);
        if (home.fence() > 0) {
            graves.remove(privateId); // it is the youngest now
            graves.put(privateId, new Grave(home, now + LIFE.toNanos()));
        }
    }

    private void forget(long now) {
        Iterator<Grave> oldest = graves.values().iterator();
        while (oldest.hasNext() && oldest.next().deadline - now < 0) {
            oldest.remove();
        }
    }

    synchronized int size() {
        return graves.size();
    }

    /** What an owner is told that finds no record. */
    synchronized Removal of(String privateId, Home home) {
        Grave grave = graves.get(privateId);
        if (grave == null) {
            return Removal.FORGOTTEN;
        }
        return grave.home.overtakes(home) || isOfAnother(grave, home) ? Removal.elsewhere(null) : Removal.REMOVED;
    }

    /** Whether another owner has ended the session: whoever has a later claim, which was lost, comes too late. */
    synchronized boolean haveEnded(String privateId, Home home) {
        Grave grave = graves.get(privateId);
        return grave != null && isOfAnother(grave, home);
    }

    private static boolean isOfAnother(Grave grave, Home home) {
        return !grave.home.node().equals(home.node());
    }

    synchronized void clear() {
        graves.clear();
    }
}
