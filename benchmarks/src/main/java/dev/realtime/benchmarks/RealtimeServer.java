package dev.realtime.benchmarks;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKind;
import dev.realtime.benchmarks.peers.Control;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.metrics.RealtimeMetrics;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.Status;
import dev.realtime.redis.RedisBackend;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * This library under load: its defaults, recovery included, except that all may come from one address. Behaves as the
 * peers do. With {@code --redis URL} it is one node of a cluster; with {@code --handlers direct} they run on the thread that read the event,
 * as those of the peers always do; with {@code --policies all} everything is
 * switched on that says who may do what, how often, and who is there: all clients are users of their own then. {@code --policies limits,presence} switches on
 * these two: see {@link #POLICIES}. A user has the name that his client says, or else a new one. With {@code --presence-rooms on} it is also known who is in the room of
 * all. With {@code --metrics on}, or after the command {@code metrics on}, a registry of Micrometer has its metrics. With {@code --feature state} its default namespace has one of the {@linkplain Feature features}.
 */
public final class RealtimeServer {
    private static final Event<String> BROADCAST = Event.of("bcast", String.class);
    private static final Event<String> MESSAGE = Event.of("msg", String.class);
    private static final Event<Post> POST = Event.ofArguments("post", Post.class);
    private static final Request<String, String> ENTER = Request.of("enter", String.class, String.class);
    private static final Request<String, String> ECHO = Request.of("echo", String.class, String.class);

    private static final RoomKind ROOMS = RoomKind.named("room");
    private static final RoomKind ALL = RoomKind.named("all");

    /** Two windows, and so wide that nobody is refused. They are short: an event that counts takes four bytes. */
    private static final RateLimit WIDE = RateLimit.perSecond(1_000_000).per(Duration.ofSeconds(3), 3_000_000);

    /** What can be switched on one by one. */
    static final List<String> POLICIES = List.of("principals", "rules", "limits", "login", "presence");

    /** With these all clients are users of their own. */
    private static final Set<String> POLICIES_OF_USERS = Set.of("principals", "login", "presence");

    private RealtimeServer() {}

    private record Post(String room, String payload) {}

    public static void main(String[] args) throws IOException {
        String warmUp = Control.argument(args, "--warm-up");
        Realtime realtime = engine(args);
        boolean presence = policies(Control.argument(args, "--policies")).contains("presence");
        StandaloneServer server = StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT
                        .host("127.0.0.1")
                        .port(Control.port(args))
                        .warmUp(Duration.ofSeconds(warmUp == null ? 0 : Long.parseLong(warmUp))));
        RealtimeMetrics metrics =
                RealtimeMetrics.of(realtime).counters(server::counters).gauges(server::gauges);
        if ("on".equals(Control.argument(args, "--metrics"))) {
            metrics.bindTo(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        }
        Control.serve(Map.of(
                "node", nothing -> "node " + realtime.node(),
                "metrics", word -> "metrics " + switched(metrics, word),
                "presence", user -> "presence " + (presence ? known(realtime, user) : "off"),
                "statuses", nothing -> "statuses " + statuses(realtime)));
    }

    private static String switched(RealtimeMetrics metrics, String word) {
        metrics.close();
        if (word.equals("on")) {
            metrics.bindTo(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        }
        return word;
    }

    /** Whether a node knows what there is, how many it knows in the room of all, and the status of one user. */
    private static String known(Realtime realtime, String user) {
        Presence presence = realtime.namespace("/").presence();
        return presence.isComplete() + " " + presence.population(ALL.of("all")) + " "
                + presence.user(user).status().word();
    }

    /** How many users are connected, and how many are reconnecting. */
    private static String statuses(Realtime realtime) {
        Presence presence = realtime.namespace("/").presence();
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        for (String user : presence.users()) {
            counts.merge(presence.user(user).status(), 1, Integer::sum);
        }
        return counts.getOrDefault(Status.CONNECTED, 0) + " " + counts.getOrDefault(Status.RECONNECTING, 0);
    }

    /** Returns the engine, for whatever carries it. */
    public static Realtime engine(String[] args) {
        boolean direct = "direct".equals(Control.argument(args, "--handlers"));
        Set<String> policies = policies(Control.argument(args, "--policies"));
        PresenceOptions presence = "on".equals(Control.argument(args, "--presence-rooms"))
                ? PresenceOptions.DEFAULT.rooms(ALL)
                : PresenceOptions.DEFAULT;
        Feature feature = Feature.named(Control.argument(args, "--feature"));
        RealtimeBuilder builder = Realtime.builder()
                .limits(Limits.DEFAULT
                        .maxConnectionsPerIp(100_000)
                        .handshakesPerSecond(100_000)
                        .handshakesPerSecondPerIp(100_000)
                        .connectsPerMinutePerIp(6_000_000)
                        .resumesPerMinutePerIp(6_000_000)
                        .maxSuspendedPerIp(100_000))
                .namespace("/", namespace -> setUp(namespace, direct, policies, presence, feature))
                .namespaces(
                        Pattern.compile("/n\\d+"),
                        namespace -> setUp(namespace, direct, policies, presence, Feature.NONE));
        if (policies.stream().anyMatch(POLICIES_OF_USERS::contains)) {
            AtomicLong users = new AtomicLong();
            builder.authenticator(handshake -> handshake
                    .auth("user")
                    .or(() -> Optional.of("user" + users.incrementAndGet()))
                    .map(Principal::of));
        }
        if (policies.contains("login")) {
            builder.users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS));
        }
        if (policies.contains("limits")) {
            builder.escalation(Escalation.DEFAULT).onRefusal(refused -> {});
        }
        String redis = Control.argument(args, "--redis");
        if (redis != null) {
            builder.backend(RedisBackend.connect(redis));
        }
        return builder.build();
    }

    private static Set<String> policies(@Nullable String names) {
        if (names == null) {
            return Set.of();
        }
        Set<String> policies = names.equals("all") ? Set.copyOf(POLICIES) : Set.of(names.split(","));
        if (!POLICIES.containsAll(policies)) {
            throw new IllegalArgumentException("no policies are called " + names + "; there are " + POLICIES);
        }
        return policies;
    }

    private static void setUp(
            NamespaceSetup namespace, boolean direct, Set<String> policies, PresenceOptions presence, Feature feature) {
        if (direct) {
            namespace.directExecutor();
        }
        if (policies.contains("presence")) {
            namespace.presence(presence);
        }
        if (policies.contains("rules")) {
            namespace
                    .joins(ALL, (principal, room) -> true)
                    .joins(ROOMS, (principal, room) -> true)
                    .intercept((session, event, payload, next) -> next.proceed());
        }
        boolean limits = policies.contains("limits");
        if (limits) {
            namespace.limit(WIDE);
        }
        Event<String> broadcast = limits ? BROADCAST.limit(WIDE) : BROADCAST;
        Request<String, String> echo = feature.request(limits ? ECHO.limit(WIDE) : ECHO);
        var all = ALL.of("all");
        feature.setUp(namespace);
        namespace
                .allowAnonymous()
                .onConnect(session -> {
                    session.join(all);
                    feature.connected(session, all);
                })
                .on(broadcast, (session, payload) -> feature.broadcast(session, all, payload))
                .on(ENTER, (session, room) -> {
                    session.join(ROOMS.of(room));
                    return room;
                })
                .on(POST, (session, post) -> {
                    Room room = session.room(ROOMS.of(post.room()));
                    var unused = room.emit(MESSAGE, post.payload());
                })
                .on(echo, (session, payload) -> payload);
    }
}
