package dev.realtime.testkit.contract;

import dev.realtime.Attribute;
import dev.realtime.Audience;
import dev.realtime.Authenticator;
import dev.realtime.ConnectRefusedException;
import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.UnknownEvent;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.transport.Compression;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Origins;
import dev.realtime.transport.RequestDecision;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The application that {@link TransportContract} and the tests with the official clients talk to. It does what the published Socket.IO
 * test suite expects of a server ({@code message}, {@code message-with-ack}, {@code auth}) and what these tests need to provoke a server.
 *
 * <p>Namespaces {@code /}, {@code /custom} and {@code /dynamic-1}, {@code /dynamic-2}, … behave alike; so does {@code /restricted},
 * which refuses clients without the token {@code let-me-in}.
 */
public final class ReferenceApp {
    /** A namespace that handles no event. */
    static final String MUTE = "/mute";

    /** A namespace that tells what the node counts. */
    static final String FIGURES = "/figures";

    private static final Request<String, Long> GAUGE = Request.of("gauge", String.class, Long.class);
    private static final Request<String, Long> COUNTER = Request.of("counter", String.class, Long.class);
    private static final RoomKind CLUB = RoomKind.named("club");
    private static final Attribute<Integer> TRIES = Attribute.local("tries", Integer.class);

    private static final Event<Map<?, ?>> AUTH = Event.of("auth", mapClass());
    private static final Event<Burst> BURST = Event.ofArguments("burst", Burst.class);
    private static final Event<Numbered> NUMBERED = Event.ofArguments("numbered", Numbered.class);
    private static final Event<Void> END_SESSION = Event.of("end-session");
    private static final RateLimit OFTEN = RateLimit.perMinute(1_000_000);
    private static final Event<Void> RARELY = Event.of("rarely").limit(RateLimit.perHour(1));
    private static final Event<Void> END_CONNECTION = Event.of("end-connection");
    private static final Event<String> ASK_ME = Event.of("ask-me", String.class);
    private static final Request<String, String> QUESTION = Request.of("question", String.class, String.class);
    private static final Event<String> ANSWERED = Event.of("answered", String.class);
    private static final Request<String, Boolean> PRESENT = Request.of("present", String.class, Boolean.class);
    private static final Request<String, Integer> SLOW_AT_FIRST =
            Request.of("slow-at-first", String.class, Integer.class);

    private static final Event<String> TOLD = Event.of("told", String.class);
    private static final Request<String, Void> JOIN = Request.of("join", String.class, Void.class);
    private static final Request<String, Void> LEAVE = Request.of("leave", String.class, Void.class);
    private static final Request<Tell, Void> TELL_ROOM = Request.ofArguments("tell-room", Tell.class, Void.class);
    private static final Request<Tell, Void> TELL_SESSION = Request.ofArguments("tell-session", Tell.class, Void.class);
    private static final Request<String, Void> TELL_ALL = Request.of("tell-all", String.class, Void.class);
    private static final Event<Tell> TELL_VOLATILE = Event.ofArguments("tell-volatile", Tell.class);
    private static final Request<Tell, Void> LET_IN = Request.ofArguments("let-in", Tell.class, Void.class);
    private static final Request<Tell, Void> SEND_OUT = Request.ofArguments("send-out", Tell.class, Void.class);

    private static final Event<Void> BACK_0 = Event.of("message-back");
    private static final Event<One> BACK_1 = Event.ofArguments("message-back", One.class);
    private static final Event<Two> BACK_2 = Event.ofArguments("message-back", Two.class);
    private static final Event<Three> BACK_3 = Event.ofArguments("message-back", Three.class);

    record Burst(int from, int count, int size) {}

    record Numbered(int number, String filler) {}

    /** A target (the name of a room, the id of a session) and what it is about. */
    record Tell(String target, String text) {}

    record One(@Nullable Object first) {}

    record Two(@Nullable Object first, @Nullable Object second) {}

    record Three(
            @Nullable Object first,
            @Nullable Object second,
            @Nullable Object third) {}

    private ReferenceApp() {}

