package dev.realtime.redis.internal.wire;

import dev.realtime.HandshakeView;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.SessionView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sessions as upstream describes sockets to other servers: {@code {id, handshake, rooms, data}}, and in a member {@code realtime} what it has no
 * word for.
 */
final class SocketViews {
    private static final String OURS = "realtime";

    /** Of a socket, its own among them; it is seen without the rest. A server of another kind may let its clients join as many as they like. */
    private static final int MAX_ROOMS = 4_097;

    private SocketViews() {}

    /** Writes the members {@code sockets} and, since a socket of Node.js is always connected, {@code suspended}. */
    static void writeAll(List<SessionView> sessions, MsgpackWriter out) {
        for (boolean connected : new boolean[] {true, false}) {
            int mark = out.string(connected ? "sockets" : "suspended").open();
            int count = 0;
            for (SessionView session : sessions) {
                if (session.connected() == connected) {
                    write(session, out);
                    count++;
                }
            }
            out.closeArray(mark, count);
        }
    }

    private static void write(SessionView session, MsgpackWriter out) {
        out.map(5).string("id").string(session.id());
        Handshakes.write(session.handshake().orElse(null), out.string("handshake"));
        Set<String> rooms = new LinkedHashSet<>();
        rooms.add(session.id());
        session.rooms().forEach(room -> rooms.add(room.toString()));
        out.string("rooms").strings(rooms);
        Map<String, String> data = new TreeMap<>(session.attributes());
        out.string("data").map(data.size());
        data.forEach((name, json) -> JsonToMsgpack.value(json, out.string(name)));
        out.string(OURS).map(3);
        out.string("node").string(session.node());
        out.string("connected").bool(session.connected());
        out.string("principal");
        Principals.write(session.principal(), out);
    }

    static List<SessionView> readAll(MsgpackValue.Members data, String from) throws BadWireException {
        List<MsgpackValue> sockets = new ArrayList<>(data.get("sockets").elements());
        MsgpackValue suspended = data.find("suspended");
        if (suspended != null) {
            sockets.addAll(suspended.elements());
        }
        List<SessionView> views = new ArrayList<>();
        for (MsgpackValue socket : sockets) {
            views.add(read(socket.members(), from));
        }
        return List.copyOf(views);
    }

    /** An application of Node.js may have put anything into {@code data}: what is no object has no attributes. */
    private static SessionView read(MsgpackValue.Members socket, String from) throws BadWireException {
        String id = socket.get("id").identifier();
        Set<RoomKey> rooms = new LinkedHashSet<>();
        for (String room : socket.get("rooms").firstNames(MAX_ROOMS)) {
            if (!room.equals(id) && RoomNames.isName(room)) {
                rooms.add(RoomKey.plain(room));
            }
        }
        MsgpackValue data = socket.find("data");
        Map<String, String> attributes = data == null || !data.isMap() ? Map.of() : attributes(data.members());
        HandshakeView handshake = Handshakes.read(socket.find("handshake"));
        MsgpackValue ours = socket.find(OURS);
        if (ours != null) {
            MsgpackValue.Members more = ours.members();
            return SessionView.of(
                    id,
                    more.get("node").identifier(),
                    Principals.read(more.get("principal")),
                    rooms,
                    attributes,
                    more.get("connected").bool(),
                    handshake);
        }
        // only sockets that are connected are in upstream's answers
        return SessionView.of(id, from, Principal.anonymous(id), rooms, attributes, true, handshake);
    }

    /** The members of {@code data} as JSON text, but what is ours in it. */
    static Map<String, String> attributes(MsgpackValue.Members data) throws BadWireException {
        Map<String, String> attributes = new HashMap<>();
        for (var member : data.byName().entrySet()) {
            if (!member.getKey().equals(OURS) && !member.getValue().isNil()) {
                attributes.put(member.getKey(), member.getValue().json());
            }
        }
        return Map.copyOf(attributes);
    }
}
