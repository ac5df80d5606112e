package dev.realtime.benchmarks;

import dev.realtime.Event;
import dev.realtime.Limits;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKind;
import dev.realtime.benchmarks.peers.Control;
import dev.realtime.standalone.StandaloneServer;
import java.io.IOException;

/**
 * This library under load: its defaults, recovery included, except that a thousand connections may come from one address. Behaves as the
 * peers do.
 */
public final class RealtimeServer {
    private static final Event<String> BROADCAST = Event.of("bcast", String.class);
    private static final Event<String> MESSAGE = Event.of("msg", String.class);
    private static final Request<String, String> ECHO = Request.of("echo", String.class, String.class);

    private RealtimeServer() {}

    public static void main(String[] args) throws IOException {
        Realtime realtime = Realtime.builder()
                .limits(Limits.DEFAULT.maxConnectionsPerIp(100_000).handshakesPerSecond(100_000))
                .namespace("/", RealtimeServer::setUp)
                .build();
        StandaloneServer.builder(realtime)
                .host("127.0.0.1")
                .port(Control.port(args))
                .start();
        Control.serve();
    }

    private static void setUp(dev.realtime.NamespaceSetup namespace) {
        var all = RoomKind.named("all").of("all");
        namespace
                .allowAnonymous()
                .onConnect(session -> session.join(all))
                .on(BROADCAST, (session, payload) -> {
                    Room room = session.room(all);
                    var unused = room.emit(MESSAGE, payload);
                })
                .on(ECHO, (session, payload) -> payload);
    }
}
