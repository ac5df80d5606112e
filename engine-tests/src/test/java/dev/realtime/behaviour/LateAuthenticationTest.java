package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Authenticator;
import dev.realtime.ConnectRefusedException;
import dev.realtime.Event;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that came without credentials becomes somebody by an event, once, and in time. */
class LateAuthenticationTest {
    private static final Event<Void> DOOR = Event.of("door").permission("doors.open");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<String> told = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private Runnable looking = () -> {};

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(this::options).keepAuthenticator();

    private RealtimeBuilder options() {
        return Realtime.builder()
                .authenticator(new Tokens())
                .limits(Limits.DEFAULT
                        .failedAuthentications(RateLimit.perMinute(3))
                        .maxConnectionsPerUser(2))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .on(ECHO, (session, text) -> {
                                    told.add("echo of " + session.principal().id());
                                    return text;
                                })
                                .on(DOOR, (session, nothing) -> {})
                                .onConnect(session -> told.add("connect"))
                                .onAuthenticate(session ->
                                        told.add("is " + session.principal().id() + " in " + session.rooms()))
                                .onFresh((session, reason) -> told.add("fresh " + reason))
                                .onDisconnect((session, reason) -> told.add("end " + reason.code())))
                .namespace(
                        "/chat",
                        chat -> chat.authenticateWithin(DEADLINE)
                                .on(ECHO, (session, text) -> text)
                                .onDisconnect((session, reason) -> told.add("end " + reason.code())))
                .namespace("/members", members -> members.on(ECHO, (session, text) -> text))
                .namespace(
                        "/direct",
                        direct -> direct.allowAnonymous().directExecutor().on(ECHO, (session, text) -> text));
    }

    /** Believes {@code user/permission} in the field {@code token}. */
    private final class Tokens implements Authenticator {
        @Override
        public Optional<Principal> authenticate(Handshake handshake) {
            Optional<String> token = handshake.auth("token");
            if (token.isEmpty()) {
                return Optional.empty();
            }
            asked.incrementAndGet();
            looking.run();
            if (token.get().startsWith("bad")) {
                throw new ConnectRefusedException("Invalid or unverified user", Map.of("code", "unverified"));
            }
            String[] parts = token.get().split("/");
            Principal principal = Principal.of(parts[0]);
            if (parts.length > 1) {
                principal = principal.permissions(Set.of(parts[1]));
            }
            return Optional.of(
                    parts.length > 2
                            ? principal.expiresAt(realtime.time().now().plus(Duration.parse(parts[2])))
                            : principal);
        }
    }

    private TestClient stranger(String namespace) {
        return realtime.client().from("203.0.113.7").connect(namespace);
    }

    private Session session(TestClient client) {
        return Game.session(realtime, client);
    }

    private static TestReply<JsonNode> show(TestClient client, Object credentials) {
        return client.askRaw("authenticate", credentials);
    }

    @Test
    void aClientBecomesSomebodyByAnEvent() {
        TestClient ann = stranger("/");
        assertThat(session(ann).principal().anonymous()).isTrue();
        assertThat(ann.ask(DOOR, null).errorCode()).isEqualTo("forbidden");
        String id = ann.id();
        assertThat(show(ann, "ann/doors.open/PT10M").answer().get(0).has("expiresAt"))
                .isTrue();
        assertThat(ann.id()).isEqualTo(id);
        assertThat(session(ann).principal().id()).isEqualTo("ann");
        assertThat(session(ann).principal().anonymous()).isFalse();
        assertThat(ann.ask(DOOR, null).value()).isNull();
        realtime.await(realtime.namespace("/").user("ann").emit(SAID, new Text("to ann")));
        assertThat(ann.next(SAID).text()).isEqualTo("to ann");
        assertThat(told).containsExactly("connect", "is ann in [user:ann]");
    }

    @Test
    void anObjectDoesAsWellAsAText() {
        TestClient ann = stranger("/");
        assertThat(show(ann, Map.of("token", "ann")).answer().get(0).has("error"))
                .isFalse();
        assertThat(session(ann).principal().id()).isEqualTo("ann");
    }

    @Test
    void whatIsSentBehindItIsTheUsers() {
        TestClient ann = stranger("/");
        TestReply<Text> before = ann.ask(ECHO, new Text("before"));
        ann.emitRaw("authenticate", "ann");
        TestReply<Text> behind = ann.ask(ECHO, new Text("behind"));
        assertThat(before.value()).isNotNull();
        assertThat(behind.value()).isNotNull();
        assertThat(told).containsExactly("connect", "echo of " + ann.id(), "is ann in [user:ann]", "echo of ann");
    }

    @Test
    void whoIsRefusedHearsWhyAndMayTryAgain() {
        TestClient ann = stranger("/");
        assertThat(show(ann, "bad").errorCode()).isEqualTo("unverified");
        assertThat(show(ann, Map.of()).errorCode()).isEqualTo("unauthorized");
        assertThat(show(ann, 7).errorCode()).isEqualTo("invalid_payload");
        assertThat(session(ann).principal().anonymous()).isTrue();
        assertThat(show(ann, "ann").answer().get(0).has("error")).isFalse();
        assertThat(session(ann).principal().id()).isEqualTo("ann");
    }

    @Test
    void whoIsRefusedTooOftenIsNotJudgedAnyMore() {
        TestClient eve = stranger("/");
        for (int guess = 0; guess < 3; guess++) {
            assertThat(show(eve, "bad" + guess).errorCode()).isEqualTo("unverified");
        }
        TestClient again = stranger("/");
        assertThat(show(again, "bad3").errorCode()).isEqualTo("rate_limited");
        assertThat(show(again, "eve").errorCode()).isEqualTo("rate_limited");
        assertThat(asked).hasValue(3);
        realtime.advance(Duration.ofMinutes(1));
        assertThat(show(again, "eve").answer().get(0).has("error")).isFalse();
    }

    @Test
    void anAuthenticatorThatFailsIsNotAskedWithoutEnd() {
        realtime.allowHandlerFailures();
        looking = () -> {
            throw new IllegalStateException("the application's own");
        };
        TestClient eve = stranger("/");
        int refused = 0;
        for (int attempt = 0; attempt < 1_100; attempt++) {
            refused += show(eve, "eve").errorCode().equals("rate_limited") ? 1 : 0;
        }
        assertThat(asked).hasValue(1_000);
        assertThat(refused).isEqualTo(100);
        looking = () -> {};
        realtime.advance(Duration.ofSeconds(1));
        assertThat(show(eve, "eve").answer().get(0).has("error")).isFalse();
    }

    @Test
    void whoHasNoRoomIsNotAskedForWithoutEnd() {
        show(stranger("/"), "ann");
        show(stranger("/"), "ann");
        int before = asked.get();
        TestClient third = stranger("/");
        for (int attempt = 0; attempt < 1_300; attempt++) {
            assertThat(show(third, "ann").errorCode()).isIn("too_many_connections", "rate_limited");
        }
        assertThat(asked.get() - before).isLessThan(1_000);
    }

    @Test
    void manyGuessesAtOnceAreNoMoreThanOneAfterAnother() {
        Held threads = new Held();
        try (TestRealtime slow = TestRealtime.of(this::options)
                .keepAuthenticator()
                .handlers(threads)
                .start()) {
            List<TestClient> eves = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                eves.add(slow.client().from("203.0.113.7").connect("/"));
            }
            threads.through = 40; // the events, and not the authenticator
            List<TestReply<JsonNode>> replies =
                    eves.stream().map(eve -> show(eve, "bad")).toList();
            slow.settle();
            threads.through = Integer.MAX_VALUE;
            threads.letGo();
            slow.settle();
            assertThat(asked).hasValue(3);
            assertThat(replies)
                    .extracting(TestReply::errorCode)
                    .containsOnly("unverified", "rate_limited")
                    .filteredOn("unverified"::equals)
                    .hasSize(3);
            slow.advance(Duration.ofMinutes(1));
            assertThat(show(slow.client().from("203.0.113.7").connect("/"), "eve")
                            .answer()
                            .get(0)
                            .has("error"))
                    .isFalse();
        }
    }

    @Test
    void aFailureOfTheApplicationIsNoGuess() {
        looking = () -> {
            throw new IllegalStateException("no database");
        };
        realtime.allowHandlerFailures();
        for (int i = 0; i < 10; i++) {
            assertThat(show(stranger("/"), "ann").errorCode()).isEqualTo("handler_failed");
        }
    }

    @Test
    void whoIsKnownRenewsNoMoreOftenByThisThanByARenewal() {
        TestClient ann = stranger("/");
        show(ann, "ann").answer();
        for (int i = 0; i < 6; i++) {
            assertThat(show(ann, "ann").answer().get(0).has("error")).isFalse();
        }
        assertThat(show(ann, "ann").errorCode()).isEqualTo("rate_limited");
        assertThat(ann.askRaw("auth:refresh", Map.of("token", "ann")).errorCode())
                .isEqualTo("rate_limited");
        assertThat(asked).hasValue(7);
    }

    @Test
    void manyWhoAreTakenFromOneAddressDoNotCount() {
        for (int player = 0; player < 20; player++) {
            assertThat(show(stranger("/"), "player" + player).answer().get(0).has("error"))
                    .isFalse();
        }
    }

    @Test
    void nobodyBecomesSomebodyElse() {
        TestClient ann = stranger("/");
        show(ann, "ann").answer();
        assertThat(show(ann, "bob").errorCode()).isEqualTo("unauthorized");
        assertThat(session(ann).principal().id()).isEqualTo("ann");
        assertThat(session(ann).rooms()).containsExactly(RoomKind.USER.of("ann"));
        assertThat(show(ann, "ann/doors.open").answer().get(0).has("error"))
                .as("newer credentials of the same user")
                .isFalse();
        assertThat(session(ann).principal().may("doors.open")).isTrue();
        assertThat(told).containsExactly("connect", "is ann in [user:ann]");
    }

    @Test
    void whoIsInAsManyRoomsAsMayBeIsInItsOwnAsWell() {
        TestClient ann = stranger("/");
        for (int room = 0; room < Limits.DEFAULT.maxRooms(); room++) {
            session(ann).join(Game.ZONE.of("zone" + room));
        }
        TestReply<JsonNode> shown = show(ann, "ann");
        realtime.advance(Duration.ofSeconds(5)); // its record is written
        shown.answer();
        assertThat(session(ann).rooms()).contains(RoomKind.USER.of("ann"));
        realtime.await(realtime.namespace("/").user("ann").emit(SAID, new Text("to ann")));
        assertThat(ann.next(SAID).text()).isEqualTo("to ann");
        assertThat(told).anyMatch(line -> line.startsWith("is ann in"));
    }

    @Test
    void aUsersConnectionsAreCounted() {
        show(stranger("/"), "ann").answer();
        show(stranger("/"), "ann").answer();
        TestClient third = stranger("/");
        assertThat(show(third, "ann").errorCode()).isEqualTo("too_many_connections");
        assertThat(session(third).principal().anonymous()).isTrue();
    }

    @Test
    void credentialsThatWereShownLateEndWhenTheySay() {
        TestClient ann = stranger("/");
        show(ann, "ann/x/PT5M").answer();
        realtime.advance(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(ann.isConnected()).isFalse();
        assertThat(told).contains("end credentials_expired");
    }

    // ---- coming back

    @Test
    void theSessionIsRecoveredForItsUserAlone() {
        TestClient ann = stranger("/");
        show(ann, "ann").answer();
        ann.dropConnection();
        realtime.await(realtime.namespace("/").user("ann").emit(SAID, new Text("missed")));
        ann.auth("token", "ann");
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.next(SAID).text()).isEqualTo("missed");
    }

    @Test
    void aClientThatComesBackWithoutCredentialsBeginsAfresh() {
        TestClient ann = stranger("/");
        show(ann, "ann").answer();
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).isFalse();
        assertThat(session(ann).principal().anonymous()).isTrue();
        assertThat(told).contains("fresh CREDENTIALS_CHANGED");
    }

    @Test
    void nothingComesOfCredentialsThatAreJudgedTooLate() {
        Held threads = new Held();
        try (TestRealtime slow = TestRealtime.of(this::options)
                .keepAuthenticator()
                .handlers(threads)
                .start()) {
            TestClient ann = slow.client().connect("/");
            threads.through = 1; // the event itself, and not the authenticator
            TestReply<JsonNode> reply = show(ann, "ann");
            TestReply<Text> next = ann.ask(ECHO, new Text("goes on"));
            slow.settle();
            assertThat(reply.isAnswered()).isFalse();
            threads.through = Integer.MAX_VALUE;
            slow.advance(Limits.DEFAULT.authenticationTimeout().plusSeconds(1));
            assertThat(reply.errorCode()).isEqualTo("timeout");
            threads.letGo();
            slow.settle();
            assertThat(next.value()).isNotNull();
            assertThat(Game.session(slow, ann).principal().anonymous()).isTrue();
            assertThat(asked).hasValue(1);
        }
    }

    /** Runs so many tasks at once, and keeps the others until it is let go. */
    private static final class Held implements Executor {
        private final ArrayDeque<Runnable> held = new ArrayDeque<>();
        private int through = Integer.MAX_VALUE;

        @Override
        public void execute(Runnable task) {
            if (through-- > 0) {
                task.run();
            } else {
                held.add(task);
            }
        }

        void letGo() {
            while (!held.isEmpty()) {
                held.remove().run();
            }
        }
    }

    // ---- a deadline

    @Test
    void whoHasToAuthenticateMayDoNothingElseBefore() {
        TestClient ann = stranger("/chat");
        assertThat(ann.ask(ECHO, new Text("x")).errorCode()).isEqualTo("unauthorized");
        assertThat(ann.askRaw("nonsense").errorCode()).isEqualTo("unauthorized");
        show(ann, "ann").answer();
        assertThat(ann.ask(ECHO, new Text("x")).value()).isNotNull();
        realtime.advance(DEADLINE.multipliedBy(2));
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void whoIsStillNobodyAtTheDeadlineIsToldAndDisconnected() {
        TestClient ann = stranger("/chat");
        realtime.advance(DEADLINE.minusMillis(1));
        assertThat(ann.isConnected()).isTrue();
        realtime.advance(Duration.ofMillis(1));
        assertThat(ann.isConnected()).isFalse();
        assertThat(Game.errorEvent(ann)).isEqualTo("unauthorized");
        assertThat(told).containsExactly("end not_authenticated");
    }

    @Test
    void aNewConnectionIsNoNewDeadline() {
        TestClient ann = stranger("/chat");
        realtime.advance(Duration.ofSeconds(6));
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        realtime.advance(Duration.ofSeconds(5));
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void whoCameWithCredentialsHasNoDeadline() {
        TestClient ann = realtime.client().auth("token", "ann").connect("/chat");
        realtime.advance(DEADLINE.multipliedBy(2));
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void whereNobodyComesWithoutCredentialsThereIsNoSuchEvent() {
        TestClient ann = realtime.client().auth("token", "ann").connect("/members");
        assertThat(show(ann, "ann").errorCode()).isEqualTo("unknown_event");
    }

    @Test
    void theDeadlineIsAReasonableOne() {
        assertThatThrownBy(() -> Realtime.builder()
                        .namespace("/", game -> game.authenticateWithin(Duration.ofMillis(1)))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("authenticateWithin");
    }

    // ---- threads

    @Test
    void theAuthenticatorNeverRunsOnTheThreadThatReads() {
        TestClient ann = stranger("/direct");
        Thread reader = Thread.currentThread();
        List<Boolean> inRead = new ArrayList<>();
        looking = () -> inRead.add(reading(reader));
        show(ann, "ann").answer();
        ann.askRaw("auth:refresh", Map.of("token", "ann")).answer();
        assertThat(inRead).containsExactly(false, false);
    }

    private static boolean reading(Thread reader) {
        return Thread.currentThread() == reader
                && StackWalker.getInstance()
                        .walk(frames ->
                                frames.anyMatch(frame -> frame.getClassName().endsWith(".EngineSocket")));
    }
}
