package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.ConnectError;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestReply;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** I12: a user has one session in a namespace, on whatever nodes it logs in, and whatever fails. */
class SingleLoginTest {
    private static final Event<String> FORCE_DISCONNECT = Event.of("force_disconnect", String.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DEAD = Duration.ofSeconds(15); // longer than a lease
    private static final Duration WINDOW = Duration.ofMinutes(5); // longer than a recovery window

    private final List<String> ended = new ArrayList<>();

    private TestCluster newer() {
        return cluster(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS), Recovery.DEFAULT);
    }

    private TestCluster older() {
        return cluster(UserRules.DEFAULT.singleLogin(SingleLogin.OLDER_WINS), Recovery.DEFAULT);
    }

    private TestCluster cluster(UserRules rules, Recovery recovery) {
        return TestCluster.of(2, () -> game(rules, recovery)).start();
    }

    private RealtimeBuilder game(UserRules rules, Recovery recovery) {
        return Realtime.builder()
                .users(rules)
                .recovery(recovery)
                .namespace(
                        "/",
                        game -> game.onDisconnect((session, reason) ->
                                ended.add(session.principal().id() + " " + reason)))
                .namespace("/chat", chat -> {});
    }

    private static String refusal(TestClient client) {
        return client.connectError().map(ConnectError::message).orElse("");
    }

    private static long connected(TestClient... clients) {
        return Stream.of(clients).filter(TestClient::isConnected).count();
    }

    // ---- the newer wins

    @Test
    void theNewerStaysAndTheOlderIsTold() {
        try (TestCluster cluster = newer()) {
            TestClient older = cluster.connect(0, "/", "bob");
            TestClient ann = cluster.connect(0, "/", "ann");
            TestClient newer = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            assertThat(older.isConnected()).isFalse();
            assertThat(older.next(FORCE_DISCONNECT)).isEqualTo("New login detected");
            assertThat(newer.isConnected()).isTrue();
            assertThat(newer.has(FORCE_DISCONNECT)).isFalse();
            assertThat(ann.isConnected()).isTrue();
            assertThat(ended).containsExactly("bob LOGGED_IN_ELSEWHERE");
        }
    }

    @Test
    void whoAuthenticatesLaterHasLoggedInThen() {
        try (TestCluster cluster = TestCluster.of(
                        2,
                        () -> Realtime.builder()
                                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                                .namespace("/", game -> game.allowAnonymous()))
                .start()) {
            TestClient older = cluster.connect(0, "/", "bob");
            TestClient newer = cluster.client(1).connect("/");
            newer.askRaw("authenticate", Map.of("user", "bob")).answer();
            cluster.advance(SECOND);
            assertThat(older.isConnected()).isFalse();
            assertThat(older.next(FORCE_DISCONNECT)).isEqualTo("New login detected");
            assertThat(newer.isConnected()).isTrue();
        }
    }

    @Test
    void whoIsNobodyRenewsNothingAndLogsNobodyOut() {
        try (TestCluster cluster = TestCluster.of(
                        2,
                        () -> Realtime.builder()
                                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                                .namespace("/", game -> game.allowAnonymous()))
                .start()) {
            TestClient bob = cluster.connect(0, "/", "bob");
            TestClient stranger = cluster.client(1).connect("/");
            assertThat(stranger.askRaw("auth:refresh", Map.of("user", "bob")).errorCode())
                    .isEqualTo("unauthorized");
            cluster.advance(SECOND);
            assertThat(bob.isConnected()).isTrue();
        }
    }

