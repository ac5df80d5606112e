package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestReply;
import dev.realtime.users.User;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is decided about a user holds on all nodes within a second, for later logins too, and until it ends: not earlier, not later (I14). */
class UserDecisionsTest {
    private static final Event<Text> SAY = Event.of("say", Text.class).speech();
    private static final Request<Text, Text> BUILD = Request.of("build", Text.class, Text.class);
    private static final Request<Text, Text> ASK =
            Request.of("ask", Text.class, Text.class).speech();
    private static final Request<Text, Text> ADMIN =
            Request.of("admin", Text.class, Text.class).permission("game.admin");
    private static final Event<String> FORCE_DISCONNECT = Event.of("force_disconnect", String.class);
    private static final Event<Text> NEWS = Event.of("news", Text.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Text X = new Text("x");

    private final List<String> ended = new ArrayList<>();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        return Realtime.builder()
                .users(UserRules.DEFAULT)
                .namespace(
                        "/",
                        game -> game.on(SAY, (session, text) -> {})
                                .on(BUILD, (session, text) -> text)
                                .on(ASK, (session, text) -> text)
                                .on(ADMIN, (session, text) -> text)
                                .onDisconnect((session, reason) ->
                                        ended.add(session.principal().id() + " " + reason)))
                .namespace("/chat", chat -> chat.on(SAY, (session, text) -> {}));
    }

    private User user(int node, String id) {
        return cluster.node(node).realtime().users().user(id);
    }

    private static String code(TestReply<?> reply) {
        return reply.answer().toString().contains("error") ? reply.errorCode() : "";
    }

    @Test
    void aMutedUserMaySayNothingAnywhereAndDoEverythingElse() {
        TestClient here = cluster.connect(0, "/", "bob");
        TestClient there = cluster.connect(1, "/chat", "bob");
        TestClient ann = cluster.connect(1, "/chat", "ann");
        cluster.latency(Duration.ofMillis(1), Duration.ofMillis(50));
        cluster.await(user(1, "bob").mute(MINUTE));
        cluster.advance(SECOND);
        assertThat(code(here.ask(SAY, X))).isEqualTo("muted");
        assertThat(code(here.ask(ASK, X))).isEqualTo("muted");
        assertThat(code(there.ask(SAY, X))).isEqualTo("muted");
        assertThat(code(here.ask(BUILD, X))).isEmpty();
        assertThat(code(ann.ask(SAY, X))).isEmpty();

        cluster.await(user(0, "bob").unmute());
        cluster.advance(SECOND);
        assertThat(code(here.ask(SAY, X))).isEmpty();
        assertThat(code(there.ask(SAY, X))).isEmpty();
    }

    @Test
    void aMuteHoldsForALaterLoginAndEndsByItself() {
        cluster.await(user(0, "bob").mute(MINUTE));
        cluster.advance(Duration.ofSeconds(30));
        TestClient bob = cluster.connect(1, "/", "bob");
        TestReply<Void> refused = bob.ask(SAY, X);
        assertThat(code(refused)).isEqualTo("muted");
        cluster.advance(Duration.ofSeconds(29));
        assertThat(code(bob.ask(SAY, X))).isEqualTo("muted");
        cluster.advance(Duration.ofMillis(1001));
        assertThat(code(bob.ask(SAY, X))).isEmpty();
        assertThat(cluster.await(user(0, "bob").standing()).mutedUntil()).isEmpty();
    }

    @Test
    void aClockThatJumpsEndsNothingEarlierAndNothingLater() {
        TestClient here = cluster.connect(0, "/", "bob");
        cluster.node(1).jumpClock(Duration.ofHours(3));
        cluster.await(user(1, "bob").mute(MINUTE));
        cluster.node(0).jumpClock(Duration.ofHours(-2));
        cluster.node(1).jumpClock(Duration.ofDays(1));
        TestClient there = cluster.connect(1, "/", "bob");
        cluster.advance(Duration.ofSeconds(59));
        assertThat(code(here.ask(SAY, X))).isEqualTo("muted");
        assertThat(code(there.ask(SAY, X))).isEqualTo("muted");
        cluster.advance(Duration.ofSeconds(2));
        assertThat(code(here.ask(SAY, X))).isEmpty();
        assertThat(code(there.ask(SAY, X))).isEmpty();
    }

    @Test
    void aPermissionIsGivenAndTakenAway() {
        TestClient bob = cluster.connect(0, "/", "bob");
        TestClient root = cluster.client(1).user("root", "game.admin").connect("/");
        assertThat(code(bob.ask(ADMIN, X))).isEqualTo("forbidden");
        assertThat(code(root.ask(ADMIN, X))).isEmpty();

        cluster.await(user(1, "bob").grant("game.admin", MINUTE));
        cluster.await(user(0, "root").revoke("game.admin", MINUTE));
        cluster.advance(SECOND);
        assertThat(code(bob.ask(ADMIN, X))).isEmpty();
        assertThat(code(root.ask(ADMIN, X))).isEqualTo("forbidden");

        cluster.await(user(1, "root").reset("game.admin"));
        cluster.advance(MINUTE);
        assertThat(code(bob.ask(ADMIN, X))).isEqualTo("forbidden");
        assertThat(code(root.ask(ADMIN, X))).isEmpty();
    }

