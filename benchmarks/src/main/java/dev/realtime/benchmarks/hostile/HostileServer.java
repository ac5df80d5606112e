package dev.realtime.benchmarks.hostile;

import dev.realtime.Authenticator;
import dev.realtime.Event;
import dev.realtime.Handshake;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Stats;
import dev.realtime.jwt.JwtAuthenticator;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.HttpReply;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.transport.Compression;
import dev.realtime.transport.Heartbeat;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * The server that is attacked: all options have their defaults, but for {@code --compression}, for
 * {@code --few-handshakes}, a thousand a second, and for {@code --patient}, 40 s until a client that reads nothing is let go. It says its port when it listens, answers
 * {@code heap}, {@code memory} and {@code drain} on its standard input, and ends when that does.
 */
public final class HostileServer {
    private static final RoomKind ROOMS = RoomKind.named("room");
    private static final RoomKey ALL = ROOMS.of("all");

    private static final Event<String> ENTER = Event.of("enter", String.class);
    private static final Event<String> SAY = Event.of("say", String.class);
    private static final Event<String> SAID = Event.of("said", String.class);
    private static final Event<Object> RELAY = Event.of("relay", Object.class);
    private static final Event<String> SLOW = Event.of("slow", String.class);
    private static final Event<Integer> BLOCK = Event.of("block", Integer.class);
    private static final Event<Integer> WORK = Event.of("work", Integer.class);
    private static final Event<Integer> BURST = Event.of("burst", Integer.class);
    private static final Event<Integer> FLOOD = Event.of("flood", Integer.class);
    private static final Event<String> MOVE = Event.of("move", String.class);
    private static final Event<String> MOVED = Event.of("moved", String.class);

    private final Authenticator tokens = JwtAuthenticator.hmac256("nobody has a token signed with this one");
    private final Queue<Integer> handled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ends = new AtomicInteger();

    /** As if the attackers had many addresses. */
    private static final Limits LIMITS = Limits.DEFAULT.connectsPerMinutePerIp(10_000_000);

    private HostileServer() {}

    public static void main(String[] args) throws Exception {
        List<String> switches = Arrays.asList(args);
        new HostileServer()
                .run(
                        switches.contains("--compression"),
                        switches.contains("--few-handshakes") ? LIMITS.handshakesPerSecond(1_000) : LIMITS,
                        switches.contains("--patient"));
    }

    /** @param patient with those who read nothing: for 40 s with what they do not take, and for longer with pongs that do not come */
    private void run(boolean compression, Limits limits, boolean patient) throws Exception {
        OutboxLimits outbox =
                patient ? OutboxLimits.DEFAULT.stallTimeout(Duration.ofSeconds(40)) : OutboxLimits.DEFAULT;
        Realtime realtime = Realtime.builder()
                .heartbeat(patient ? Heartbeat.DEFAULT.timeout(Duration.ofMinutes(2)) : Heartbeat.DEFAULT)
                .limits(limits)
                .outbox(outbox)
                .compression(Compression.DEFAULT.enabled(compression))
                .authenticator(this::authenticate)
                .namespace("/", this::setUp)
                .namespace("/other", this::setUp)
                .namespaces(Pattern.compile("/zone-\\d+"), this::setUp)
                .build();
        StandaloneServer server = StandaloneServer.start(
                realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).handler("/api/slow", (request, body) -> {
                    Thread.sleep(5_000);
                    return new HttpReply(200, Map.of(), new byte[] {(byte) ('0' + body.length % 10)});
                }));
        System.out.println(server.port());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(
                    switch (line) {
                        case "drain" -> drain(realtime);
                        case "memory" -> memory(realtime);
                        default -> heapAfterCollection();
                    });
        }
        // Not a return: threads that handlers block would keep the process alive.
        System.exit(0);
    }

    /** A client without a token is anonymous; one that says so has to wait. */
    private Optional<Principal> authenticate(Handshake handshake) {
        handshake.auth("slow").ifPresent(millis -> sleep(Integer.parseInt(millis)));
        return tokens.authenticate(handshake);
    }

    private void setUp(NamespaceSetup namespace) {
        namespace
                .allowAnonymous()
                .onDisconnect((session, reason) -> ends.incrementAndGet())
                .on(ENTER, (session, room) -> session.join(ROOMS.of(room)))
                .on(SAY, (session, text) -> session.room(ROOMS.of("square")).emit(SAID, text))
                .on(RELAY, (session, payload) -> session.room(ALL).emit(RELAY, payload))
                .on(SLOW, (session, text) -> sleep(60_000))
                .on(BLOCK, (session, millis) -> sleep(millis))
                .on(WORK, (session, number) -> {
                    sleep(5);
                    handled.add(number);
                })
                .on(BURST, (session, count) -> {
                    for (int i = 0; i < count; i++) {
                        session.namespace().room(ALL).emit(SAID, "missed");
                    }
                })
                .on(
                        FLOOD,
                        (session, bytes) -> session.namespace()
                                .room(ALL)
                                .asVolatile()
                                .coalesce("flood")
                                .emit(MOVED, "x".repeat(bytes)))
                .on(
                        MOVE,
                        (session, key) -> session.namespace()
                                .room(ALL)
                                .asVolatile()
                                .coalesce(key)
                                .emit(MOVED, key));
    }

    /** Drains and says in how many milliseconds, which numbers were handled until then, which later, and how many ends came later. */
    private String drain(Realtime realtime) throws Exception {
        long start = System.nanoTime();
        realtime.drain(Duration.ofSeconds(10)).toCompletableFuture().get();
        int before = handled.size();
        int endsBefore = ends.get();
        long millis = (System.nanoTime() - start) / 1_000_000;
        Thread.sleep(3_000);
        return millis + " " + before + " " + (ends.get() - endsBefore) + " "
                + handled.toString().replace(" ", "");
    }

    /** Bytes for clients that do not read, how many there may be, messages that were dropped, clients that were let go for the node's sake, and stalled ones. */
    private static String memory(Realtime realtime) {
        Stats stats = realtime.stats();
        return stats.gauges().get("outbound.bytes") + " " + stats.gauges().get("outbound.limit") + " "
                + stats.counters().get("outbound.dropped") + " "
                + stats.counters().get("outbound.disconnected") + " "
                + stats.gauges().get("outbox.stalled");
    }

    private static String heapAfterCollection() {
        System.gc();
        System.gc();
        return String.valueOf(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
