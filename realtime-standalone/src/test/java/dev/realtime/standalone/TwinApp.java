package dev.realtime.standalone;

import dev.realtime.Audience;
import dev.realtime.ConnectRefusedException;
import dev.realtime.Event;
import dev.realtime.Handshake;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.UnknownEvent;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.Origins;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The application of {@code src/test/js/differences/server.mjs}, which runs on Node's server there, in the same variants. */
final class TwinApp {
    private static final Event<One> SAID = Event.ofArguments("said", One.class);
    private static final Event<Void> SAID_NOTHING = Event.of("said");
    private static final Event<Two> SAID_TWO = Event.ofArguments("said", Two.class);
    private static final Event<One> ANSWERED = Event.ofArguments("answered", One.class);
    private static final Request<String, Object> QUESTION =
            Request.of("question", String.class, Object.class).nullableReply();
    private static final Event<Void> BYE = Event.of("bye");
    private static final Event<Void> BYE_ALL = Event.of("bye-all");
    private static final Event<Void> LAST_WORDS = Event.of("last-words");
    private static final Event<Void> LAST_WORDS_ALL = Event.of("last-words-all");
    private static final Event<Void> LAST_WORDS_TO_ROOM = Event.of("last-words-to-room");
    private static final Request<String, Void> SEND_AWAY = Request.of("send-away", String.class, Void.class);
    private static final Event<String> SAY_VOLATILE = Event.of("say-volatile", String.class);
    private static final Event<String> SEVEN = Event.of("7", String.class);
    private static final Request<Void, Map<?, ?>> AUTH = Request.of("auth", Void.class, mapClass());
    private static final Request<String, Object> QUERY =
            Request.of("query", String.class, Object.class).nullableReply();
    private static final Request<String, Object> HEADER =
            Request.of("header", String.class, Object.class).nullableReply();
    private static final Request<String, Void> JOIN = Request.of("join", String.class, Void.class);
    private static final Request<String, Void> LEAVE = Request.of("leave", String.class, Void.class);
    private static final Request<Tell, Void> TELL = Request.ofArguments("tell", Tell.class, Void.class);
    private static final Request<Tell, Void> TELL_OTHERS = Request.ofArguments("tell-others", Tell.class, Void.class);
    private static final Request<String, Void> TELL_ALL = Request.of("tell-all", String.class, Void.class);
    private static final Request<Void, String> SAY_THEN_ANSWER =
            Request.of("say-then-answer", Void.class, String.class);
    private static final Event<String> JOIN_TELL_LEAVE = Event.of("join-tell-leave", String.class);
    private static final Event<String> ASK = Event.of("ask", String.class);
    private static final Event<String> ASK_BRIEFLY = Event.of("ask-briefly", String.class);
    private static final Event<String> ASK_ROOM_BRIEFLY = Event.of("ask-room-briefly", String.class);
    private static final Request<String, Boolean> PRESENT = Request.of("present", String.class, Boolean.class);
    private static final Request<One, Object> ECHO =
            Request.ofArguments("echo", One.class, Object.class).nullableReply();
    private static final Event<Void> STOP = Event.of("stop");

    record One(@Nullable Object first) {}

    record Two(@Nullable Object first, @Nullable Object second) {}

    record Tell(String room, String text) {}

    private TwinApp() {}

    /**
     * @param stop what the event {@code stop} does
     */
    static Realtime build(String variant, Runnable stop) {
        RealtimeBuilder builder = Realtime.builder()
                .authenticator(TwinApp::known)
                .recovery(Recovery.off())
                .namespace("/", namespace -> setUp(namespace, stop))
                .namespace("/custom", namespace -> setUp(namespace, stop))
                .namespaces(Pattern.compile("/dynamic-\\d+"), namespace -> setUp(namespace, stop))
                .namespace("/bare", namespace -> namespace.on(ECHO, (session, value) -> value.first()))
                .namespace("/restricted", namespace -> restrict(namespace, stop));
        Limits limits = Limits.DEFAULT
                .maxConnectionsPerUser(10_000)
                .unknownEvents(RateLimit.perSecond(1_000_000)); // most of its events have no contract
        return (switch (variant) {
                    case "plain", "stopping" -> builder.limits(limits);
                    case "pages" ->
                        builder.limits(limits.maxPayload(2_000))
                                .origins(Origins.of("https://game.example"))
                                .cookie(Cookie.DEFAULT);
                    case "open" -> builder.limits(limits).origins(Origins.any());
                    case "brisk" ->
                        builder.limits(limits.connectTimeout(Duration.ofMillis(400))
                                        .upgradeTimeout(Duration.ofMillis(400)))
                                .heartbeat(Heartbeat.DEFAULT
                                        .interval(Duration.ofMillis(400))
                                        .timeout(Duration.ofMillis(400)));
                    case "recovering" -> builder.limits(limits).recovery(Recovery.within(Duration.ofMinutes(1)));
                    case "moved" -> builder.limits(limits).path("/game/live/");
                    default -> throw new IllegalArgumentException(variant);
                })
                .build();
    }

    static final List<String> VARIANTS = List.of("plain", "pages", "open", "brisk", "recovering", "moved", "stopping");