    @Test
    void aRestrictedUserMaySendNothing() {
        TestClient bob = cluster.connect(0, "/", "bob");
        cluster.await(user(1, "bob").restrict(MINUTE));
        cluster.advance(SECOND);
        assertThat(code(bob.ask(BUILD, X))).isEqualTo("restricted");
        assertThat(code(bob.ask(SAY, X))).isEqualTo("restricted");
        assertThat(bob.isConnected()).isTrue();
        cluster.advance(MINUTE);
        assertThat(code(bob.ask(BUILD, X))).isEmpty();
    }

    @Test
    void whoGoesOnWhileRestrictedIsNotAnsweredForEver() {
        TestClient bob = cluster.connect(0, "/", "bob");
        cluster.await(user(0, "bob").restrict(Duration.ofHours(1)));
        int answered = 0;
        for (int i = 0; i < 100; i++) {
            TestReply<Text> reply = bob.ask(BUILD, X);
            cluster.settle();
            answered += reply.isAnswered() ? 1 : 0;
        }
        assertThat(answered).as("Limits.unknownEvents, at once").isEqualTo(60);
        cluster.advance(MINUTE);
        assertThat(code(bob.ask(BUILD, X))).isEqualTo("restricted");
    }

    @Test
    void whatWasDecidedDuringAPartitionHoldsWhenItIsOver() {
        TestClient bob = cluster.connect(0, "/", "bob");
        cluster.node(0).partition();
        cluster.await(user(1, "bob").mute(Duration.ofHours(1)));
        cluster.advance(Duration.ofSeconds(3));
        cluster.node(0).heal();
        cluster.advance(Duration.ofSeconds(5));
        if (!bob.isConnected()) {
            bob.reconnect(0);
        }
        assertThat(code(bob.ask(SAY, X))).isEqualTo("muted");
    }

    @Test
    void aFailoverThatLosesADecisionLosesItOnAllNodes() {
        TestClient here = cluster.connect(0, "/", "bob");
        TestClient there = cluster.connect(1, "/", "bob");
        cluster.await(user(0, "bob").mute(Duration.ofHours(1)));
        cluster.advance(SECOND);
        cluster.backend().failover(10);
        cluster.advance(Duration.ofSeconds(5));
        for (TestClient client : List.of(here, there)) {
            if (!client.isConnected()) {
                client.reconnect();
            }
        }
        assertThat(cluster.await(user(1, "bob").standing()).mutedUntil()).isEmpty();
        assertThat(code(here.ask(SAY, X))).isEmpty();
        assertThat(code(there.ask(SAY, X))).isEmpty();
    }

    @Test
    void revokedCredentialsEndTheirSessionsAndAreRefused() {
        Instant issued = cluster.time().now();
        TestClient bob =
                cluster.client(0).user("bob").auth("issued", issued.toString()).connect("/");
        cluster.advance(MINUTE);
        cluster.await(user(1, "bob").revokeCredentials());
        cluster.advance(SECOND);
        assertThat(bob.isConnected()).isFalse();
        assertThat(bob.next(FORCE_DISCONNECT)).isEqualTo("Credentials revoked");
        assertThat(ended).containsExactly("bob " + DisconnectReason.CREDENTIALS_REVOKED);

        bob.beginReconnect(1);
        cluster.advance(SECOND);
        assertThat(bob.connectError()).isPresent();
        assertThat(bob.isConnected()).isFalse();
        TestClient again = cluster.client(1)
                .user("bob")
                .auth("issued", cluster.time().now().toString())
                .connect("/");
        assertThat(again.isConnected()).isTrue();
    }

    /** The refused client has heard of the decision before its announcement, and is gone. */
    @Test
    void aClientThatIsRefusedHidesNoDecisionFromTheSessionsThatAreThere() {
        String issued = cluster.time().now().toString();
        TestClient bob = cluster.client(0).user("bob").auth("issued", issued).connect("/");
        cluster.node(1).latency(Duration.ofMillis(50), Duration.ofMillis(50));
        var unused = user(1, "bob").revokeCredentials();
        cluster.advance(Duration.ofMillis(200)); // it is stored, and not yet announced
        assertThat(bob.isConnected()).isTrue();
        TestClient again = cluster.client(0).user("bob").auth("issued", issued).connect("/");
        assertThat(again.connectError()).isPresent();
        cluster.advance(SECOND);
        assertThat(bob.isConnected()).isFalse();
        assertThat(bob.next(FORCE_DISCONNECT)).isEqualTo("Credentials revoked");
    }

