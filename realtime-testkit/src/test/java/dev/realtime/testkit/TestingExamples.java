package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import dev.realtime.Attribute;
import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.Scheduler;
import dev.realtime.Session;
import dev.realtime.jwt.JwtAuthenticator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of docs/testing.md. */
class TestingExamples {

    // ---- the game

    record Chat(String text) {}

    record Said(String from, String text) {}

    record Enter(String zone) {}

    record Entered(int players) {}

    record Ready(int round) {}

    static final class Game {
        static final Event<Chat> SAY = Event.of("chat:say", Chat.class);
        static final Event<Said> SAID = Event.of("chat:said", Said.class);
        static final Request<Enter, Entered> ENTER = Request.of("zone:enter", Enter.class, Entered.class);
        static final Request<Ready, Ready> READY = Request.of("match:ready", Ready.class, Ready.class);

        static RealtimeBuilder realtime() {
            return Realtime.builder()
                    .recovery(Recovery.within(Duration.ofMinutes(2)))
                    .namespace(
                            "/",
                            game -> game.onConnect(session -> session.join("zone:tavern"))
                                    .on(
                                            SAY,
                                            (session, chat) -> session.room("zone:tavern")
                                                    .emit(
                                                            SAID,
                                                            new Said(
                                                                    session.principal()
                                                                            .id(),
                                                                    chat.text())))
                                    .on(ENTER, (session, enter) -> {
                                        if (enter.zone().equals("vault")) {
                                            throw new EventRefusedException("locked", "the vault is locked");
                                        }
                                        return new Entered(session.join("zone:" + enter.zone())
                                                .size());
                                    }));
        }

        static RealtimeBuilder guarded() {
            return realtime()
                    .authenticator(handshake -> handshake
                            .auth("ticket")
                            .filter(ticket -> ticket.startsWith("gold-"))
                            .map(ticket -> Principal.of(ticket.substring(5))));
        }
    }

    static class OneNodeTest {
        @RegisterExtension
        final TestRealtime realtime = TestRealtime.of(Game::realtime);

        @Test
        void everybodyInTheTavernHearsIt() {
            TestClient ann = realtime.connect("/", "ann");
            TestClient bob = realtime.connect("/", "bob");

            ann.emit(Game.SAY, new Chat("hi"));

            assertThat(bob.next(Game.SAID)).isEqualTo(new Said("ann", "hi"));
        }

        @Test
        void aRequestHasItsAnswerAtOnce() {
            TestClient ann = realtime.connect("/", "ann");

            Entered entered = ann.request(Game.ENTER, new Enter("cave"));

            assertThat(entered.players()).isEqualTo(1);
        }

        @Test
        void theVaultIsLocked() {
            TestClient ann = realtime.connect("/", "ann");

            assertThat(ann.ask(Game.ENTER, new Enter("vault")).errorCode()).isEqualTo("locked");
        }

        @Test
        void theServerMayAskAClient() {
            TestClient ann = realtime.connect("/", "ann");
            ann.answer(Game.READY, question -> new Ready(question.round() + 1));

            var replies = realtime.await(
                    realtime.namespace("/").user("ann").request(Game.READY, new Ready(1), Duration.ofSeconds(5)));

            assertThat(replies.values()).containsExactly(new Ready(2));
        }

        @Test
        void theServerMaySpeakAsOftenAsItLikes() {
            TestClient ann = realtime.connect("/", "ann");

            for (int i = 0; i < 10_000; i++) {
                realtime.namespace("/").user("ann").emit(Game.SAID, new Said("the keeper", "order " + i));
            }

            assertThat(ann.received(Game.SAID)).hasSize(10_000);
        }

        @Test
        void afterTwoMinutesASessionIsOver() {
            TestClient ann = realtime.connect("/", "ann");
            ann.dropConnection();

            realtime.advance(Duration.ofMinutes(2).plusSeconds(1));

            ann.reconnect();
            assertThat(ann.recovered()).isFalse();
        }

        @Test
        void aClientThatDoesNotReadDisturbsNobody() {
            TestClient ann = realtime.connect("/", "ann");
            TestClient bob = realtime.connect("/", "bob");
            bob.stall();

            for (int i = 0; i < 1_000; i++) {
                ann.emit(Game.SAY, new Chat("message " + i));
            }

            assertThat(ann.received(Game.SAID)).hasSize(1_000);
            assertThat(bob.received(Game.SAID)).isEmpty();
        }
    }

    static class DoorTest {
        @RegisterExtension
        final TestRealtime guarded = TestRealtime.of(Game::guarded).keepAuthenticator();

        @Test
        void onlyTicketsOpenTheDoor() {
            TestClient ann = guarded.client().auth("ticket", "gold-ann").connect("/");
            TestClient eve = guarded.client().auth("ticket", "paper").connect("/");

            assertThat(ann.isConnected()).isTrue();
            assertThat(eve.isConnected()).isFalse();
            assertThat(eve.connectError()).isPresent();
        }
    }

