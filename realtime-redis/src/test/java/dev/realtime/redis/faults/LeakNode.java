package dev.realtime.redis.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RoomKind;
import dev.realtime.Stats;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.mail.MailOptions;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.redis.RedisBackend;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import dev.realtime.transport.Heartbeat;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One node in a process of its own with everything on that keeps something of a client, and all of it kept for seconds. */
public final class LeakNode {
    /** On the standard input: what does it hold? The answer is a {@link Held} in JSON. */
    static final char HELD = 'h';

    private static final RoomKind ZONE = RoomKind.named("zone");
    private static final Event<String> SAID = Event.of("said", String.class);
    private static final Event<String> LATER = Event.of("later", String.class);
    private static final Request<String, String> SAY = Request.of("say", String.class, String.class);
    private static final Request<String, String> ONCE =
            Request.of("once", String.class, String.class).idempotentBy(key -> key, Duration.ofSeconds(2));
    private static final ObjectMapper JSON = new ObjectMapper();

    private LeakNode() {}

    /**
     * What a node holds.
     *
     * @param heap bytes, when nothing is left to collect
     * @param descriptors open files and sockets
     * @param sessions live and suspended
     * @param gauges of the engine
     */
    record Held(long heap, int threads, long descriptors, int sessions, Map<String, Long> gauges) {}

    static Held parse(String line) throws IOException {
        return JSON.readValue(line, Held.class);
    }

    /** Argument: the URL of Redis. Prints the port when it is ready; ends with its parent. */
    public static void main(String[] arguments) throws Exception {
        Realtime realtime = Realtime.builder()
                .authenticator(new TestUsers())
                .recovery(Recovery.within(Duration.ofSeconds(2)))
                .heartbeat(Heartbeat.DEFAULT.interval(Duration.ofSeconds(2)).timeout(Duration.ofSeconds(1)))
                .lease(Duration.ofSeconds(3))
                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                .limits(Limits.DEFAULT
                        .maxConnections(20_000)
                        .maxConnectionsPerIp(20_000)
                        .handshakesPerSecond(100_000)
                        .handshakesPerSecondPerIp(100_000)
                        .connectsPerMinutePerIp(6_000_000)
                        .resumesPerMinutePerIp(6_000_000)
                        .maxSuspendedPerIp(100_000))
                .backend(RedisBackend.connect(arguments[0]))
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT.rooms(ZONE))
                                .mail(MailOptions.DEFAULT)
                                .schedule(ScheduleOptions.DEFAULT)
                                .onConnect(session -> {
                                    session.join(ZONE.of(
                                            "z" + Math.floorMod(session.id().hashCode(), 50)));
                                    session.namespace().presence().watch(session, ZONE.of("z0"));
                                })
                                .on(SAY.limit(RateLimit.perSecond(100_000)), (session, text) -> {
                                    session.room(ZONE.of("z1")).emit(SAID, text);
                                    session.room(ZONE.of("z2")).emitAfter(Duration.ofMillis(500), LATER, text);
                                    return text;
                                })
                                .on(ONCE, (session, key) -> key))
                .build();
        StandaloneServer server = StandaloneServer.start(
                realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
        System.out.println("port " + server.port());
        while (System.in.read() == HELD) { // until the parent is gone
            System.out.println(JSON.writeValueAsString(held(realtime)));
        }
        Runtime.getRuntime().halt(0);
    }

    private static Held held(Realtime realtime) throws IOException {
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            heap = Math.min(
                    heap,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        Stats stats = realtime.stats();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return new Held(
                    heap,
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    descriptors.count(),
                    stats.sessions() + stats.suspended(),
                    new TreeMap<>(stats.gauges()));
        }
    }
}
