package dev.realtime.admin;

import dev.realtime.Handshake;
import dev.realtime.HandshakeView;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.transport.OpeningRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The clients of this node as administrators know them. Each look compares them with those that are there, and tells the differences: no more than there is room for, the others the next time. So what is
 * told is bounded whatever clients do, and what was lost on the way is known. Thread-safe.
 */
final class SocketWatch {
    private final Realtime realtime;
    private final int most;
    private final Map<String, Known> known = new LinkedHashMap<>(); // by session, those told; guarded by this
    private Map<OpeningRequest, String> clients = new HashMap<>(); // guarded by this
    private boolean began; // guarded by this
    private int from; // where the last look ended; guarded by this

    /** @param connectedAt tells the connections of one session apart */
    private record Known(ShownSocket socket, Instant connectedAt) {
        Known with(String transport, List<String> rooms) {
            return new Known(
                    new ShownSocket(
                            socket.id(),
                            socket.clientId(),
                            transport,
                            socket.nsp(),
                            socket.data(),
                            socket.handshake(),
                            rooms),
                    connectedAt);
        }
    }

    SocketWatch(Realtime realtime, int most) {
        this.realtime = realtime;
        this.most = most;
    }

    /** Somebody watches: who is there now is known, and what changes is told. */
    synchronized void begin() {
        if (began) {
            return;
        }
        began = true;
        record Present(Session session, Instant since) {}
        present().stream()
                .map(session -> new Present(session, session.connectedAt()))
                .sorted(Comparator.comparing(Present::since))
                .limit(most)
                .forEach(one -> know(one.session()));
    }

    /** Nobody watches any more. */
    synchronized void end() {
        if (began) {
            began = false;
            known.clear();
            clients = new HashMap<>();
        }
    }

    synchronized boolean knows(String session) {
        return known.containsKey(session);
    }

    /** The clients as they have been told; behind {@link #begin} if nobody has watched so far. */
    synchronized List<ShownSocket> shown(int atMost) {
        begin();
        return known.values().stream().limit(atMost).map(Known::socket).toList();
    }

    /**
     * Tells what has changed. It begins where the last look had to end, so those who change all the time do not hide the others.
     *
     * @param reasons why clients have left, by session
     * @param room how much may be told
     * @return how much has been told
     */
    synchronized int look(Instant now, Map<String, String> reasons, int room, VolatileAudience admins) {
        Map<String, Session> there = new LinkedHashMap<>();
        for (Session session : present()) {
            there.put(session.id(), session);
        }
        int left = gone(there, reasons, now, room, admins);
        List<Session> all = List.copyOf(there.values());
        int first = all.isEmpty() ? 0 : from % all.size();
        from = 0;
        for (int i = 0; i < all.size(); i++) {
            Session session = all.get((first + i) % all.size());
            if (left <= 0) {
                from = first + i;
                break;
            }
            Known before = known.get(session.id());
            if (before != null) {
                left = changed(before, session, now, left, admins);
            } else if (known.size() < most) {
                Known came = know(session);
                if (came != null) {
                    admins.emit(AdminEvents.SOCKET_CONNECTED, new AdminEvents.Connected(came.socket(), now.toString()));
                    left--;
                }
            }
        }
        clients.values().retainAll(clientsOf(known));
        return room - left;
    }

    private int gone(
            Map<String, Session> there, Map<String, String> reasons, Instant now, int room, VolatileAudience admins) {
        int left = room;
        Iterator<Known> all = known.values().iterator();
        while (left > 0 && all.hasNext()) {
            Known before = all.next();
            String id = before.socket().id();
            Session session = there.get(id);
            if (session == null || !session.connectedAt().equals(before.connectedAt())) {
                all.remove();
                admins.emit(
                        AdminEvents.SOCKET_DISCONNECTED,
                        new AdminEvents.Gone(
                                before.socket().nsp(), id, reasons.getOrDefault(id, "gone"), now.toString()));
                left--;
            }
        }
        return left;
    }

    private int changed(Known before, Session session, Instant now, int room, VolatileAudience admins) {
        int left = room;
        ShownSocket socket = before.socket();
        String transport = session.transport().orElse(socket.transport());
        if (!transport.equals(socket.transport())) {
            admins.emit(AdminEvents.SOCKET_UPDATED, new AdminEvents.Updated(socket.id(), socket.nsp(), transport));
            left--;
        }
        List<String> rooms = ShownSocket.rooms(socket.id(), session.rooms());
        List<String> shown = new ArrayList<>(socket.rooms());
        for (String name : rooms) {
            if (left > 0 && !shown.contains(name)) {
                shown.add(name);
                admins.emit(AdminEvents.ROOM_JOINED, inRoom(socket, name, now));
                left--;
            }
        }
        for (String name : List.copyOf(shown)) {
            if (left > 0 && !rooms.contains(name)) {
                shown.remove(name);
                admins.emit(AdminEvents.ROOM_LEFT, inRoom(socket, name, now));
                left--;
            }
        }
        if (left < room) {
            known.put(socket.id(), before.with(transport, List.copyOf(shown)));
        }
        return left;
    }

    private static AdminEvents.InRoom inRoom(ShownSocket socket, String room, Instant now) {
        return new AdminEvents.InRoom(socket.nsp(), room, socket.id(), now.toString());
    }

    private List<Session> present() {
        List<Session> present = new ArrayList<>();
        for (Namespace namespace : realtime.namespaces()) {
            for (Session session : namespace.sessions()) {
                if (session.isConnected()) {
                    present.add(session);
                }
            }
        }
        return present;
    }

    /** Null if it has gone meanwhile. */
    private @Nullable Known know(Session session) {
        Handshake handshake = session.handshake().orElse(null);
        if (handshake == null) {
            return null;
        }
        // sessions of one connection are one client: they share the request that has opened it
        String client = clients.computeIfAbsent(handshake.request(), opened -> session.id());
        ShownSocket socket = ShownSocket.of(
                session.id(),
                client,
                session.transport().orElse(""),
                session.namespace().name(),
                session.principal(),
                HandshakeView.of(session.connectedAt(), handshake.request()),
                session.rooms());
        Known came = new Known(socket, session.connectedAt());
        known.put(session.id(), came);
        return came;
    }

    private static Set<String> clientsOf(Map<String, Known> known) {
        return known.values().stream().map(each -> each.socket().clientId()).collect(Collectors.toSet());
    }
}
