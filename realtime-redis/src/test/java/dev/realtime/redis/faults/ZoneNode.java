package dev.realtime.redis.faults;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.drain.DrainOptions;
import dev.realtime.limits.Limits;
import dev.realtime.redis.RedisBackend;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.Origins;
import java.time.Duration;

/** One node in a process of its own: clients enter zones and say things there; whatever was said and answered is in the log. */
public final class ZoneNode {
    record Say(String zone, String text) {}

    static final Event<String> SAID = Event.of("said", String.class);
    static final Request<String, Boolean> ENTER = Request.of("enter", String.class, Boolean.class);
    static final Request<Say, String> SAY = Request.of("say", Say.class, String.class);

    /** On the standard input: the node stops in good order, as in a deploy. */
    static final char STOP = 's';

    /** What the application is told, with the session's id behind it. */
    static final String BEGIN = "told: begin ";

    static final String END = "told: end ";

    private ZoneNode() {}

    /** At once: what has been told is told, also if the process is killed now. */
    private static void tell(String what) {
        System.err.println(what);
    }

    /** Arguments: the URL of Redis. Prints the port when it is ready; ends with its parent. */
    public static void main(String[] arguments) throws Exception {
        Realtime realtime = Realtime.builder()
                .origins(Origins.any())
                .heartbeat(Heartbeat.DEFAULT.interval(Duration.ofSeconds(1)).timeout(Duration.ofSeconds(2)))
                .recovery(Recovery.within(Duration.ofSeconds(60)))
                .lease(Duration.ofSeconds(3))
                .limits(Limits.DEFAULT
                        .maxConnectionsPerIp(5_000)
                        .handshakesPerSecond(5_000)
                        .handshakesPerSecondPerIp(5_000)
                        .connectsPerMinutePerIp(300_000))
                .backend(RedisBackend.connect(arguments[0]))
                .namespace(
                        "/",
                        zones -> zones.allowAnonymous()
                                .onConnect(session -> tell(BEGIN + session.id()))
                                .onDisconnect((session, reason) -> tell(END + session.id() + " " + reason))
                                .on(ENTER, (session, zone) -> {
                                    session.join("zone:" + zone);
                                    return true;
                                })
                                .onAsync(
                                        SAY,
                                        (session, say) -> session.room("zone:" + say.zone())
                                                .emit(SAID, say.text())
                                                .thenApply(Object::toString)))
                .build();
        StandaloneServer server = StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
        System.out.println("port " + server.port());
        int command;
        do {
            command = System.in.read();
        } while (command >= 0 && command != STOP); // until the parent is gone
        if (command == STOP) {
            server.close();
            realtime.close();
        }
        Runtime.getRuntime().halt(0);
    }
}
