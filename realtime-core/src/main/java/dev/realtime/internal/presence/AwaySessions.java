package dev.realtime.internal.presence;

import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions of this node before which nobody sits: since when, and by whose word. Thread-safe. */
final class AwaySessions {
    private final Time time;
    private final long after; // in nanoseconds; 0: nobody is away by himself
    private final Map<LocalSession, Away> away = new ConcurrentHashMap<>();
    private final Map<LocalSession, Long> connected = new ConcurrentHashMap<>(); // since when, by the monotonic clock

    /** @param said by its client or the application, whose word it takes to end it; otherwise it has only been silent */
    private record Away(long since, boolean said) {}

    AwaySessions(Time time, Duration after) {
        this.time = time;
        this.after = after.toNanos();
    }

    /** Since when it is away, in milliseconds; 0 if it is not. */
    long since(LocalSession session) {
        Away known = away.get(session);
        return known == null ? 0 : known.since;
    }

    /** By its own word, or the application's. False if that is known. */
    boolean leaves(LocalSession session) {
        if (session.lifecycle().isClosed()) {
            return false;
        }
        Away known = away.get(session);
        long since = known == null ? time.now().toEpochMilli() : known.since;
        away.put(session, new Away(since, true));
        session.notifier().idle(false);
        forgetEnded(session);
        return known == null;
    }

    /** By its own word, or the application's. False if it was not away. */
    boolean isBack(LocalSession session) {
        session.notifier().idle(false);
        if (after > 0) {
            connected.put(session, time.nanoTime());
            forgetEnded(session);
        }
        return away.remove(session) != null;
    }

    /** It has sent something. False if that changes nothing. */
    boolean active(LocalSession session) {
        Away known = away.get(session);
        return known != null && !known.said && away.remove(session, known);
    }

    /** Its client is there, or is not. */
    void connection(LocalSession session, boolean there) {
        if (after == 0) {
            return;
        }
        if (there) {
            connected.putIfAbsent(session, time.nanoTime());
            forgetEnded(session);
        } else {
            connected.remove(session);
            active(session);
        }
    }

    /** Whether it has been silent for too long by now, and was not known to be away. */
    boolean isSilent(LocalSession session) {
        Long from = connected.get(session);
        if (after == 0 || from == null || away.containsKey(session)) {
            return false;
        }
        long event = session.inbox().lastEventNanos();
        long last = event == 0 || from - event > 0 ? from : event;
        long silent = time.nanoTime() - last;
        if (silent < after) {
            return false;
        }
        away.put(session, new Away(time.now().minusNanos(silent).toEpochMilli(), false));
        forgetEnded(session);
        session.notifier().idle(true);
        if (session.inbox().lastEventNanos() != event) { // it came in between
            session.notifier().idle(false);
            away.remove(session);
            return false;
        }
        return true;
    }

    /** Behind whatever is put: a session that has ended by then may have been forgotten before. */
    private void forgetEnded(LocalSession session) {
        if (session.lifecycle().isClosed()) {
            forget(session);
        }
    }

    void forget(LocalSession session) {
        away.remove(session);
        connected.remove(session);
    }
}