    /** An engine with this application, to be put into a server. */
    public static Realtime build(ServerVariant variant) {
        CompletableFuture<Realtime> built = new CompletableFuture<>();
        Realtime realtime = configure(Realtime.builder(), variant)
                .namespace(
                        FIGURES,
                        figures -> figures.on(
                                        GAUGE,
                                        (session, name) ->
                                                built.join().stats().gauges().getOrDefault(name, -1L))
                                .on(
                                        COUNTER,
                                        (session, name) ->
                                                built.join().stats().counters().getOrDefault(name, -1L)))
                .build();
        built.complete(realtime);
        return realtime;
    }

    /** Adds the application and the options of a variant to a builder. */
    public static RealtimeBuilder configure(RealtimeBuilder builder, ServerVariant variant) {
        Limits limits = Limits.DEFAULT.maxConnectionsPerUser(10_000).maxNamespaces(ServerVariant.MAX_NAMESPACES);
        builder.authenticator(authenticator())
                .origins(Origins.any())
                .recovery(Recovery.off())
                .namespace("/", ReferenceApp::setUp)
                .namespace("/custom", ReferenceApp::setUp)
                .namespaces(Pattern.compile("/dynamic-\\d+"), ReferenceApp::setUp)
                .namespace("/restricted", ReferenceApp::setUpRestricted)
                .namespace(MUTE, NamespaceSetup::allowAnonymous);
        ReferenceForms.addTo(builder);
        return switch (variant) {
            case OPEN -> builder.limits(limits);
            case BRISK ->
                builder.limits(limits)
                        .heartbeat(Heartbeat.DEFAULT
                                .interval(Duration.ofMillis(300))
                                .timeout(Duration.ofMillis(1000)));
            case GUARDED ->
                builder.origins(Origins.of(ServerVariant.ALLOWED_ORIGIN))
                        .cookie(Cookie.DEFAULT)
                        .compression(Compression.DEFAULT.enabled(true))
                        .limits(limits.maxPayload(ServerVariant.GUARDED_PAYLOAD)
                                .connectTimeout(Duration.ofSeconds(2))
                                .upgradeTimeout(Duration.ofSeconds(2)));
            case RECOVERING ->
                builder.limits(limits)
                        .recovery(Recovery.within(Duration.ofMinutes(1)))
                        .compression(Compression.DEFAULT.enabled(true));
            case JUDGED ->
                builder.limits(limits.authenticationTimeout(Duration.ofSeconds(2))
                                .unknownEvents(OFTEN)) // who is restricted is told each time
                        .allowRequestAsync(ReferenceApp::judge)
                        .escalation(Escalation.DEFAULT
                                .warnAt(1)
                                .restrictAt(2)
                                .restrictFor(Duration.ofMillis(10))
                                .disconnectAt(3));
            case CRAMPED ->
                builder.limits(
                        limits.maxPayload(ServerVariant.CRAMPED_PAYLOAD).maxInboundBytes(ServerVariant.CRAMPED_BYTES));
        };
    }

    /** Everybody who says {@code user} is that user; the payload travels on as a claim so that {@code auth} can send it back. */
    private static Authenticator authenticator() {
        return handshake -> Optional.of(
                Principal.of(handshake.auth("user").orElse("guest")).claims(Map.of("auth", handshake.auth())));
    }