    @Test
    void theNewerStaysEvenIfAUserMayHaveOneConnectionOnly() {
        UserRules rules = UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS);
        try (TestCluster cluster = TestCluster.of(
                        2, () -> game(rules, Recovery.DEFAULT).limits(Limits.DEFAULT.maxConnectionsPerUser(1)))
                .start()) {
            TestClient older = cluster.connect(0, "/", "bob");
            TestClient newer = cluster.client(0).user("bob").connect("/");
            cluster.advance(SECOND);
            assertThat(newer.isConnected()).isTrue();
            assertThat(older.isConnected()).isFalse();
            assertThat(older.next(FORCE_DISCONNECT)).isEqualTo("New login detected");
        }
    }

    @Test
    void theSameHoldsOnOneNode() {
        try (TestCluster cluster = newer()) {
            TestClient older = cluster.connect(0, "/", "bob");
            TestClient newer = cluster.connect(0, "/", "bob");
            cluster.advance(SECOND);
            assertThat(older.isConnected()).isFalse();
            assertThat(newer.isConnected()).isTrue();
        }
    }

    @Test
    void oneClientMayHaveASessionInEachNamespace() {
        try (TestCluster cluster = newer()) {
            TestClient bob = cluster.connect(0, "/", "bob");
            TestClient chat = bob.also("/chat");
            cluster.advance(SECOND);
            assertThat(connected(bob, chat)).isEqualTo(2);
        }
    }

    @Test
    void itMayBeSoInSomeNamespacesOnly() {
        UserRules rules = UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS).singleLoginIn(Set.of("/chat"));
        try (TestCluster cluster = cluster(rules, Recovery.DEFAULT)) {
            TestClient one = cluster.connect(0, "/", "bob");
            TestClient two = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            assertThat(connected(one, two)).isEqualTo(2);
            TestClient three = cluster.connect(0, "/chat", "bob");
            TestClient four = cluster.connect(1, "/chat", "bob");
            cluster.advance(SECOND);
            assertThat(connected(three)).isZero();
            assertThat(connected(four)).isEqualTo(1);
        }
    }

    @Test
    void aSessionThatIsResumedIsNoNewLogin() {
        try (TestCluster cluster = newer()) {
            TestClient bob = cluster.connect(0, "/", "bob");
            bob.dropConnection();
            bob.reconnect(1);
            cluster.advance(SECOND);
            assertThat(bob.recovered()).isTrue();
            bob.loseNetwork();
            bob.reconnect(0);
            cluster.advance(SECOND);
            assertThat(bob.recovered()).isTrue();
            assertThat(bob.has(FORCE_DISCONNECT)).isFalse();
        }
    }

    @Test
    void theOlderDoesNotComeBackAfterItsConnectionBroke() {
        try (TestCluster cluster = newer()) {
            TestClient older = cluster.connect(0, "/", "bob");
            older.loseNetwork();
            TestClient newer = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            older.beginReconnect(0);
            cluster.advance(SECOND);
            assertThat(older.isConnected()).isFalse();
            assertThat(refusal(older)).isEqualTo("Logged in elsewhere");
            assertThat(newer.isConnected()).isTrue();
            assertThat(newer.has(FORCE_DISCONNECT)).isFalse();
        }
    }

    @Test
    void aClientThatWasAwayForLongMayComeBackWhenNobodyElseIsThere() {
        try (TestCluster cluster = newer()) {
            TestClient bob = cluster.connect(0, "/", "bob");
            bob.dropConnection();
            cluster.advance(WINDOW);
            bob.reconnect(1);
            cluster.advance(SECOND);
            assertThat(bob.isConnected()).isTrue();
            assertThat(bob.recovered()).isFalse();
        }
    }

    @Test
    void aClientThatWasAwayForLongMayComeBackWhenTheNewerHasGone() {
        try (TestCluster cluster = newer()) {
            TestClient older = cluster.connect(0, "/", "bob");
            older.loseNetwork();
            TestClient newer = cluster.connect(1, "/", "bob");
            cluster.advance(WINDOW);
            newer.disconnect();
            cluster.advance(SECOND);
            older.reconnect(0);
            cluster.advance(SECOND);
            assertThat(older.isConnected()).isTrue();
        }
    }

    @Test
    void whoWasToldOfANewerDoesNotHoldTheLoginWhenThatHasGone() {
        try (TestCluster cluster = newer()) {
            TestClient tablet = cluster.connect(1, "/", "bob");
            tablet.loseNetwork();
            TestClient phone = cluster.connect(0, "/", "bob");
            phone.loseNetwork();
            cluster.node(0).partition(); // it does not hear that its session is the older one
            TestClient laptop = cluster.connect(1, "/", "bob");
            phone.beginReconnect(1);
            cluster.advance(SECOND);
            assertThat(refusal(phone)).isEqualTo("Logged in elsewhere");

            laptop.disconnect();
            cluster.node(0).kill();
            cluster.advance(DEAD.multipliedBy(2)); // its session is taken over: nobody will come for that
            assertThat(ended).contains("bob LOGGED_IN_ELSEWHERE");
            tablet.reconnect(1);
            cluster.advance(SECOND);
            assertThat(tablet.isConnected()).isTrue();
        }
    }

    @Test
    void ofManyAtTheSameMomentOneStays() {
        try (TestCluster cluster = newer()) {
            cluster.latency(Duration.ofMillis(1), Duration.ofMillis(80));
            TestClient[] clients = new TestClient[6];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = cluster.client(i % 2).user("bob").connect("/");
            }
            cluster.advance(Duration.ofSeconds(5));
            assertThat(connected(clients)).isEqualTo(1);
        }
    }

    @Test
    void whoeverIsLeftNoRoomByDecisionsHearsSo() {
        try (TestCluster cluster = newer()) {
            boolean full = false;
            for (int length = 200; length > 0; length = full ? length / 2 : length) {
                var granted = cluster.node(0)
                        .realtime()
                        .users()
                        .user("bob")
                        .grant("p".repeat(length) + cluster.time().nanoTime(), WINDOW)
                        .toCompletableFuture();
                cluster.advance(Duration.ofMillis(1));
                full = granted.isCompletedExceptionally();
            }
            TestClient bob = cluster.client(1).user("bob").connect("/");
            cluster.advance(SECOND);
            assertThat(refusal(bob)).isEqualTo("Too many connections");
            cluster.advance(WINDOW);
            assertThat(cluster.connect(1, "/", "bob").isConnected()).isTrue();
        }
    }

    @Test
    void whoAuthenticatesAtTheSameMomentHearsThatAnotherWasFaster() {
        try (TestCluster cluster = withSpectators(SingleLogin.NEWER_WINS)) {
            TestClient one = cluster.client(0).connect("/");
            TestClient other = cluster.client(1).connect("/");
            cluster.latency(Duration.ofMillis(50), Duration.ofMillis(50));
            TestReply<JsonNode> first = one.askRaw("authenticate", Map.of("user", "eve"));
            TestReply<JsonNode> second = other.askRaw("authenticate", Map.of("user", "eve"));
            cluster.advance(Duration.ofSeconds(5));
            assertThat(first.isAnswered()).isTrue();
            assertThat(second.errorCode()).isEqualTo("logged_in_elsewhere");
            assertThat(connected(one, other)).isEqualTo(2); // the other is a spectator still
        }
    }

    @Test
    void whatWasBehindAPartitionEndsWhenItIsOver() {
        try (TestCluster cluster = newer()) {
            TestClient older = cluster.connect(0, "/", "bob");
            cluster.node(0).partition();
            TestClient newer = cluster.connect(1, "/", "bob");
            cluster.advance(Duration.ofSeconds(3));
            assertThat(newer.isConnected()).isTrue();
            cluster.node(0).heal();
            cluster.advance(Duration.ofSeconds(5));
            assertThat(older.isConnected()).isFalse();
            assertThat(newer.isConnected()).isTrue();
        }
    }

    @Test
    void aFailoverThatLosesTheLoginLeavesOne() {
        try (TestCluster cluster = newer()) {
            TestClient older = cluster.connect(0, "/", "bob");
            TestClient newer = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            cluster.backend().failover(20);
            cluster.advance(Duration.ofSeconds(5));
            if (!newer.isConnected()) {
                newer.reconnect(0);
                cluster.advance(Duration.ofSeconds(5));
            }
            assertThat(newer.isConnected()).isTrue();
            assertThat(older.isConnected()).isFalse();
        }
    }

    @Test
    void theOlderDoesNotComeBackByItselfAfterAFailoverThatLosesNothing() {
        try (TestCluster cluster = newer()) {
            TestClient older = cluster.connect(0, "/", "bob");
            cluster.advance(SECOND);
            TestClient newer = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            cluster.backend().failover(0);
            cluster.advance(SECOND);
            older.beginReconnect(0); // faster than the newer, whose connection has been closed as well
            cluster.advance(SECOND);
            assertThat(refusal(older)).isEqualTo("Logged in elsewhere");
            newer.beginReconnect(1);
            cluster.advance(SECOND);
            assertThat(newer.isConnected()).isTrue();
        }
    }

    @Test
    void aStoreThatHasLostTheLoginIsToldAgain() {
        try (TestCluster cluster = cluster(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS), Recovery.off())) {
            TestClient older = cluster.connect(0, "/", "bob");
            cluster.backend().lose();
            cluster.advance(Duration.ofSeconds(5));
            assertThat(older.isConnected()).isTrue();
            TestClient newer = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            assertThat(connected(older)).isZero();
            assertThat(connected(newer)).isEqualTo(1);
        }
    }

    // ---- a socket that asks for another session

    private static TestCluster withSpectators(SingleLogin rule) {
        return TestCluster.of(
                        2,
                        () -> Realtime.builder()
                                .users(UserRules.DEFAULT.singleLogin(rule))
                                .namespace("/", game -> game.allowAnonymous()))
                .start();
    }

    @Test
    void aSpectatorThatComesBackWithCredentialsIsTheNewer() {
        for (boolean inGoodOrder : List.of(false, true)) {
            try (TestCluster cluster = withSpectators(SingleLogin.NEWER_WINS)) {
                TestClient older = cluster.connect(0, "/", "eve");
                TestClient spectator = cluster.client(1).connect("/");
                leave(spectator, inGoodOrder);
                spectator.auth("user", "eve");
                spectator.reconnect(1);
                cluster.advance(SECOND);
                assertThat(spectator.isConnected()).isTrue();
                assertThat(older.isConnected()).isFalse();
                assertThat(older.next(FORCE_DISCONNECT)).isEqualTo("New login detected");
            }
        }
    }

    @Test
    void anotherUserOnTheSameSocketIsTheNewer() {
        for (boolean inGoodOrder : List.of(false, true)) {
            try (TestCluster cluster = withSpectators(SingleLogin.NEWER_WINS)) {
                TestClient older = cluster.connect(0, "/", "bob");
                TestClient shared = cluster.connect(1, "/", "eve");
                leave(shared, inGoodOrder);
                shared.auth("user", "bob");
                shared.reconnect(1);
                cluster.advance(SECOND);
                assertThat(shared.isConnected()).isTrue();
                assertThat(older.isConnected()).isFalse();
            }
        }
    }

    @Test
    void whoWasASpectatorMeanwhileTakesThePlaceOfItsOwnSession() {
        try (TestCluster cluster = withSpectators(SingleLogin.NEWER_WINS)) {
            TestClient eve = cluster.client(1).connect("/");
            eve.askRaw("authenticate", Map.of("user", "eve")).answer();
            eve.dropConnection();
            eve.reconnect(1);
            assertThat(eve.recovered()).isFalse();
            eve.dropConnection();
            eve.auth("user", "eve");
            eve.reconnect(1);
            cluster.advance(SECOND);
            assertThat(eve.isConnected()).isTrue();
        }
    }

    @Test
    void whoLoggedInOnASocketOfBeforeAndLostItsPlaceDoesNotComeBackByItself() {
        try (TestCluster cluster = withSpectators(SingleLogin.NEWER_WINS)) {
            TestClient phone = cluster.client(1).connect("/");
            phone.dropConnection();
            phone.auth("user", "eve");
            phone.reconnect(1);
            phone.dropConnection();
            TestClient laptop = cluster.connect(0, "/", "eve");
            cluster.advance(SECOND);
            phone.beginReconnect(1);
            cluster.advance(SECOND);
            assertThat(refusal(phone)).isEqualTo("Logged in elsewhere");
            assertThat(laptop.isConnected()).isTrue();
        }
    }

    @Test
    void whoseSessionHasRunOutDoesNotComeBackByItselfWhenThereIsANewer() {
        try (TestCluster cluster = newer()) {
            TestClient phone = cluster.connect(1, "/", "bob");
            phone.dropConnection();
            cluster.advance(WINDOW);
            TestClient laptop = cluster.connect(0, "/", "bob");
            cluster.advance(Duration.ofHours(12));
            phone.beginReconnect(1);
            cluster.advance(SECOND);
            assertThat(refusal(phone)).isEqualTo("Logged in elsewhere");
            assertThat(laptop.isConnected()).isTrue();
        }
    }

    @Test
    void theOlderStaysWhateverSessionTheNewcomerAsksFor() {
        try (TestCluster cluster = withSpectators(SingleLogin.OLDER_WINS)) {
            TestClient older = cluster.connect(0, "/", "eve");
            TestClient spectator = cluster.client(1).connect("/");
            spectator.dropConnection();
            spectator.auth("user", "eve");
            spectator.beginReconnect(1);
            cluster.advance(SECOND);
            assertThat(refusal(spectator)).isEqualTo("Logged in elsewhere");
            assertThat(older.isConnected()).isTrue();
        }
    }

    private static void leave(TestClient client, boolean inGoodOrder) {
        if (inGoodOrder) {
            client.disconnect();
        } else {
            client.dropConnection();
        }
    }

    // ---- the older wins

    @Test
    void theOlderStaysAndTheNewerIsRefused() {
        try (TestCluster cluster = older()) {
            TestClient older = cluster.connect(0, "/", "bob");
            TestClient newer = cluster.connect(1, "/", "bob");
            assertThat(older.isConnected()).isTrue();
            assertThat(newer.isConnected()).isFalse();
            assertThat(refusal(newer)).isEqualTo("Logged in elsewhere");

            older.disconnect();
            cluster.advance(SECOND);
            newer = cluster.connect(1, "/", "bob");
            assertThat(newer.isConnected()).isTrue();
        }
    }

    @Test
    void theOlderStaysWhileItWaitsForItsClient() {
        try (TestCluster cluster = older()) {
            TestClient older = cluster.connect(0, "/", "bob");
            cluster.advance(DEAD);
            older.dropConnection();
            TestClient newer = cluster.connect(1, "/", "bob");
            assertThat(newer.isConnected()).isFalse();
            older.reconnect(1);
            assertThat(older.recovered()).isTrue();
            older.dropConnection();
            cluster.advance(WINDOW);
            newer = cluster.connect(0, "/", "bob");
            assertThat(newer.isConnected()).isTrue();
        }
    }

    @Test
    void aNodeThatDiedBlocksNobodyForEver() {
        for (Recovery recovery : List.of(Recovery.DEFAULT, Recovery.off())) {
            try (TestCluster cluster = cluster(UserRules.DEFAULT.singleLogin(SingleLogin.OLDER_WINS), recovery)) {
                cluster.connect(0, "/", "bob");
                cluster.advance(DEAD);
                cluster.node(0).kill();
                cluster.advance(WINDOW);
                TestClient newer = cluster.connect(1, "/", "bob");
                assertThat(newer.isConnected())
                        .as("recovery %s", recovery.window())
                        .isTrue();
            }
        }
    }

    @Test
    void aLoginThatCameToNothingBlocksNobody() {
        try (TestCluster cluster = cluster(UserRules.DEFAULT.singleLogin(SingleLogin.OLDER_WINS), Recovery.off())) {
            cluster.latency(Duration.ofMillis(20), Duration.ofMillis(20));
            TestClient gone = cluster.client(0).user("bob").connect("/");
            gone.closeConnection();
            cluster.advance(Duration.ofSeconds(5));
            TestClient next = cluster.client(1).user("bob").connect("/");
            cluster.advance(Duration.ofSeconds(5));
            assertThat(next.isConnected()).isTrue();
        }
    }

    @Test
    void aLogoutThatCouldNotBeWrittenIsWrittenLater() {
        try (TestCluster cluster = cluster(UserRules.DEFAULT.singleLogin(SingleLogin.OLDER_WINS), Recovery.off())) {
            TestClient older = cluster.connect(0, "/", "bob");
            cluster.node(0).partition();
            older.disconnect();
            cluster.advance(Duration.ofMinutes(3));
            cluster.node(0).heal();
            cluster.advance(Duration.ofMinutes(1));
            assertThat(cluster.connect(1, "/", "bob").isConnected()).isTrue();
        }
    }

    @Test
    void aLoginOfWhichNobodyHasHeardWhetherItWasWrittenBlocksNobody() {
        for (int wait = 20; wait <= 200; wait += 20) {
            try (TestCluster cluster = cluster(UserRules.DEFAULT.singleLogin(SingleLogin.OLDER_WINS), Recovery.off())) {
                cluster.latency(Duration.ofMillis(20), Duration.ofMillis(20));
                TestClient gone = cluster.client(0).user("bob").connect("/");
                cluster.advance(Duration.ofMillis(wait));
                cluster.node(0).cutFromBackend(); // what it has written is done, and it does not hear so
                cluster.advance(Duration.ofSeconds(20));
                if (gone.isConnected()) {
                    gone.disconnect();
                }
                cluster.node(0).heal();
                cluster.advance(Duration.ofMinutes(1));
                TestClient next = cluster.client(1).user("bob").connect("/");
                cluster.advance(Duration.ofSeconds(5));
                assertThat(next.isConnected()).as("cut after %d ms", wait).isTrue();
            }
        }
    }
}