    /** Everybody is the same guest; what his handshake said is kept for him to ask. */
    private static Optional<Principal> known(Handshake handshake) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("handshake", handshake);
        return Optional.of(Principal.of("guest").claims(claims));
    }

    private static Handshake handshake(Session session) {
        return (Handshake) session.principal().claims().get("handshake");
    }

    private static void restrict(NamespaceSetup namespace, Runnable stop) {
        namespace.intercept((handshake, principal, entry) -> {
            String token = handshake.auth("token").orElse("");
            if (token.equals("no-hint")) {
                throw new ConnectRefusedException("not for you");
            }
            if (!token.equals("let-me-in")) {
                throw new ConnectRefusedException(
                        "not for you", Map.of("code", "restricted", "hint", "ask for a token"));
            }
        });
        setUp(namespace, stop);
    }

    private static void setUp(NamespaceSetup namespace, Runnable stop) {
        namespace
                .onUnknown(TwinApp::unknown)
                .on(SAY_VOLATILE, (session, text) -> session.asVolatile().emit(SAID, new One(text)))
                .on(SEVEN, (session, text) -> session.emit(SAID, new One(text)))
                .on(AUTH, (session, nothing) -> handshake(session).auth())
                .on(QUERY, (session, name) -> handshake(session).query(name).orElse(null))
                .on(HEADER, (session, name) -> handshake(session).header(name).orElse(null))
                .on(BYE, (session, nothing) -> session.disconnect())
                .on(BYE_ALL, (session, nothing) -> session.disconnect(true))
                .on(LAST_WORDS, (session, nothing) -> {
                    session.emit(SAID, new One("last"));
                    session.disconnect();
                })
                .on(LAST_WORDS_ALL, (session, nothing) -> {
                    session.emit(SAID, new One("last"));
                    session.disconnect(true);
                })
                .on(LAST_WORDS_TO_ROOM, (session, nothing) -> {
                    session.join("room:crowd").emit(SAID, new One("to the room"));
                    session.disconnect();
                })
                .on(SEND_AWAY, (session, id) -> {
                    session.namespace().session(id).disconnect(false);
                    return nothing();
                })
                .on(JOIN, (session, room) -> {
                    session.join(room(room));
                    return nothing();
                })
                .on(LEAVE, (session, room) -> {
                    session.leave(room(room));
                    return nothing();
                })
                .onAsync(TELL, (session, tell) -> told(session.namespace().room(room(tell.room())), tell.text()))
                .onAsync(TELL_OTHERS, (session, tell) -> told(session.others(room(tell.room())), tell.text()))
                .onAsync(TELL_ALL, (session, text) -> told(session.namespace(), text))
                .on(SAY_THEN_ANSWER, (session, nothing) -> {
                    session.emit(SAID, new One("first"));
                    session.namespace().session(session.id()).emit(SAID, new One("second"));
                    return "third";
                })
                .on(JOIN_TELL_LEAVE, (session, name) -> {
                    RoomKey room = room(name);
                    session.join(room).emit(SAID, new One("inside"));
                    session.leave(room);
                    session.room(room).emit(SAID, new One("outside"));
                })
                .on(ASK, (session, question) -> ask(session, question, Duration.ofSeconds(15)))
                .on(ASK_BRIEFLY, (session, question) -> ask(session, question, Duration.ofMillis(20)))
                .on(
                        ASK_ROOM_BRIEFLY,
                        (session, room) -> session.namespace()
                                .room(room(room))
                                .request(QUESTION, "all", Duration.ofMillis(200))
                                .thenAccept(replies -> session.emit(
                                        ANSWERED,
                                        new One(List.of(
                                                replies.missing().size() > 0,
                                                List.copyOf(replies.answers().values()))))))
                .on(
                        PRESENT,
                        (session, id) -> session.namespace()
                                .find(id)
                                .filter(Session::isConnected)
                                .isPresent())
                .on(STOP, (session, nothing) -> stop.run());
    }

    private static void unknown(Session session, UnknownEvent event) {
        @Nullable Object[] arguments = new @Nullable Object[event.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = event.argument(i, Object.class);
        }
        switch (event.name()) {
            case "echo" -> reply(event, arguments);
            case "say" -> {
                switch (arguments.length) {
                    case 0 -> session.emit(SAID_NOTHING);
                    case 1 -> session.emit(SAID, new One(arguments[0]));
                    default -> session.emit(SAID_TWO, new Two(arguments[0], arguments[1]));
                }
            }
            default -> {}
        }
    }

    @SuppressWarnings("NullAway") // an acknowledgement may carry null
    private static void reply(UnknownEvent event, @Nullable Object[] arguments) {
        event.reply(arguments);
    }

    private static void ask(Session session, String question, Duration timeout) {
        session.request(QUESTION, question, timeout)
                .exceptionally(noAnswer -> "none")
                .thenAccept(answer -> session.emit(ANSWERED, new One(answer)));
    }

    private static RoomKey room(String name) {
        return RoomKey.parse("room:" + name);
    }

    @SuppressWarnings("NullAway") // there is no other Void
    private static Void nothing() {
        return null;
    }

    private static CompletionStage<Void> told(Audience audience, String text) {
        return audience.emit(SAID, new One(text)).thenApply(position -> nothing());
    }

    @SuppressWarnings("unchecked") // the class of a raw map is the class of any map
    private static Class<Map<?, ?>> mapClass() {
        return (Class<Map<?, ?>>) (Class<?>) Map.class;
    }
}