    @Test
    void whatHasEndedIsNoPartOfTheStanding() {
        cluster.await(user(0, "bob").mute(MINUTE));
        cluster.await(user(0, "bob").grant("build", MINUTE.multipliedBy(5)));
        cluster.advance(MINUTE.plusSeconds(1));
        assertThat(cluster.await(user(1, "bob").standing()).mutedUntil()).isEmpty();
        assertThat(cluster.await(user(1, "bob").standing()).granted()).containsOnlyKeys("build");
    }

    @Test
    void aRevokedTokenEndsItsSessionsAndIsRefused() {
        TestClient phone = cluster.client(0).user("bob").auth("tokenId", "t1").connect("/");
        TestClient tablet = cluster.client(1).user("bob").auth("tokenId", "t2").connect("/");
        cluster.await(cluster.node(1).realtime().users().revokeToken("t1", Duration.ofHours(1)));
        cluster.advance(SECOND);
        assertThat(phone.isConnected()).isFalse();
        assertThat(tablet.isConnected()).isTrue();
        phone.beginReconnect(1);
        cluster.advance(SECOND);
        assertThat(phone.isConnected()).isFalse();
    }

    @Test
    void aUserIsFoundInAllNamespacesOnAllNodes() {
        cluster.connect(0, "/", "bob").also("/chat");
        TestClient there = cluster.connect(1, "/chat", "bob");
        cluster.connect(1, "/chat", "ann");
        assertThat(cluster.await(user(0, "bob").sessions()).sessions()).hasSize(3);
        assertThat(cluster.await(user(1, "bob").count())).isEqualTo(3);
        assertThat(cluster.await(user(1, "cid").online()).name()).isEqualTo("NO");
        cluster.await(user(1, "bob").emit(NEWS, X));
        cluster.settle();
        assertThat(there.next(NEWS)).isEqualTo(X);
    }

    @Test
    void aUserIsDisconnectedAndToldWhy() {
        TestClient here = cluster.connect(0, "/", "bob");
        TestClient there = cluster.connect(1, "/", "bob");
        var unused = user(0, "bob").emit(NEWS, X);
        cluster.await(user(0, "bob").disconnect("Banned"));
        cluster.advance(SECOND);
        for (TestClient client : List.of(here, there)) {
            assertThat(client.isConnected()).isFalse();
            assertThat(client.received()).extracting(event -> event.name()).containsExactly("news", "force_disconnect");
            assertThat(client.next(FORCE_DISCONNECT)).isEqualTo("Banned");
        }
        assertThat(ended).containsExactly("bob SERVER_DISCONNECT", "bob SERVER_DISCONNECT");
    }

    @Test
    void whileTheBackendIsAwayNobodyWithANameIsLetInAndADecisionFails() {
        TestClient bob = cluster.connect(0, "/", "bob");
        bob.disconnect();
        cluster.node(0).partition();
        bob.beginReconnect(0);
        cluster.advance(Duration.ofSeconds(20));
        assertThat(bob.isConnected()).isFalse();
        assertThat(bob.connectError()).as("its next attempt may succeed").isEmpty();
        assertThat(cluster.failure(user(0, "bob").mute(MINUTE))).isNotNull();
    }

    /** What is kept of one user is bounded, and what is kept of others is not touched by that. */
    @Test
    void thereAreNoMoreDecisionsAboutAUserThanFitIntoAValue() {
        cluster.connect(0, "/", "bob");
        Throwable failure = null;
        for (int i = 0; i < 1_000 && failure == null; i++) {
            var granted = user(0, "bob")
                    .grant("a permission with a long name " + i, MINUTE)
                    .toCompletableFuture();
            cluster.settle();
            failure = granted.isCompletedExceptionally() ? cluster.failure(granted) : null;
        }
        assertThat(failure).hasMessageContaining("no room for more decisions");
        cluster.await(user(1, "ann").mute(MINUTE));
        cluster.advance(MINUTE.plusSeconds(1));
        cluster.await(user(1, "bob").grant("when the others have ended", MINUTE));
    }

    @Test
    void aNameThatUtf8CannotCarryIsNobodys() {
        String broken = "a\ud800b"; // as UTF-8 it would be the user "a?b"
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Principal.of(broken))
                .withMessage("Principal.id must be well-formed UTF-16, but is not: a surrogate has no partner");
        assertThatIllegalArgumentException().isThrownBy(() -> Principal.anonymous(broken));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Principal.of("bob").tokenId(broken));
        assertThatIllegalArgumentException().isThrownBy(() -> user(0, broken));
        assertThatIllegalArgumentException().isThrownBy(() -> user(0, "bob").grant(broken, MINUTE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cluster.node(0).realtime().users().revokeToken(broken, MINUTE));
        String pair = "a\ud83d\ude00b";
        assertThat(user(0, pair).id()).isEqualTo(pair);
    }

    @Test
    void aDurationHasToBeOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> user(0, "bob").mute(Duration.ZERO))
                .withMessageContaining("duration must be between 1 ms and");
    }
}
