package dev.realtime.admin;

import dev.realtime.Event;
import dev.realtime.Request;
import dev.realtime.TypeToken;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What travels between nodes and the UI, named and shaped as the UI knows it, and what nodes tell each other. */
final class AdminEvents {
    static final Event<String> SESSION = Event.of("session", String.class);
    static final Event<Config> CONFIG = Event.of("config", Config.class);
    static final Event<ServerStats> SERVER_STATS = Event.of("server_stats", ServerStats.class);
    static final Event<List<ShownSocket>> ALL_SOCKETS = Event.of("all_sockets", new TypeToken<List<ShownSocket>>() {});
    static final Event<Connected> SOCKET_CONNECTED = Event.ofArguments("socket_connected", Connected.class);
    static final Event<Updated> SOCKET_UPDATED = Event.of("socket_updated", Updated.class);
    static final Event<Gone> SOCKET_DISCONNECTED = Event.ofArguments("socket_disconnected", Gone.class);
    static final Event<InRoom> ROOM_JOINED = Event.ofArguments("room_joined", InRoom.class);
    static final Event<InRoom> ROOM_LEFT = Event.ofArguments("room_left", InRoom.class);
    static final Event<Received> EVENT_RECEIVED = Event.ofArguments("event_received", Received.class);

    static final Event<Emit> EMIT = Event.ofArguments("emit", Emit.class);
    static final Event<ChangeRoom> JOIN = Event.ofArguments("join", ChangeRoom.class);
    static final Event<ChangeRoom> LEAVE = Event.ofArguments("leave", ChangeRoom.class);
    static final Event<Disconnect> DISCONNECT = Event.ofArguments("_disconnect", Disconnect.class);

    /** From node to node: an administrator is at the node of this id. */
    static final Event<String> WATCHED = Event.of("admin:watched", String.class);

    /** From node to node: the digest of a token that is good from now on. */
    static final Event<String> TOKEN = Event.of("admin:token", String.class);

    /** From node to node: at most so many sockets of the node that is asked. */
    static final Request<Integer, List<ShownSocket>> SOCKETS =
            Request.of("admin:sockets", TypeToken.of(Integer.class), new TypeToken<List<ShownSocket>>() {});

    private AdminEvents() {}

    record Config(List<String> supportedFeatures) {}

    /** @param uptime in seconds */
    record ServerStats(
            String serverId,
            String hostname,
            long pid,
            double uptime,
            int clientsCount,
            long pollingClientsCount,
            List<Counted> aggregatedEvents,
            List<NamespaceSize> namespaces) {}

    /** @param timestamp in milliseconds, of a whole second */
    record Counted(long timestamp, String type, @Nullable String subType, long count) {}

    record NamespaceSize(String name, int socketsCount) {}

    record Connected(ShownSocket socket, String timestamp) {}

    record Updated(String id, String nsp, String transport) {}

    record Gone(String nsp, String id, String reason, String timestamp) {}

    record InRoom(String nsp, String room, String id, String timestamp) {}

    record Received(String nsp, String id, List<String> args, String timestamp) {}

    @SuppressWarnings("ArrayRecordComponent") // so the codec knows that any number may follow
    record Emit(
            String nsp,
            @Nullable String filter,
            String ev,
            @Nullable Object... args) {}

    record ChangeRoom(String nsp, String room, @Nullable String filter) {}

    record Disconnect(
            String nsp, @Nullable Boolean close, @Nullable String filter) {}

    /** Any number of arguments. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Arguments(@Nullable Object... args) {}

    /** How a client has connected, as far as administrators are shown. */
    record ShownHandshake(
            String address,
            Map<String, String> headers,
            Map<String, String> query,
            long issued,
            boolean secure,
            String time,
            String url,
            boolean xdomain) {}
}
