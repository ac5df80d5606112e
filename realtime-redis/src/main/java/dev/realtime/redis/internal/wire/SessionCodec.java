package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A session record as upstream stores its sessions: base64 of msgpack {@code {sid, pid, rooms, data}}. What upstream has no word for
 * stands in a member {@code realtime}, which a Node.js server does not keep; who the session is and its namespace stand in {@code data.realtime} as well,
 * which it does keep. So a session may go to a server of the other kind and come back as the same principal. Thread-safe.
 *
 * <p>In {@code data} a recorded attribute is a value as JavaScript has it; the attribute named {@code realtime} would be hidden from Node.js.
 */
public final class SessionCodec {
    private static final Home FOREIGN = Home.first("");
    private static final String OURS = "realtime";
    private static final String ABSENCE_TOLD = "absenceTold"; // there or not
    private static final String AWAY_SINCE = "awaySince"; // there or not
    /** Upstream does not say since when a session is in a room: whatever follows the client's offset counts. */
    private static final Position ANY_OFFSET = new Position(0, 1);

    /** @throws IllegalArgumentException when an attribute or a claim is not JSON */
    public String encode(SessionRecord session) {
        MsgpackWriter out = new MsgpackWriter().map(5);
        out.string("sid").string(session.sessionId());
        out.string("pid").string(session.privateId());
        out.string("rooms").strings(openRooms(session));
        writeData(session, out.string("data"));
        writeOurs(session, out.string(OURS));
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    private static Set<String> openRooms(SessionRecord session) {
        Set<String> rooms = new LinkedHashSet<>();
        rooms.add(session.sessionId());
        for (RoomMembership membership : session.memberships()) {
            if (membership.left() == null) {
                rooms.add(membership.room());
            }
        }
        return rooms;
    }

    private static void writeData(SessionRecord session, MsgpackWriter out) {
        Map<String, String> visible = new TreeMap<>(session.attributes());
        visible.remove(OURS);
        out.map(visible.size() + 1);
        visible.forEach((name, json) -> JsonToMsgpack.value(json, out.string(name)));
        out.string(OURS).map(2);
        out.string("namespace").string(session.namespace());
        writePrincipal(session.principal(), out);
    }

    private static void writePrincipal(@Nullable Principal principal, MsgpackWriter out) {
        out.string("principal");
        if (principal == null) {
            out.nil();
        } else {
            Principals.write(principal, out);
        }
    }

    private static void writeOurs(SessionRecord session, MsgpackWriter out) {
        out.map(11 + (session.absenceTold() ? 1 : 0) + (session.awaySince() == 0 ? 0 : 1));
        out.string("namespace").string(session.namespace());
        out.string("node").string(session.home().node());
        out.string("since").integer(session.home().since());
        out.string("fence").integer(session.home().fence());
        out.string("epoch").string(session.epoch());
        out.string("start").string(session.start().toString());
        out.string("confirmed").string(session.confirmed().toString());
        out.string("exactFrom").string(session.exactFrom().toString());
        out.string("memberships").array(session.memberships().size());
        for (RoomMembership membership : session.memberships()) {
            Position left = membership.left();
            out.array(left == null ? 2 : 3)
                    .string(membership.room())
                    .string(membership.joined().toString());
            if (left != null) {
                out.string(left.toString());
            }
        }
        writePrincipal(session.principal(), out);
        Map<String, String> attributes = new TreeMap<>(session.attributes());
        out.string("attributes").map(attributes.size());
        attributes.forEach((name, json) -> out.string(name).string(json));
        if (session.absenceTold()) {
            out.string(ABSENCE_TOLD).integer(1);
        }
        if (session.awaySince() != 0) {
            out.string(AWAY_SINCE).integer(session.awaySince());
        }
    }

    /**
     * @param privateId the name under which it was found
     * @param epochOfBackend the epoch of a session that a Node.js server recorded
     */
    public SessionRecord decode(String privateId, String value, String epochOfBackend) throws BadWireException {
        WireJson.checkSize(value.length());
        MsgpackValue.Members record = MsgpackValue.message(StreamEntryCodec.base64(value.getBytes(US_ASCII)))
                .members();
        if (!record.get("pid").text().equals(privateId)) {
            throw new BadWireException("the record of another session");
        }
        String sessionId = record.get("sid").identifier();
        MsgpackValue ours = record.find(OURS);
        return ours == null
                ? foreign(privateId, sessionId, record, epochOfBackend)
                : own(privateId, sessionId, ours.members());
    }

    private static SessionRecord own(String privateId, String sessionId, MsgpackValue.Members ours)
            throws BadWireException {
        MsgpackValue principal = ours.find("principal");
        MsgpackValue away = ours.find(AWAY_SINCE);
        Map<String, String> attributes = new HashMap<>();
        for (var attribute : ours.get("attributes").members().byName().entrySet()) {
            attributes.put(attribute.getKey(), attribute.getValue().text());
        }
        List<RoomMembership> memberships = new ArrayList<>();
        for (MsgpackValue membership : ours.get("memberships").elements()) {
            memberships.add(membership(membership.elements()));
        }
        Home home = new Home(
                ours.get("node").text(),
                ours.get("since").integer(),
                ours.get("fence").integer());
        return SessionRecord.of(privateId, sessionId, ours.get("namespace").text(), home)
                .principal(principal == null ? null : Principals.read(principal))
                .attributes(attributes)
                .epoch(ours.get("epoch").text())
                .start(position(ours.get("start")))
                .confirmed(position(ours.get("confirmed")))
                .memberships(memberships)
                .exactFrom(position(ours.get("exactFrom")))
                .absenceTold(ours.find(ABSENCE_TOLD) != null)
                .awaySince(away == null ? 0 : away.integer());
    }

    private static RoomMembership membership(List<MsgpackValue> parts) throws BadWireException {
        if (parts.size() < 2 || parts.size() > 3) {
            throw new BadWireException("a membership is a room and one or two positions");
        }
        String room = parts.get(0).text();
        RoomNames.checkRecorded(List.of(room));
        return new RoomMembership(room, position(parts.get(1)), parts.size() == 2 ? null : position(parts.get(2)));
    }

    private static Position position(MsgpackValue value) throws BadWireException {
        Position position = Position.parse(value.text());
        if (position == null) {
            throw new BadWireException("a position that is none");
        }
        return position;
    }

    /** Its fence is not in the record; whoever has claimed it knows. */
    private static SessionRecord foreign(
            String privateId, String sessionId, MsgpackValue.Members record, String epochOfBackend)
            throws BadWireException {
        String namespace = "";
        Principal principal = null;
        Map<String, String> attributes = Map.of();
        MsgpackValue data = record.find("data");
        if (data != null && data.isMap()) {
            MsgpackValue.Members members = data.members();
            attributes = SocketViews.attributes(members);
            MsgpackValue ours = members.find(OURS);
            if (ours != null) {
                MsgpackValue.Members kept = ours.members();
                MsgpackValue who = kept.find("principal");
                principal = who == null ? null : Principals.read(who);
                namespace = kept.get("namespace").text();
            }
        }
        Set<String> rooms = record.get("rooms").names();
        RoomNames.checkRecorded(rooms);
        List<RoomMembership> memberships = new ArrayList<>();
        for (String room : rooms) {
            if (!room.equals(sessionId)) {
                memberships.add(new RoomMembership(room, Position.START, null));
            }
        }
        return SessionRecord.of(privateId, sessionId, namespace, FOREIGN)
                .principal(principal)
                .attributes(attributes)
                .epoch(epochOfBackend)
                .memberships(memberships)
                .exactFrom(ANY_OFFSET);
    }
}
