package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.presence.PresenceFold.Known;
import dev.realtime.internal.presence.PresenceNote.EndedSession;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node as it has said that they are, and what is to be said of them. Whatever has not got its place in the log is said again.
 * Used in the fan-out's turn only.
 */
final class OwnSessions {
    /** Of an entry, unless one session alone needs more. */
    private static final int MOST_BYTES = 16 << 10;
    /** What a session may make this node say at once, */
    private static final int BURST_BYTES = 32 << 10;
    /** and from then on in a second: what changes meanwhile is said together when there is room. */
    private static final int BYTES_A_SECOND = 8 << 10;
    /** That a statement counts for at least: each is folded by all nodes, and told to those that watch. */
    private static final int LEAST_BYTES = 256;

    private static final long NANOS_A_BYTE = Duration.ofSeconds(1).toNanos() / BYTES_A_SECOND;
    private static final long BURST_NANOS = BURST_BYTES * NANOS_A_BYTE;

    private final Time time;
    private final Function<LocalSession, @Nullable SessionStatement> describe;
    private final TreeMap<String, Own> all = new TreeMap<>(); // each run says it in the same order
    private final TreeMap<String, Own> unsaid = new TreeMap<>();
    private int ending; // those that have ended, and it is not certain that others hear of it

    /** A session, or what this node has inherited of one. */
    private final class Own {
        @Nullable
        LocalSession session; // null: inherited, and not taken over yet

        @Nullable
        SessionStatement said;

        @Nullable
        Position place; // of what has been said last, once it has one

        String from = ""; // whose it was, if it is inherited
        boolean ended;
        boolean elsewhere;
        boolean unclaimed; // nobody has claimed it, or whoever has done so has not said it yet
        long since; // when it was inherited, was found to be unclaimed, or has gone elsewhere
        boolean moved; // it has come here, and others believe it to be elsewhere
        private long paid = time.nanoTime(); // by then there is room again for a whole burst

        void end() {
            ending += ended ? 0 : 1;
            ended = true;
        }

        /** For how many nanoseconds it has to wait. Others wait for no word of a session that has come, or has moved here, or has ended. */
        long toWait(long now) {
            boolean waits = !ended && !moved && (said != null || place != null);
            return waits ? Math.max(0, paid - now - BURST_NANOS) : 0;
        }

        void says(SessionStatement statement) {
            said = statement;
            place = null;
            moved = false;
            long now = time.nanoTime();
            long from = paid - now > 0 ? paid : now;
            paid = from + Math.max(LEAST_BYTES, statement.size()) * NANOS_A_BYTE;
        }
    }

    /** What is said in one entry, to be said again if the entry gets no place. */
    record Page(List<SessionStatement> sessions, List<EndedSession> ended) {}

    /** @param describe how a session is now; null if that cannot be said */
    OwnSessions(Time time, Function<LocalSession, @Nullable SessionStatement> describe) {
        this.time = time;
        this.describe = describe;
    }

    // ---- what happens to them

    void changed(LocalSession session) {
        if (session.lifecycle().isClosed()) {
            return; // its end is told by itself
        }
        Own own = all.computeIfAbsent(session.id(), id -> new Own());
        LocalSession before = own.session;
        if (before == null && own.ended) {
            own.ended = false; // it has been taken over after all
            ending--;
        }
        own.moved |= before != session || own.elsewhere;
        own.session = session;
        own.elsewhere = false;
        own.unclaimed = false;
        unsaid.put(session.id(), own);
    }

    /** @param known whether somebody has said something of it */
    void ended(LocalSession session, boolean elsewhere, boolean known) {
        Own own = all.get(session.id());
        if (own == null && known && !elsewhere) {
            own = new Own();
            own.session = session;
            all.put(session.id(), own);
        }
        if (own == null || own.session != session) {
            return; // nobody has heard of it, or another copy of it goes on here
        }
        if (own.said == null && own.place == null && (elsewhere || !known)) {
            remove(session.id());
        } else if (elsewhere) {
            own.elsewhere = true; // it is for the other node to say how it is; until then all stays as it was
            own.since = time.nanoTime();
            unsaid.remove(session.id());
        } else {
            own.end();
            unsaid.put(session.id(), own);
        }
    }

    private void remove(String id) {
        Own own = all.remove(id);
        ending -= own != null && own.ended ? 1 : 0;
        unsaid.remove(id);
    }

    /**
     * This node is the heir of the one that had it.
     *
     * @param ago for how many nanoseconds that one has been known to be dead
     */
    void inherits(SessionStatement session, String from, long ago) {
        Own own = all.get(session.id());
        if (own == null) {
            own = new Own();
            own.said = session;
            own.from = from;
            own.since = time.nanoTime() - ago;
            own.place = Position.START;
            all.put(session.id(), own);
        }
    }

    /** Another node has said how it is: it has claimed it, or it was not dead. */
    void saidElsewhere(SessionStatement session) {
        Own own = all.get(session.id());
        if (own == null || own.said == null || own.said.fence() > session.fence()) {
            return;
        }
        boolean claimed = own.said.fence() < session.fence();
        if (own.session == null || (claimed && own.session.lifecycle().isClosed())) {
            remove(session.id());
        }
    }

    /** What was inherited of a node and has not been taken over will not be any more: it is over, or a client has taken it to another node. */
    void leaveUnclaimed(Predicate<String> from) {
        all.forEach((id, own) -> {
            if (own.session == null && !own.unclaimed && from.test(own.from)) {
                own.unclaimed = true;
                own.since = time.nanoTime();
            }
        });
    }