    static class TokenTest {
        static final String SECRET = "a secret of more than thirty-two bytes";

        @RegisterExtension
        final TestRealtime realtime = TestRealtime.of(() -> Game.realtime()
                        .authenticator(JwtAuthenticator.hmac256(SECRET).issuer("game")))
                .keepAuthenticator();

        private String token(String user, Duration life) {
            return JWT.create()
                    .withIssuer("game")
                    .withSubject(user)
                    .withClaim("roles", List.of("moderator"))
                    .withExpiresAt(realtime.time().now().plus(life))
                    .sign(Algorithm.HMAC256(SECRET));
        }

        @Test
        void aTokenSaysWhoSheIsUntilItEnds() {
            String token = token("ann", Duration.ofMinutes(10));
            TestClient ann = realtime.client().auth("token", token).connect("/");
            assertThat(ann.isConnected()).isTrue();

            realtime.advance(Duration.ofMinutes(11));
            assertThat(ann.isConnected()).isFalse();
        }
    }

    static class ClusterTest {
        @RegisterExtension
        final TestCluster cluster = TestCluster.of(2, Game::realtime);

        @Test
        void aMessageCrossesNodesAndSurvivesADrop() {
            TestClient ann = cluster.connect(0, "/", "ann");
            TestClient bob = cluster.connect(1, "/", "bob");

            bob.dropConnection();
            ann.emit(Game.SAY, new Chat("hi"));
            cluster.time().advance(Duration.ofSeconds(30));
            bob.reconnect();

            assertThat(bob.recovered()).isTrue();
            assertThat(bob.next(Game.SAID).text()).isEqualTo("hi");
        }

        @Test
        void nobodyIsLostWithAKilledNode() {
            TestClient ann = cluster.connect(0, "/", "ann");
            TestClient bob = cluster.connect(1, "/", "bob");

            cluster.node(1).kill();
            ann.emit(Game.SAY, new Chat("are you there?"));
            bob.reconnect();

            assertThat(bob.recovered()).isTrue();
            assertThat(bob.next(Game.SAID).text()).isEqualTo("are you there?");
        }

        @Test
        void aNodeThatStandsStillIsReplaced() {
            TestClient ann = cluster.connect(0, "/", "ann");
            TestClient bob = cluster.connect(1, "/", "bob");

            cluster.node(1).freeze();
            ann.emit(Game.SAY, new Chat("hello?"));
            bob.loseNetwork();
            bob.reconnect(0);
            cluster.node(1).thaw();

            assertThat(bob.next(Game.SAID).text()).isEqualTo("hello?");
            assertThat(cluster.node(1).namespace("/").sessions()).isEmpty();
        }

        @Test
        void afterAFailoverThatLostEventsClientsGetFreshSessions() {
            TestClient ann = cluster.connect(0, "/", "ann");

            cluster.backend().failover(1);
            cluster.settle();
            ann.reconnect();

            assertThat(ann.recovered()).isFalse();
        }
    }

    // ---- a game with a timer

    static final class Duel {
        static final Event<String> MOVE = Event.of("move", String.class);
        static final Event<String> TURN_OVER = Event.of("turn:over", String.class);
        static final Attribute<Scheduler.Scheduled> TURN = Attribute.local("turn", Scheduler.Scheduled.class);

        static RealtimeBuilder realtime() {
            return Realtime.builder().namespace("/", Duel::rules);
        }

        static void rules(NamespaceSetup duel) {
            duel.on(MOVE, (session, move) -> {
                stopClock(session);
                Scheduler scheduler = session.namespace().realtime().scheduler();
                session.set(TURN, scheduler.after(Duration.ofSeconds(30), () -> session.emit(TURN_OVER, move)));
            });
            duel.onDisconnect((session, reason) -> stopClock(session));
            duel.onMoved(Duel::stopClock); // it goes on at another node
        }

        private static void stopClock(Session session) {
            Scheduler.Scheduled running = session.get(TURN);
            if (running != null) {
                running.cancel();
            }
        }
    }

    static class DuelTest {
        @RegisterExtension
        final TestRealtime realtime = TestRealtime.of(Duel::realtime);

        @Test
        void aTurnTakesThirtySeconds() {
            TestClient ann = realtime.connect("/", "ann");
            ann.emit(Duel.MOVE, "e4");
            realtime.advance(Duration.ofSeconds(29));
            ann.emit(Duel.MOVE, "Nf3");

            realtime.advance(Duration.ofSeconds(29));
            assertThat(ann.has(Duel.TURN_OVER)).isFalse();

            realtime.advance(Duration.ofSeconds(1));
            assertThat(ann.next(Duel.TURN_OVER)).isEqualTo("Nf3");
        }
    }
}
