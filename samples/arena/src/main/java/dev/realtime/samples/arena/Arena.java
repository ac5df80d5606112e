package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.RECALL;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.events.ClientEvents;
import dev.realtime.events.LifecycleEvents;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.RefusedAttempt;
import dev.realtime.metrics.RealtimeMetrics;
import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.RedisBackend;
import dev.realtime.redis.RedisIntake;
import dev.realtime.samples.arena.Contracts.Recall;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The sample as a program: the game on an engine, the page and three REST paths on one port. */
public final class Arena implements AutoCloseable {
    /** Held here, because a logger that nobody holds forgets its level. */
    private static final Logger CONTAINER = Logger.getLogger("org.glassfish");

    private static final Logger LOG = Logger.getLogger(Arena.class.getName());

    /** A player is in one window: the newer one, and the older is told why it has ended. */
    private static final UserRules ONE_WINDOW = UserRules.DEFAULT
            .singleLogin(SingleLogin.NEWER_WINS)
            .newLoginText("You are playing in another window now.");

    /** A page is told that its session begins, goes on, or has been ended and why. */
    private static final LifecycleEvents LIFECYCLE = LifecycleEvents.CONNECTION.disconnected("connection:closed");

    private static final Duration RECALL_PATIENCE = Duration.ofSeconds(5);

    private final Realtime realtime;
    private final @Nullable RedisIntake heralds;
    private final StandaloneServer server;
    private final URI address;

    private Arena(Realtime realtime, @Nullable RedisIntake heralds, StandaloneServer server, URI address) {
        this.realtime = realtime;
        this.heralds = heralds;
        this.server = server;
        this.address = address;
    }

    /** Reads the environment, starts, prints the address, and runs until the process is asked to stop. */
    public static void main(String[] args) throws InterruptedException {
        CONTAINER.setLevel(Level.WARNING);
        Arena arena = startOrExit();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("Stopping.");
            arena.close();
            System.out.println("Stopped.");
        }));
        System.out.println("Arena: " + arena.address() + "  (Ctrl-C stops it)");
        Thread.currentThread().join();
    }

    private static Arena startOrExit() {
        try {
            Settings settings = Settings.from(System.getenv());
            if (settings.randomSecret()) {
                System.out.println("JWT_SECRET is not set: a random one is used, and logins end with this process"
                        + (settings.redis() == null ? "." : " and count for this node only."));
            }
            return start(settings);
        } catch (IllegalArgumentException | BackendUnavailableException bad) {
            throw exit(System.err, bad.getMessage() + ".");
        } catch (UncheckedIOException taken) {
            throw exit(
                    System.err,
                    taken.getMessage()
                            + ". Set PORT to a free one, or to 0 for any, and HOST to an address of this machine.");
        }
    }

    private static IllegalStateException exit(PrintStream out, String message) {
        out.println("Arena did not start: " + message);
        System.exit(2);
        return new IllegalStateException(message);
    }

    /**
     * @throws UncheckedIOException when the port cannot be had
     * @throws BackendUnavailableException when Redis cannot be used
     */
    static Arena start(Settings settings) {
        InstantSource clock = InstantSource.system();
        World world = new World(clock);
        Tokens tokens = new Tokens(settings.secret().bytes(), settings.token(), clock);
        RealtimeBuilder builder = realtime(settings, world).authenticator(tokens.authenticator());
        if (settings.redis() != null) {
            builder.backend(RedisBackend.connect(settings.redis()));
        }
        Realtime realtime = builder.build();
        recall(realtime.namespace("/"), world);
        RedisIntake heralds = null;
        try {
            heralds = settings.redis() == null ? null : Heralds.listen(settings.redis());
            Login login = new Login(tokens, Colours.from(settings.node()));
            StandaloneServer server = serve(settings, realtime, world, login);
            return new Arena(realtime, heralds, server, address(settings.host(), server.port()));
        } catch (RuntimeException e) {
            close(heralds);
            realtime.close();
            throw e;
        }
    }

    /** The engine with the game on it; tests give it a clock and users of their own. */
    static RealtimeBuilder realtime(Settings settings, World world) {
        return Realtime.builder()
                .recovery(settings.recovery().isZero() ? Recovery.off() : Recovery.within(settings.recovery()))
                .origins(settings.origins())
                .users(ONE_WINDOW)
                .clientEvents(ClientEvents.BY_KIND.lifecycle(LIFECYCLE))
                .escalation(Escalation.DEFAULT)
                .onRefusal(Arena::audit)
                .namespace("/", new Game(world, settings.node())::rules);
    }

    /** Those who would not stop: the operator reads of them. */
    private static void audit(RefusedAttempt attempt) {
        attempt.step()
                .filter(step -> step != Escalation.Step.WARNED)
                .ifPresent(step ->
                        LOG.log(Level.WARNING, "{0} at {1} was {2}: {3} violations, the last of {4}", new Object[] {
                            attempt.client(), attempt.address(), step, attempt.violations(), attempt.rule()
                        }));
    }

    /** What was said before this node was there, as far as the others have heard it. */
    private static void recall(Namespace game, World world) {
        game.serverRequest(RECALL, new Recall(), RECALL_PATIENCE)
                .thenAccept(replies ->
                        replies.answers().forEach(answer -> answer.lines().forEach(world::heard)));
    }

    private static StandaloneServer serve(Settings settings, Realtime realtime, World world, Login login) {
        StandaloneOptions options = StandaloneOptions.DEFAULT
                .host(settings.host())
                .port(settings.port())
                .drain(settings.drain())
                .staticFiles("/", "web")
                .handler("/api/login", Rest.only("POST", settings.origins(), login::login))
                .handler("/api/refresh", Rest.only("POST", settings.origins(), login::refresh))
                .handler(
                        "/api/world",
                        Rest.only(
                                "GET",
                                settings.origins(),
                                (request, body) -> login.authenticated(
                                        request,
                                        player -> Rest.ok(world.snapshot(
                                                settings.node(), Places.inZones(realtime.namespace("/")))))));
        return settings.metricsPort() == Settings.NO_PORT
                ? StandaloneServer.start(realtime, options)
                : withMetrics(realtime, options.managementPort(settings.metricsPort()));
    }

    private static StandaloneServer withMetrics(Realtime realtime, StandaloneOptions options) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        StandaloneServer server = StandaloneServer.start(realtime, options.metrics(registry::scrape));
        RealtimeMetrics.of(realtime)
                .counters(server::counters)
                .gauges(server::gauges)
                .bindTo(registry);
        return server;
    }

    private static URI address(String host, int port) {
        boolean loopback = host.equals("0.0.0.0") || host.equals("127.0.0.1");
        String name = loopback ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + name + ":" + port + "/");
    }

    /** Where operators find metrics; -1 if nowhere. */
    int metricsPort() {
        return server.managementPort();
    }

    /** Where the page is. */
    URI address() {
        return address;
    }

    /** Sends players to other nodes one after another, if there are some; lets accepted events finish, tells whoever is left to come back later, and releases the port. */
    @Override
    public void close() {
        server.close();
        close(heralds);
        realtime.close();
    }

    private static void close(@Nullable RedisIntake heralds) {
        if (heralds != null) {
            heralds.close();
        }
    }
}
