package dev.realtime.internal.presence;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.realtime.internal.fanout.PartedEvent;
import dev.realtime.internal.presence.FoldChanges.RoomChange;
import dev.realtime.internal.presence.FoldChanges.UserChange;
import dev.realtime.internal.presence.PresenceFold.Known;
import dev.realtime.presence.Status;
import dev.realtime.spi.EventData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What clients see of presence. */
final class PresenceJson {
    /** Users that a snapshot of a room lists; how many more there are it says. */
    private static final int MOST_LISTED = 1_000;
    /** Of what is listed of a room in one event. A client that reads has room for several. */
    private static final int MOST_BYTES = 64 << 10;
    /** Of rooms that are shown to one session after another. */
    private static final int MOST_REMEMBERED = 4 << 20;
    /** Of rooms whose numbers are remembered: all are forgotten then. */
    private static final int MOST_NUMBERS = 10_000;

    private final PresenceFold fold;
    private final String snapshotEvent;
    private final String diffEvent;
    private final long window;
    private final int share;

    /** Rooms as they are now, those asked for last behind; used in the fan-out's turn only. */
    private final LinkedHashMap<String, EventData> remembered = new LinkedHashMap<>(16, 0.75f, true);

    private int rememberedBytes;
    private final Map<String, EventData> numbers = new HashMap<>(); // as they are now, of rooms that were asked for

    /**
     * @param window in which a client may come back to its session
     * @param share bytes that one client is told at once
     */
    PresenceJson(PresenceFold fold, String snapshotEvent, String diffEvent, Duration window, int share) {
        this.share = share;
        this.fold = fold;
        this.snapshotEvent = snapshotEvent;
        this.diffEvent = diffEvent;
        this.window = window.toMillis();
    }

    /** A user as clients see him; empty if he is not there. */
    static String view(String user, List<Known> sessions) {
        if (sessions.isEmpty()) {
            return "";
        }
        Status status = Status.DISCONNECTED;
        long since = 0;
        boolean shows = false;
        for (Known known : sessions) {
            SessionStatement session = known.statement();
            if (session.status().compareTo(status) < 0) {
                status = session.status();
                since = session.awaySince();
            } else if (session.status() == status) {
                since = Math.max(since, session.awaySince());
            }
            shows |= !session.shown().isEmpty();
        }
        StringBuilder json = new StringBuilder("{\"user\":").append(quoted(user));
        status(json.append(','), status, since);
        if (shows) {
            json.append(",\"sessions\":[");
            String comma = "";
            for (Known known : sessions) {
                SessionStatement session = known.statement();
                status(json.append(comma).append('{'), session.status(), session.awaySince());
                if (!session.shown().isEmpty()) {
                    json.append(",\"shown\":").append(session.shown());
                }
                json.append('}');
                comma = ",";
            }
            json.append(']');
        }
        return json.append('}').toString();
    }

    private static void status(StringBuilder json, Status status, long awaySince) {
        json.append("\"status\":\"").append(status.word()).append('"');
        if (status == Status.AWAY) {
            json.append(",\"awaySince\":").append(awaySince);
        }
    }

    static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** The user as he is, whether he is there or not. */
    private String user(String user) {
        String view = view(user, fold.of(user));
        if (view.isEmpty()) {
            return "{\"user\":" + quoted(user) + ",\"status\":\"" + Status.DISCONNECTED.word() + "\"}";
        }
        return fold.status(user) == Status.RECONNECTING && window > 0
                ? view.substring(0, view.length() - 1) + ",\"reconnectWindow\":" + window + "}"
                : view;
    }

    // ---- events

    /** How users are: as few events as their size allows. */
    List<EventData> users(Collection<String> users) {
        List<EventData> events = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        int chars = 0;
        for (String user : users) {
            String part = user(user);
            if (chars > 0 && chars + part.length() > MOST_BYTES) {
                events.add(snapshot(String.join(",", parts)));
                parts.clear();
                chars = 0;
            }
            parts.add(part);
            chars += part.length();
        }
        events.add(snapshot(String.join(",", parts)));
        return events;
    }

    /** How a room is. It is written once for all who are shown it before it changes. */
    EventData room(String room) {
        EventData known = remembered.get(room);
        if (known == null) {
            known = snapshot(roomAsItIs(room));
            remembered.put(room, known);
            rememberedBytes += known.json().length;
            while (rememberedBytes > MOST_REMEMBERED && remembered.size() > 1) {
                forget(remembered.keySet().iterator().next());
            }
        }
        return known;
    }

    /** How many are in a room, without any of them. Written once as well. */
    EventData numbers(String room) {
        EventData known = numbers.get(room);
        if (known == null) {
            known = snapshot(open(room) + ",\"users\":[]" + more(fold.usersIn(room)));
            if (numbers.size() >= MOST_NUMBERS) {
                numbers.clear();
            }
            numbers.put(room, known);
        }
        return known;
    }

