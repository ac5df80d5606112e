package dev.realtime.redis.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.drain.DrainOptions;
import dev.realtime.limits.Limits;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceChange;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.SessionPresence;
import dev.realtime.presence.UserPresence;
import dev.realtime.redis.RedisBackend;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import dev.realtime.transport.Origins;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One node in a process of its own: a user {@code u17} is in the zone {@code z7}, and who is there is known. */
public final class PresenceNode {
    static final int ZONES = 10;

    /** On the standard input: what does it know? The answer is a {@link Known} in JSON. */
    static final char KNOWN = 'k';

    /** What the application is told, with the user and the position behind it. */
    static final String ONLINE = "told: online ";

    static final String OFFLINE = "told: offline ";

    private static final RoomKind ZONE = RoomKind.named("zone");
    private static final ObjectMapper JSON = new ObjectMapper();

    private PresenceNode() {}

    /**
     * What a node knows.
     *
     * @param node its name
     * @param complete whether that is all
     * @param users the status of each user
     * @param zones how many are in each
     * @param homes the nodes that have sessions
     */
    record Known(
            String node, boolean complete, Map<String, String> users, Map<String, Integer> zones, Set<String> homes) {}

    static Known parse(String line) throws IOException {
        return JSON.readValue(line, Known.class);
    }

    static String zone(String user) {
        return "z" + Integer.parseInt(user.substring(1)) % ZONES;
    }

    /** Arguments: the URL of Redis, and the window in seconds. Prints the port when it is ready; ends with its parent. */
    public static void main(String[] arguments) throws Exception {
        Realtime realtime = Realtime.builder()
                .origins(Origins.any())
                .authenticator(new TestUsers())
                .recovery(Recovery.within(Duration.ofSeconds(Long.parseLong(arguments[1]))))
                .lease(Duration.ofSeconds(3))
                .limits(Limits.DEFAULT
                        .maxConnectionsPerIp(100_000)
                        .handshakesPerSecond(100_000)
                        .handshakesPerSecondPerIp(100_000)
                        .connectsPerMinutePerIp(6_000_000)
                        .resumesPerMinutePerIp(6_000_000)
                        .maxSuspendedPerIp(100_000))
                .backend(RedisBackend.connect(arguments[0]))
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT
                                        .rooms(ZONE)
                                        .onChange((namespace, change) -> tell(change)))
                                .onConnect(session -> session.join(
                                        ZONE.of(zone(session.principal().id())))))
                .build();
        StandaloneServer server = StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
        System.out.println("port " + server.port());
        while (System.in.read() == KNOWN) { // until the parent is gone
            System.out.println(JSON.writeValueAsString(known(realtime)));
        }
        Runtime.getRuntime().halt(0);
    }

    private static void tell(PresenceChange change) {
        System.err.println((change.online() ? ONLINE : OFFLINE) + change.userId() + " " + change.position());
    }

    private static Known known(Realtime realtime) {
        Presence presence = realtime.namespace("/").presence();
        Map<String, String> users = new TreeMap<>();
        Set<String> homes = new TreeSet<>();
        for (String name : presence.users()) {
            UserPresence user = presence.user(name);
            users.put(name, user.status().word());
            user.sessions().stream().map(SessionPresence::node).forEach(homes::add);
        }
        Map<String, Integer> zones = new TreeMap<>();
        for (int i = 0; i < ZONES; i++) {
            RoomKey zone = ZONE.of("z" + i);
            zones.put("z" + i, presence.population(zone));
        }
        return new Known(realtime.node(), presence.isComplete(), users, zones, homes);
    }
}
