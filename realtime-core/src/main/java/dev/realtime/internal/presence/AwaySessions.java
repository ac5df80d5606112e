package dev.realtime.internal.presence;

import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions of this node before which nobody sits. What was said of one is kept by the session and its record, so that it holds wherever its client
 * comes back to it; here is known which have only been silent. Thread-safe.
 */
final class AwaySessions {
    private final Time time;
    private final long after; // in nanoseconds; 0: nobody is away by himself
    private final Map<LocalSession, Long> silent = new ConcurrentHashMap<>(); // since when, in milliseconds
    private final Map<LocalSession, Long> connected = new ConcurrentHashMap<>(); // since when, by the monotonic clock

    AwaySessions(Time time, Duration after) {
        this.time = time;
        this.after = after.toNanos();
    }

    /** Since when it is away, in milliseconds; 0 if it is not. */
    long since(LocalSession session) {
        long said = session.notifier().awaySince();
        return said != 0 ? said : silent.getOrDefault(session, 0L);
    }

    /** By its own word, or the application's, whose word it takes to end it. False if it was away. */
    boolean leaves(LocalSession session) {
        if (session.lifecycle().isClosed()) {
            return false;
        }
        Long since = silent.get(session);
        long before =
                session.notifier().away(since == null ? Math.max(1, time.now().toEpochMilli()) : since);
        silent.remove(session);
        session.notifier().idle(false);
        return since == null && before == 0;
    }

    /** By its own word, or the application's. False if it was not away. */
    boolean isBack(LocalSession session) {
        session.notifier().idle(false);
        if (after > 0) {
            connected.put(session, time.nanoTime());
            forgetEnded(session);
        }
        boolean wasSilent = silent.remove(session) != null;
        return session.notifier().away(0) != 0 || wasSilent;
    }

    /** It has sent something. False if that changes nothing. */
    boolean active(LocalSession session) {
        return silent.remove(session) != null;
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
        if (after == 0 || from == null || since(session) != 0) {
            return false;
        }
        long event = session.inbox().lastEventNanos();
        long last = event == 0 || from - event > 0 ? from : event;
        long quiet = time.nanoTime() - last;
        if (quiet < after) {
            return false;
        }
        silent.put(session, time.now().minusNanos(quiet).toEpochMilli());
        forgetEnded(session);
        session.notifier().idle(true);
        if (session.inbox().lastEventNanos() != event) { // it came in between
            session.notifier().idle(false);
            silent.remove(session);
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
        silent.remove(session);
        connected.remove(session);
    }
}