    private static CompletionStage<RequestDecision> judge(OpeningRequest request) {
        String wanted = request.query("judge").orElse("accept");
        if (wanted.equals("never")) {
            return new CompletableFuture<>();
        }
        return CompletableFuture.supplyAsync(
                () -> switch (wanted) {
                    case "refuse" -> RequestDecision.refuse(401, "No \"ticket\"");
                    case "fail" -> throw new IllegalStateException("planned by a test");
                    default -> RequestDecision.accept();
                },
                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
    }

    private static void setUpRestricted(NamespaceSetup namespace) {
        namespace.intercept((handshake, principal, entry) -> {
            if (!handshake.auth("token").equals(Optional.of("let-me-in"))) {
                throw new ConnectRefusedException(
                        "not for you", Map.of("code", "restricted", "hint", "ask for a token"));
            }
        });
        setUp(namespace);
    }

    private static void setUp(NamespaceSetup namespace) {
        namespace
                .onConnect(session -> session.emit(AUTH, auth(session)))
                .onUnknown(ReferenceApp::echo)
                .on(BURST, ReferenceApp::burst)
                .on(RARELY, (session, nothing) -> {})
                .on(END_SESSION, (session, nothing) -> session.disconnect())
                .on(END_CONNECTION, (session, nothing) -> session.disconnect(true))
                .on(ASK_ME, ReferenceApp::ask)
                .on(PRESENT, ReferenceApp::present)
                .onAsync(SLOW_AT_FIRST, ReferenceApp::slowAtFirst)
                .onAsync(JOIN, (session, room) -> {
                    session.join(CLUB.of(room));
                    return session.recorded();
                })
                .onAsync(LEAVE, (session, room) -> {
                    session.leave(CLUB.of(room));
                    return session.recorded();
                })
                .onAsync(
                        TELL_ROOM,
                        (session, tell) -> told(session.namespace().room(CLUB.of(tell.target())), tell.text()))
                .onAsync(
                        TELL_SESSION,
                        (session, tell) -> told(session.namespace().session(tell.target()), tell.text()))
                .onAsync(TELL_ALL, (session, text) -> told(session.namespace(), text))
                .on(
                        TELL_VOLATILE,
                        (session, tell) -> session.namespace()
                                .room(CLUB.of(tell.target()))
                                .asVolatile()
                                .emit(TOLD, tell.text()))
                .onAsync(
                        LET_IN,
                        (session, tell) ->
                                done(session.namespace().session(tell.target()).join(CLUB.of(tell.text()))))
                .onAsync(
                        SEND_OUT,
                        (session, tell) ->
                                done(session.namespace().session(tell.target()).leave(CLUB.of(tell.text()))));
    }

    private static Map<?, ?> auth(Session session) {
        return session.principal().claims().get("auth") instanceof Map<?, ?> auth ? auth : new HashMap<>();
    }

    private static void echo(Session session, UnknownEvent event) {
        @Nullable Object[] arguments = new @Nullable Object[event.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = event.argument(i, Object.class);
        }
        switch (event.name()) {
            case "message-with-ack" -> reply(event, arguments);
            case "message" -> {
                switch (arguments.length) {
                    case 0 -> session.emit(BACK_0);
                    case 1 -> session.emit(BACK_1, new One(arguments[0]));
                    case 2 -> session.emit(BACK_2, new Two(arguments[0], arguments[1]));
                    default -> session.emit(BACK_3, new Three(arguments[0], arguments[1], arguments[2]));
                }
            }
            default -> {}
        }
    }

    @SuppressWarnings("NullAway") // an acknowledgement may carry null
    private static void reply(UnknownEvent event, @Nullable Object[] arguments) {
        event.reply(arguments);
    }

    private static void burst(Session session, Burst burst) {
        String filler = "x".repeat(burst.size());
        for (int i = 0; i < burst.count(); i++) {
            session.emit(NUMBERED, new Numbered(burst.from() + i, filler));
        }
    }

    private static void ask(Session session, String question) {
        session.request(QUESTION, question, Duration.ofSeconds(5))
                .exceptionally(noAnswer -> "none")
                .thenAccept(answer -> session.emit(ANSWERED, answer));
    }

    private static boolean present(Session session, String id) {
        return session.namespace().find(id).filter(Session::isConnected).isPresent();
    }

    /** Answers a session's first call so late that a client with a short timeout has tried again; says which call it was. */
    private static CompletionStage<Integer> slowAtFirst(Session session, String key) {
        Integer before = session.get(TRIES);
        int tries = before == null ? 1 : before + 1;
        session.set(TRIES, tries);
        return tries > 1
                ? CompletableFuture.completedFuture(tries)
                : CompletableFuture.supplyAsync(
                        () -> tries, CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS));
    }

    private static CompletionStage<Void> told(Audience audience, String text) {
        return done(audience.emit(TOLD, text));
    }

    @SuppressWarnings("NullAway") // there is no other Void
    private static CompletionStage<Void> done(CompletionStage<?> stage) {
        return stage.thenApply(position -> null);
    }

    @SuppressWarnings("unchecked") // the class of a raw map is the class of any map
    private static Class<Map<?, ?>> mapClass() {
        return (Class<Map<?, ?>>) (Class<?>) Map.class;
    }
}
