package dev.realtime.redis.faults;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.limits.Limits;
import dev.realtime.redis.RedisBackend;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import java.time.Duration;

/** A node as a deploy finds it, in a process of its own: it stops in phases when it is sent SIGTERM. Users say numbers to the ten of their zone. */
public final class RollNode {
    private static final int ZONE = 10;

    record Say(String id, int number) {}

    record Said(String from, int number) {}

    private static final Event<Said> SAID = Event.of("said", Said.class);
    private static final Request<Say, Boolean> SAY =
            Request.of("say", Say.class, Boolean.class).idempotentBy(Say::id, Duration.ofMinutes(1));

    private RollNode() {}

    private static RoomKey zone(Session session) {
        int number = Integer.parseInt(session.principal().id().substring(1));
        return RoomKey.parse("zone:" + number / ZONE);
    }

    /** Arguments: the URL of Redis. Prints the port when it is ready; ends with its parent. */
    public static void main(String[] arguments) throws Exception {
        Realtime realtime = Realtime.builder()
                .authenticator(new TestUsers())
                .recovery(Recovery.within(Duration.ofMinutes(1)))
                .limits(Limits.DEFAULT
                        .maxConnectionsPerIp(5_000)
                        .handshakesPerSecond(5_000)
                        .handshakesPerSecondPerIp(5_000)
                        .connectsPerMinutePerIp(300_000))
                .backend(RedisBackend.connect(arguments[0]))
                .namespace(
                        "/",
                        zones -> zones.onConnect(session -> session.join(zone(session)))
                                .onAsync(
                                        SAY,
                                        (session, say) -> session.room(zone(session))
                                                .emit(
                                                        SAID,
                                                        new Said(
                                                                session.principal()
                                                                        .id(),
                                                                say.number()))
                                                .thenApply(place -> true)))
                .build();
        StandaloneServer server = StandaloneServer.start(
                realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            realtime.close();
        }));
        System.out.println("port " + server.port());
        while (System.in.read() >= 0) {
            Thread.onSpinWait(); // until the parent is gone
        }
        Runtime.getRuntime().halt(0);
    }
}
