package dev.realtime.admin;

import dev.realtime.HandshakeView;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.SessionView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A session as the UI shows it. Of its handshake that is shown which other nodes are told too ({@link HandshakeView}): no cookie, no authorization, no parameter of the application, no
 * {@code auth} payload. Of its user the id and the roles.
 *
 * @param clientId the same for all sessions of one connection
 * @param transport empty where a server of another kind does not say
 */
record ShownSocket(
        String id,
        String clientId,
        String transport,
        String nsp,
        Map<String, Object> data,
        AdminEvents.ShownHandshake handshake,
        List<String> rooms) {
    private static final int MOST_ROOMS = 20;
    private static final int MOST_ROLES = 20;

    /** Of a socket without its texts, in bytes of JSON. */
    private static final int FRAME = 300;

    private static final int QUOTES = 6;

    static ShownSocket of(
            String id,
            String clientId,
            String transport,
            String nsp,
            Principal principal,
            HandshakeView handshake,
            Set<RoomKey> rooms) {
        return new ShownSocket(id, clientId, transport, nsp, data(principal), shown(handshake), rooms(id, rooms));
    }

    /** Of a server of another kind, as far as it says. */
    static ShownSocket of(SessionView view, String nsp) {
        HandshakeView handshake =
                view.handshake().orElseGet(() -> new HandshakeView(Instant.EPOCH, "", false, "", Map.of(), Map.of()));
        String transport = handshake.query().getOrDefault("transport", "");
        return new ShownSocket(
                view.id(), view.id(), transport, nsp, Map.of(), shown(handshake), rooms(view.id(), view.rooms()));
    }

    private static Map<String, Object> data(Principal principal) {
        if (principal.anonymous()) {
            return Map.of();
        }
        Map<String, Object> data = new TreeMap<>();
        data.put("user", principal.id());
        if (!principal.roles().isEmpty()) {
            data.put(
                    "roles",
                    principal.roles().stream()
                            .filter(role -> role.length() <= HandshakeView.MAX_LENGTH)
                            .sorted()
                            .limit(MOST_ROLES)
                            .toList());
        }
        return data;
    }

    private static AdminEvents.ShownHandshake shown(HandshakeView handshake) {
        return new AdminEvents.ShownHandshake(
                handshake.address(),
                handshake.headers(),
                handshake.query(),
                handshake.at().toEpochMilli(),
                handshake.secure(),
                handshake.at().toString(),
                handshake.path(),
                handshake.headers().containsKey("origin"));
    }

    /** About how many bytes of JSON it has, rather more than less. */
    int size() {
        int size = FRAME + size(id) + size(clientId) + size(transport) + size(nsp) + size(data.toString());
        size += size(handshake.address()) + size(handshake.url());
        size += size(handshake.headers().toString()) + size(handshake.query().toString());
        for (String room : rooms) {
            size += size(room);
        }
        return size;
    }

    private static int size(String text) {
        int size = QUOTES;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            size += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }
        return size;
    }

    /** As upstream has it, with the session's own room. */
    static List<String> rooms(String id, Set<RoomKey> keys) {
        List<String> rooms = new ArrayList<>();
        rooms.add(id);
        for (RoomKey key : keys) {
            if (rooms.size() == MOST_ROOMS) {
                break;
            }
            if (!key.toString().equals(id)) {
                rooms.add(key.toString());
            }
        }
        return rooms;
    }
}
