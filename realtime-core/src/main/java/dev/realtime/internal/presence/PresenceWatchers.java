package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that watch. Each is in a room for each user and each room that it watches, and what changes is delivered to those rooms. How things are it is
 * told when it begins, and again when it is not certain that it has what it needs to understand what follows.
 */
final class PresenceWatchers {
    private static final int SHOWN_AT_ONCE = 64;

    private final Fanout<LocalSession> fanout;
    private final SessionRegistry sessions;
    private final WatcherPace pace;
    private final DiffLoads loads;
    private final Completeness completeness;
    private final int most;
    // used in the fan-out's turn only
    private final Map<LocalSession, List<Watched>> waiting = new LinkedHashMap<>(); // until this node knows
    private Position completeFrom = Position.END;
    /** What sessions have begun to watch, or no longer watch, and what their rooms do not say yet. Guarded by itself. */
    private final Map<LocalSession, Map<Watched, Asked>> asked = new HashMap<>();

    /** One call, which another one may follow before it has been done. */
    private static final class Asked {
        final boolean watches;

        Asked(boolean watches) {
            this.watches = watches;
        }
    }

    /** @param most that a session may watch */
    PresenceWatchers(
            Fanout<LocalSession> fanout,
            SessionRegistry sessions,
            WatcherPace pace,
            DiffLoads loads,
            Completeness completeness,
            int most) {
        this.fanout = fanout;
        this.sessions = sessions;
        this.pace = pace;
        this.loads = loads;
        this.completeness = completeness;
        this.most = most;
    }

    /** From any thread. */
    void watch(LocalSession session, Watched watched) {
        if (session.lifecycle().isClosed()) {
            return;
        }
        Asked mine = new Asked(true);
        synchronized (asked) {
            Set<Watched> already = willWatch(session);
            if (already.size() >= most && !already.contains(watched)) {
                throw new IllegalStateException(
                        session + " watches " + most + " users and rooms already (PresenceOptions.maxWatched)");
            }
            asked.computeIfAbsent(session, one -> new HashMap<>()).put(watched, mine);
        }
        fanout.execute(() -> {
            begin(session, watched);
            if (!waiting.getOrDefault(session, List.of()).contains(watched)) {
                done(session, watched, mine);
            }
        });
    }

    /** What a session watches once everything has been done that was asked for by now. */
    private Set<Watched> willWatch(LocalSession session) {
        Set<Watched> all = new HashSet<>(watched(session, Position.START));
        asked.getOrDefault(session, Map.of()).forEach((watched, last) -> {
            if (last.watches) {
                all.add(watched);
            } else {
                all.remove(watched);
            }
        });
        return all;
    }

    /** @param call null: whichever was the last */
    private void done(LocalSession session, Watched watched, @Nullable Asked call) {
        synchronized (asked) {
            asked.computeIfPresent(session, (one, some) -> {
                if (call == null || some.get(watched) == call) {
                    some.remove(watched);
                }
                return some.isEmpty() ? null : some;
            });
        }
    }

    /** From any thread. */
    void unwatch(LocalSession session, Watched watched) {
        if (session.lifecycle().isClosed()) {
            return;
        }
        Asked mine = new Asked(false);
        synchronized (asked) {
            asked.computeIfAbsent(session, one -> new HashMap<>()).put(watched, mine);
        }
        fanout.execute(() -> {
            waiting.computeIfPresent(session, (one, some) -> {
                some.remove(watched);
                return some.isEmpty() ? null : some;
            });
            session.exit(watched.watchers());
            session.exit(watched.unshown());
            done(session, watched, mine);
        });
    }

    private void begin(LocalSession session, Watched watched) {
        if (session.lifecycle().isClosed()) {
            return;
        }
        if (completeness.isComplete()) {
            pace.show(session, List.of(watched));
        } else {
            List<Watched> some = waiting.computeIfAbsent(session, one -> new ArrayList<>());
            if (!some.contains(watched)) {
                some.add(watched);
            }
        }
    }

    /** This node knows what is to be known. */
    void complete(Position at, boolean again) {
        completeFrom = at;
        waiting.forEach((session, watched) -> {
            if (!session.lifecycle().isClosed()) {
                pace.show(session, watched);
            }
            watched.forEach(one -> done(session, one, null));
        });
        waiting.clear();
        if (again) { // what they have been told may have been another story
            showAgain(List.copyOf(sessions.all()), 0);
        }
    }

    /** A few at a time, so that others have their turn. */
    private void showAgain(List<LocalSession> all, int from) {
        int to = Math.min(all.size(), from + SHOWN_AT_ONCE);
        for (LocalSession session : all.subList(from, to)) {
            List<Watched> watched = session.lifecycle().isClosed() ? List.of() : watched(session, Position.START);
            if (!watched.isEmpty()) {
                pace.show(session, watched);
            }
        }
        if (to < all.size()) {
            fanout.execute(() -> showAgain(all, to));
        }
    }

    /** See {@link NamespacePresence#returns}. */
    void returns(LocalSession session, Position after, boolean fromWindow) {
        Set<String> unshown = new HashSet<>();
        toBeShown(session, after, fromWindow).forEach(one -> unshown.add(one.unshown()));
        if (!unshown.isEmpty()) {
            session.joinAt(unshown, fanout.position());
        }
    }

    /** See {@link NamespacePresence#resumed}. */
    void resumed(LocalSession session, Position after, boolean fromWindow) {
        Set<Watched> watched = toBeShown(session, after, fromWindow);
        if (watched.isEmpty()) {
            return;
        }
        if (completeness.isComplete()) {
            pace.show(session, List.copyOf(watched));
        } else {
            watched.forEach(one -> begin(session, one));
        }
    }

    private Set<Watched> toBeShown(LocalSession session, Position after, boolean fromWindow) {
        boolean all = !fromWindow
                || after.isBefore(completeFrom)
                || loads.mayHaveBeenTooMuch(session.memberships().names(), after);
        Set<Watched> watched = new LinkedHashSet<>(watched(session, all ? Position.START : after));
        watched.addAll(pace.owed(session));
        watched.addAll(unshown(session));
        return watched;
    }

    /** What a session has begun to watch at or behind a position. */
    private static List<Watched> watched(LocalSession session, Position from) {
        List<Watched> found = new ArrayList<>();
        for (Membership<LocalSession> membership : session.memberships().open()) {
            Watched watched = Watched.by(membership.room());
            if (watched != null && !membership.joined().isBefore(from)) {
                found.add(watched);
            }
        }
        return found;
    }

    /** What a session watches and is still to be shown, as this node knows or another one did. */
    private static List<Watched> unshown(LocalSession session) {
        List<Watched> found = new ArrayList<>();
        for (Membership<LocalSession> membership : session.memberships().open()) {
            Watched watched = Watched.byUnshown(membership.room());
            if (watched != null && session.memberships().open(watched.watchers()) != null) {
                found.add(watched);
            }
        }
        return found;
    }
}
