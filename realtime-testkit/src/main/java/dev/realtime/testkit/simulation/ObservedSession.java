package dev.realtime.testkit.simulation;

import dev.realtime.Position;
import dev.realtime.RoomKind;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import dev.realtime.testkit.ReceivedEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of one session from outside: its records, as the backend has them, and its connections, as its client has them. Where its node may have
 * changed rooms that no record holds, because the node died with them, nothing is said about its rooms.
 */
final class ObservedSession {
    /** By then a change of rooms is in the record, unless the node is in trouble. */
    private static final long RECORDED_MICROS = 1_500_000;

    final String id;
    final String client;
    final List<Connection> connections = new ArrayList<>();
    private final Map<String, RoomMembership> memberships = new LinkedHashMap<>(); // by room and beginning
    private final Set<String> forgotten =
            new HashSet<>(); // of these: ended and confirmed between two records, so that none says where
    private final List<Span> uncertain = new ArrayList<>();
    private @Nullable Position start;
    private String epoch = "";
    private String home = "";
    private boolean lost; // its record, and nobody has written another one

    private record Span(long from, long to) {}

    ObservedSession(String id, String client) {
        this.id = id;
        this.client = client;
    }

    void saved(SessionRecord session, long now) {
        if (start == null) {
            start = session.start();
            epoch = session.epoch();
        }
        home = session.home().node();
        if (lost) {
            lost = false;
            Span open = uncertain.remove(uncertain.size() - 1);
            uncertain.add(new Span(open.from, now));
        }
        Set<String> recorded = new HashSet<>();
        for (RoomMembership membership : session.memberships()) {
            String key = membership.room() + " " + membership.joined();
            memberships.put(key, membership);
            recorded.add(key);
        }
        memberships.forEach((key, membership) -> {
            if (membership.left() == null && !recorded.contains(key)) {
                forgotten.add(key);
            }
        });
    }

    /** @param trouble since when the node that has had it so far may not have written what it changed */
    void claimed(SessionRecord session, long trouble, long now) {
        if (!home.equals(session.home().node())) {
            home = session.home().node();
            uncertain.add(new Span(Math.min(trouble, now) - RECORDED_MICROS, now));
        }
    }

    void lost(long now) {
        if (!lost) {
            lost = true;
            uncertain.add(new Span(now - RECORDED_MICROS, Long.MAX_VALUE));
        }
    }

    @Nullable
    Position start() {
        return start;
    }

    String epoch() {
        return epoch;
    }

    String home() {
        return home;
    }

    /** Whether it is not certain in which rooms it was then. */
    boolean isUncertain(long when) {
        return uncertain.stream().anyMatch(span -> span.from <= when && when <= span.to);
    }

    /** Whether it was in a room at a position for certain, as its records say. */
    boolean isIn(String room, Position at) {
        return isIn(room, at, key -> !forgotten.contains(key));
    }

    /** Whether it may have been in a room at a position. */
    boolean mayBeIn(String room, Position at) {
        return isIn(room, at, key -> true);
    }

    private boolean isIn(String room, Position at, Predicate<String> counts) {
        if (room.equals(id) || room.equals(RoomKind.USER.of(client).toString())) {
            return true;
        }
        return memberships.entrySet().stream()
                .anyMatch(each -> counts.test(each.getKey()) && holds(each.getValue(), room, at));
    }

    private static boolean holds(RoomMembership membership, String room, Position at) {
        Position left = membership.left();
        return membership.room().equals(room) && at.isAfter(membership.joined()) && (left == null || !at.isAfter(left));
    }

    boolean isConnected() {
        return !connections.isEmpty()
                && !connections.get(connections.size() - 1).isOver();
    }

    /** @param when in microseconds of the run */
    record Received(ReceivedEvent event, long when) {}

    /** One connection of a client over which a session was served. */
    static final class Connection {
        private final String node;
        private final long since;
        private final boolean recovered;
        private final List<Received> events = new ArrayList<>();
        private boolean over;

        Connection(String node, long since, boolean recovered) {
            this.node = node;
            this.since = since;
            this.recovered = recovered;
        }

        String node() {
            return node;
        }

        long since() {
            return since;
        }

        boolean isRecovered() {
            return recovered;
        }

        boolean isOver() {
            return over;
        }

        void end() {
            over = true;
        }

        void received(ReceivedEvent event, long when) {
            events.add(new Received(event, when));
        }

        List<Received> events() {
            return events;
        }
    }
}