    /**
     * What others should have taken on long ago, and nobody has, is over.
     *
     * @param claims for how long a node may have claimed what nobody has heard of yet: if it is dead it has been taken over by then
     */
    void endLost(long patience, long claims) {
        all.forEach((id, own) -> {
            long most = own.unclaimed ? Math.min(patience, claims) : patience;
            if ((own.session == null || own.elsewhere) && time.nanoTime() - own.since > most && !own.ended) {
                own.end();
                unsaid.put(id, own);
            }
        });
    }

    /** What is known is compared with what is: what has been lost on the way is said again. */
    void compare(PresenceFold fold, String node, Position at) {
        for (Known known : fold.at(node)) {
            String id = known.statement().id();
            if (!all.containsKey(id)) {
                Own own = new Own();
                own.said = known.statement();
                own.end();
                all.put(id, own);
                unsaid.put(id, own);
            }
        }
        all.forEach((id, own) -> {
            Position place = own.place;
            if (own.said == null || place == null || place.isAfter(at) || own.elsewhere) {
                return;
            }
            Known known = fold.find(id);
            if (known == null
                    || (known.node().equals(node) ? !known.statement().equals(own.said) : isMine(known, own))) {
                own.said = null;
                unsaid.put(id, own);
            }
        });
    }

    /** Somebody has inherited it, who has not claimed it: this node lives. */
    private static boolean isMine(Known known, Own own) {
        return own.session != null && own.said != null && known.statement().fence() <= own.said.fence();
    }

    // ---- what is said

    boolean isEmpty() {
        return unsaid.isEmpty();
    }

    /** Whether it is not certain yet that others hear of an end. */
    boolean isEnding() {
        return ending > 0;
    }

    /** What is to be said of sessions that have been elsewhere before: whoever had them is not to believe that nobody has them. */
    List<Page> takeClaimed() {
        Pages pages = new Pages();
        long now = time.nanoTime();
        unsaid.values().removeIf(own -> {
            LocalSession session = own.session;
            if (own.ended
                    || session == null
                    || session.lifecycle().isClosed()
                    || session.ownership().fence() == 0
                    || own.toWait(now) > 0) {
                return false;
            }
            say(own, session, pages);
            return true;
        });
        return pages.done();
    }

    private void say(Own own, LocalSession session, Pages pages) {
        SessionStatement now = describe.apply(session);
        if (now != null && !now.equals(own.said)) {
            own.says(now);
            pages.said(now);
        }
    }

    /** How long what is unsaid has to wait until some of it may be said; zero if nothing has to. */
    Duration toWait() {
        long now = time.nanoTime();
        return Duration.ofNanos(unsaid.values().stream()
                .mapToLong(own -> own.toWait(now))
                .filter(wait -> wait > 0)
                .min()
                .orElse(0));
    }

    /** What is to be said and does not have to wait, as entries. It counts as said from then on. */
    List<Page> takeUnsaid() {
        Pages pages = new Pages();
        List<String> over = new ArrayList<>();
        Map<String, Own> later = new HashMap<>();
        long now = time.nanoTime();
        unsaid.forEach((id, own) -> {
            LocalSession session = own.session;
            if (own.ended) {
                SessionStatement said = own.said;
                long fence = session == null ? 0 : session.ownership().fence();
                pages.ended(new EndedSession(id, said == null ? fence : Math.max(fence, said.fence())));
                own.place = null;
            } else if (session != null && !session.lifecycle().isClosed()) {
                if (own.toWait(now) > 0) {
                    later.put(id, own);
                } else {
                    say(own, session, pages);
                }
            } else if (session == null && own.said == null) {
                over.add(id);
            }
        });
        unsaid.clear();
        unsaid.putAll(later);
        over.forEach(this::remove);
        return pages.done();
    }

    /** A page has its place in the log. */
    void placed(Page page, Position place) {
        for (SessionStatement session : page.sessions) {
            Own own = all.get(session.id());
            if (own != null && session.equals(own.said)) {
                own.place = place;
            }
        }
        for (EndedSession session : page.ended) {
            Own own = all.get(session.id());
            if (own != null && own.ended) {
                remove(session.id());
            }
        }
    }

    /** A page has got no place, or nobody knows: what is still so is said again. */
    void lost(Page page) {
        for (SessionStatement session : page.sessions) {
            Own own = all.get(session.id());
            if (own != null && session.equals(own.said) && !own.ended && !own.elsewhere && own.session != null) {
                own.said = null;
                own.place = Position.START; // somebody may have heard of it
                unsaid.put(session.id(), own);
            }
        }
        for (EndedSession session : page.ended) {
            Own own = all.get(session.id());
            if (own != null && own.ended) {
                unsaid.put(session.id(), own);
            }
        }
    }

    /** Entries of bounded size. */
    private static final class Pages {
        private final List<Page> pages = new ArrayList<>();
        private Page page = new Page(new ArrayList<>(), new ArrayList<>());
        private int bytes;

        void said(SessionStatement session) {
            room(session.size());
            page.sessions.add(session);
        }

        void ended(EndedSession session) {
            room(32 + session.id().length());
            page.ended.add(session);
        }

        private void room(int more) {
            if (bytes > 0 && bytes + more > MOST_BYTES) {
                pages.add(page);
                page = new Page(new ArrayList<>(), new ArrayList<>());
                bytes = 0;
            }
            bytes += more;
        }

        List<Page> done() {
            if (bytes > 0) {
                pages.add(page);
            }
            return pages;
        }
    }

    static Said note(String node, Page page) {
        return new Said(node, page.sessions, page.ended);
    }

    /** How many there are. */
    int size() {
        return all.size();
    }
}
