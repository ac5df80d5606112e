package dev.realtime.simulation;

import dev.realtime.Position;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a session did to its rooms on one node, and from that, where it was at any position. The model that the library is held to. */
final class RoomModel {

    /** One call of {@code join}, {@code leave} or {@code move}, when it was, and the end of the log as its node knew it then. */
    record Op(String how, String room, String to, Position at, long when) {}

    private final List<Op> ops;
    private int acknowledged;
    private @Nullable SessionRecord claimed;
    private long claimedWhen;
    private List<RoomMembership> memberships = List.of();
    private int computed = -1;

    RoomModel(List<Op> ops) {
        this.ops = new ArrayList<>(ops);
    }

    /** Returns which of the session's changes this was. */
    int add(Op op) {
        ops.add(op);
        return ops.size();
    }

    int size() {
        return ops.size();
    }

    /** The client has been told that this change is made. */
    void acknowledged(int count) {
        acknowledged = Math.max(acknowledged, count);
    }

    int acknowledged() {
        return acknowledged;
    }

    /** Another node goes on with what this record says. */
    void claimed(SessionRecord session, long when) {
        claimed = session;
        claimedWhen = when;
    }

    /** Whether another node went on with the session before this change, and so without it; zero is no change. */
    boolean isWithout(int change) {
        return change > 0 && claimed != null && ops.get(change - 1).when > claimedWhen && match(claimed) < change;
    }

    long when(int change) {
        return ops.get(change - 1).when;
    }

    List<Op> first(int count) {
        return ops.subList(0, count);
    }

    boolean covers(String room, Position position) {
        if (computed != ops.size()) {
            memberships = memberships(ops);
            computed = ops.size();
        }
        for (RoomMembership membership : memberships) {
            Position left = membership.left();
            if (membership.room().equals(room)
                    && position.isAfter(membership.joined())
                    && (left == null || !position.isAfter(left))) {
                return true;
            }
        }
        return false;
    }

    /** After how many of the changes a record was made; -1 when after none. */
    int match(SessionRecord session) {
        List<String> recorded = text(
                session.memberships().stream()
                        .filter(membership -> membership.room().startsWith("zone:"))
                        .toList(),
                session.confirmed());
        for (int count = ops.size(); count >= 0; count--) {
            if (text(memberships(ops.subList(0, count)), session.confirmed()).equals(recorded)) {
                return count;
            }
        }
        return -1;
    }

    /** Memberships that matter: those that had ended by what the client has confirmed may be forgotten. */
    private static List<String> text(List<RoomMembership> memberships, Position confirmed) {
        List<String> text = new ArrayList<>();
        for (RoomMembership membership : memberships) {
            Position left = membership.left();
            if (left == null || left.isAfter(confirmed)) {
                text.add(membership.room() + " " + membership.joined() + " " + left);
            }
        }
        text.sort(null);
        return text;
    }

    private static List<RoomMembership> memberships(List<Op> ops) {
        List<RoomMembership> memberships = new ArrayList<>();
        for (Op op : ops) {
            if (op.how.equals("join")) {
                join(memberships, op.room, op.at);
            } else if (op.how.equals("leave")) {
                leave(memberships, op.room, op.at);
            } else if (!op.room.equals(op.to) && open(memberships, op.room) != null) {
                leave(memberships, op.room, op.at);
                join(memberships, op.to, op.at);
            } else {
                join(memberships, op.to, op.at);
            }
        }
        return memberships;
    }

    private static void join(List<RoomMembership> memberships, String room, Position at) {
        if (open(memberships, room) == null) {
            memberships.add(new RoomMembership(room, at, null));
        }
    }

    private static void leave(List<RoomMembership> memberships, String room, Position at) {
        RoomMembership open = open(memberships, room);
        if (open != null) {
            memberships.set(memberships.indexOf(open), new RoomMembership(room, open.joined(), at));
        }
    }

    private static @Nullable RoomMembership open(List<RoomMembership> memberships, String room) {
        for (RoomMembership membership : memberships) {
            if (membership.left() == null && Objects.equals(membership.room(), room)) {
                return membership;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return ops.toString();
    }
}