    private EventData snapshot(String parts) {
        String json = "[" + quoted(snapshotEvent) + ",[" + parts + "]]";
        return new EventData(json.getBytes(StandardCharsets.UTF_8), List.of());
    }

    /** A note has been worked off: rooms that look otherwise now are written anew. */
    void changed(FoldChanges changes) {
        if (!remembered.isEmpty() || !numbers.isEmpty()) {
            changes.rooms().forEach(change -> forget(change.room()));
            changes.users().forEach(change -> fold.roomsOf(change.user()).forEach(this::forget));
        }
    }

    private void forget(String room) {
        numbers.remove(room);
        EventData known = remembered.remove(room);
        rememberedBytes -= known == null ? 0 : known.json().length;
    }

    /** Everything may be otherwise now. */
    void forgetAll() {
        remembered.clear();
        rememberedBytes = 0;
        numbers.clear();
    }

    private String roomAsItIs(String room) {
        List<String> users = new ArrayList<>();
        int more = 0;
        int bytes = 0;
        for (String who : fold.in(room)) {
            if (SessionStatement.isNobody(who)) {
                continue;
            }
            String user = users.size() < MOST_LISTED && bytes < MOST_BYTES ? user(SessionStatement.userOf(who)) : "";
            if (!user.isEmpty() && bytes + user.length() <= MOST_BYTES) {
                users.add(user);
                bytes += user.length();
            } else {
                more++;
            }
        }
        return open(room) + ",\"users\":[" + String.join(",", users) + "]" + more(more);
    }

    private static String more(int more) {
        return more == 0 ? "}" : ",\"more\":" + more + "}";
    }

    private String open(String room) {
        return "{\"room\":" + quoted(room) + ",\"population\":" + fold.population(room);
    }

    /** What a note has changed, for those who watch; null if it has changed nothing. */
    @Nullable
    PartedEvent diff(FoldChanges changes) {
        List<PartedEvent.Part> parts = new ArrayList<>();
        Map<String, RoomDiff> rooms = new LinkedHashMap<>();
        Map<String, String> written = new HashMap<>(); // users, each once for all the rooms that he is in
        for (RoomChange change : changes.rooms()) {
            RoomDiff diff = rooms.computeIfAbsent(change.room(), name -> new RoomDiff(name, written));
            diff.joined.addAll(change.joined());
            diff.left.addAll(change.left());
        }
        for (UserChange change : changes.users()) {
            String shown = written.computeIfAbsent(change.user(), this::user);
            parts.add(part(Watched.user(change.user()), shown));
            for (String room : fold.roomsOf(change.user())) {
                RoomDiff diff = rooms.computeIfAbsent(room, name -> new RoomDiff(name, written));
                String who = SessionStatement.who(change.user());
                if (!diff.joined.contains(who)) {
                    diff.changed.add(who);
                }
            }
        }
        rooms.forEach((room, diff) -> parts.add(part(Watched.room(room), diff.json())));
        return parts.isEmpty() ? null : new PartedEvent(quoted(diffEvent), parts, share);
    }

    private static PartedEvent.Part part(Watched watched, String json) {
        return new PartedEvent.Part(watched.watchers(), json.getBytes(StandardCharsets.UTF_8));
    }

    private final class RoomDiff {
        private final String name;
        private final Map<String, String> written;
        final TreeSet<String> joined = new TreeSet<>();
        final TreeSet<String> left = new TreeSet<>();
        final TreeSet<String> changed = new TreeSet<>();
        private int bytes;
        private int more; // that are not listed

        RoomDiff(String name, Map<String, String> written) {
            this.name = name;
            this.written = written;
        }

        String json() {
            String gone = list("left", left, false); // cheap, and what a client can least do without
            String json = open(name) + list("joined", joined, true) + gone + list("changed", changed, true);
            return json + more(more);
        }

        private String whole(String id) {
            return written.computeIfAbsent(id, PresenceJson.this::user);
        }

        private String list(String member, Collection<String> who, boolean whole) {
            List<String> users = new ArrayList<>();
            for (String one : who) {
                if (!SessionStatement.isNobody(one)) {
                    String id = SessionStatement.userOf(one);
                    String user = bytes >= MOST_BYTES ? "" : whole ? whole(id) : quoted(id);
                    if (!user.isEmpty() && bytes + user.length() <= MOST_BYTES) {
                        users.add(user);
                        bytes += user.length();
                    } else {
                        more++;
                    }
                }
            }
            return users.isEmpty() ? "" : ",\"" + member + "\":[" + String.join(",", users) + "]";
        }
    }
}
