package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.realtime.Attribute;
import dev.realtime.Audience;
import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.Handshake;
import dev.realtime.Namespace;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.json.JacksonJson;
import dev.realtime.jwt.JwksKeys;
import dev.realtime.jwt.JwtAuthenticator;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.Overflow;
import dev.realtime.limits.RateLimit;
import dev.realtime.memory.InMemoryBackend;
import dev.realtime.spi.EventEncoder;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.contract.NullArguments;
import dev.realtime.throttle.Throttle;
import dev.realtime.transport.Compression;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Origins;
import dev.realtime.transport.SameSite;
import dev.realtime.transport.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public API takes is looked at when it is given, and whoever gave null reads what it was. */
class NullArgumentsTest {
    private static final OpeningRequest OPENING =
            OpeningRequest.of(Transport.WEBSOCKET, "/socket.io/", Map.of(), Map.of(), "203.0.113.7", true);

    private static final Map<Class<?>, Object> SAMPLES = Map.ofEntries(
            Map.entry(String.class, "x"),
            Map.entry(Duration.class, Duration.ofSeconds(1)),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(Class.class, Game.Text.class),
            Map.entry(byte[].class, new byte[64]),
            Map.entry(String[].class, new String[] {"RS256"}),
            Map.entry(RoomKey[].class, new RoomKey[] {RoomKey.parse("zone:cave")}),
            Map.entry(OpeningRequest.class, OPENING),
            Map.entry(Transport.class, Transport.POLLING),
            Map.entry(Transport[].class, new Transport[] {Transport.WEBSOCKET}),
            Map.entry(Object.class, new Game.Text("x")),
            Map.entry(Event.class, Game.SAID),
            Map.entry(Request.class, Game.ECHO),
            Map.entry(RoomKey.class, RoomKey.parse("zone:cave")),
            Map.entry(Attribute.class, Attribute.local("x", String.class)),
            Map.entry(Pattern.class, Pattern.compile("/x")),
            Map.entry(SameSite.class, SameSite.LAX),
            Map.entry(Overflow.class, Overflow.DISCONNECT),
            Map.entry(ErrorCode.class, ErrorCode.REFUSED),
            Map.entry(Throwable.class, new IllegalStateException("x")),
            Map.entry(Map.class, Map.of()),
            Map.entry(java.util.Set.class, java.util.Set.of()),
            Map.entry(List.class, List.of()));

    private static final NullArguments NULLS = new NullArguments(SAMPLES);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(
            () -> Game.open().namespaces(Pattern.compile("/match/.*"), match -> match.allowAnonymous()));

    @ParameterizedTest
    @ValueSource(
            classes = {
                Attribute.class,
                Cookie.class,
                Event.class,
                ConnectRefusedException.class,
                EventRefusedException.class,
                RequestFailedException.class,
                Handshake.class,
                Heartbeat.class,
                InMemoryBackend.class,
                JacksonJson.class,
                JwksKeys.class,
                JwtAuthenticator.class,
                OpeningRequest.class,
                Origins.class,
                OutboxLimits.class,
                Principal.class,
                RateLimit.class,
                RateLimit.Rule.class,
                RateLimit.Window.class,
                Recovery.class,
                Request.class,
                RoomKey.class,
                RoomKind.class
            })
    void whatMakesAValue(Class<?> type) {
        assertThat(NULLS.acceptedBy(type)).isEmpty();
    }

    @Test
    void whatChangesAValue() {
        List<String> accepted = new ArrayList<>();
        accepted.addAll(NULLS.acceptedBy(Cookie.class, Cookie.DEFAULT));
        accepted.addAll(NULLS.acceptedBy(Compression.class, Compression.DEFAULT));
        accepted.addAll(NULLS.acceptedBy(EventEncoder.class, JacksonJson.encoder(JacksonJson.codec())));
        accepted.addAll(NULLS.acceptedBy(JwksKeys.class, JwksKeys.from(() -> "{}")));
        accepted.addAll(NULLS.acceptedBy(JwtAuthenticator.class, JwtAuthenticator.hmac256(new byte[32])));
        accepted.addAll(NULLS.acceptedBy(Limits.class, Limits.DEFAULT));
        accepted.addAll(NULLS.acceptedBy(OutboxLimits.class, OutboxLimits.DEFAULT));
        accepted.addAll(NULLS.acceptedBy(RateLimit.Rule.class, RateLimit.perSecond(1)));
        accepted.addAll(NULLS.acceptedBy(OpeningRequest.class, OPENING));
        accepted.addAll(NULLS.acceptedBy(Handshake.class, new Handshake("/", OPENING, Map.of(), Instant.EPOCH)));
        accepted.addAll(NULLS.acceptedBy(Origins.class, Origins.sameHost()));
        accepted.addAll(NULLS.acceptedBy(Recovery.class, Recovery.off()));
        accepted.addAll(NULLS.acceptedBy(RoomKind.class, Game.ZONE));
        accepted.addAll(NULLS.acceptedBy(Principal.class, Principal.of("ann")));
        accepted.addAll(NULLS.acceptedBy(Throttle.class, Throttle.of(Game.TICK)));
        Event<Game.Text> event = Game.SAID;
        accepted.addAll(NULLS.acceptedBy(Event.class, event));
        accepted.addAll(NULLS.acceptedBy(Request.class, Game.ECHO));
        assertThat(accepted).isEmpty();
    }

    @Test
    void theBuilder() {
        assertThat(NULLS.acceptedBy(RealtimeBuilder.class, Realtime.builder())).isEmpty();
    }

    @Test
    void theMessageNamesTheOption() {
        assertThatNullPointerException()
                .isThrownBy(() -> Realtime.builder().authenticator(null))
                .withMessage("authenticator");
        assertThatNullPointerException()
                .isThrownBy(() -> Limits.DEFAULT.emitTimeout(null))
                .withMessage("emitTimeout");
    }

    @Test
    void theSetupOfANamespace() {
        List<String> accepted = new ArrayList<>();
        Realtime.builder().namespace("/x", setup -> accepted.addAll(NULLS.acceptedBy(NamespaceSetup.class, setup)));
        assertThat(accepted).isEmpty();
    }

    @Test
    void theRunningEngine() {
        List<String> accepted = new ArrayList<>(NULLS.acceptedBy(Realtime.class, realtime.realtime()));
        for (String name : List.of("/", "/match/1")) {
            Namespace namespace = realtime.realtime().namespace(name);
            accepted.addAll(NULLS.acceptedBy(Namespace.class, namespace));
            accepted.addAll(NULLS.acceptedBy(Audience.class, namespace.local()));
            accepted.addAll(NULLS.acceptedBy(Room.class, namespace.room("zone:cave")));
            accepted.addAll(NULLS.acceptedBy(VolatileAudience.class, namespace.asVolatile()));
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void aSession() {
        Session session = Game.session(realtime, realtime.connect("/", "ann"));
        List<String> accepted = new ArrayList<>(NULLS.acceptedBy(Session.class, session));
        accepted.addAll(NULLS.acceptedBy(VolatileAudience.class, session.asVolatile()));
        assertThat(accepted).isEmpty();
    }
}
