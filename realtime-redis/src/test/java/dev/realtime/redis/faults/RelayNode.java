package dev.realtime.redis.faults;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.redis.RedisBackend;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import java.time.Duration;

/** One node in a process of its own, for clients whose requests reach any node. */
public final class RelayNode {
    private static final Event<String> SAY = Event.of("say", String.class);
    private static final Event<String> SAID = Event.of("said", String.class);
    private static final Request<String, String> ECHO = Request.of("echo", String.class, String.class);
    private static final Request<byte[], byte[]> BYTES = Request.of("bytes", byte[].class, byte[].class);
    private static final Request<String, Boolean> EVERYBODY = Request.of("everybody", String.class, Boolean.class);

    private RelayNode() {}

    /** Argument: the URL of Redis. Prints the port when it is ready; ends with its parent. */
    public static void main(String[] arguments) throws Exception {
        Realtime realtime = Realtime.builder()
                .authenticator(new TestUsers())
                .recovery(Recovery.within(Duration.ofMinutes(1)))
                .lease(Duration.ofSeconds(3))
                .backend(RedisBackend.connect(arguments[0]))
                .namespace(
                        "/",
                        game -> game.on(SAY, (session, text) -> session.emit(SAID, text))
                                .on(ECHO, (session, text) -> text)
                                .on(BYTES, (session, bytes) -> bytes)
                                .on(EVERYBODY, (session, text) -> {
                                    session.namespace().emit(SAID, text);
                                    return true;
                                }))
                .build();
        try (StandaloneServer server = StandaloneServer.start(
                realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0))) {
            System.out.println("port " + server.port());
            System.out.flush();
            while (System.in.read() >= 0) {
                // until the parent ends
            }
        }
    }
}
