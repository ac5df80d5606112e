package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Authenticator;
import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.events.ClientEvents;
import dev.realtime.events.LifecycleEvents;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients hear what becomes of their sessions, and others that a client is away: of each transition once. */
class LifecycleEventsTest {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Duration DEAD = Duration.ofSeconds(15); // longer than a lease
    private static final String AWAY = "user:temporarily-disconnected";
    private static final RoomKey WATCH = RoomKey.parse("room:watch");

    private LifecycleEvents names = LifecycleEvents.CONNECTION;
    private UnaryOperator<RealtimeBuilder> more = builder -> builder;
    private final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        RealtimeBuilder builder = Game.open(game -> game.onConnect(session -> session.emit(SAID, new Text("welcome")))
                        .features(principal -> Map.of("kick", principal.id().equals("ann")))
                        .absencesTo(session -> session.room(WATCH)))
                .recovery(Recovery.within(WINDOW))
                .clientEvents(ClientEvents.DEFAULT.lifecycle(names));
        return more.apply(builder);
    }

    private TestClient connect(int node, String user) {
        return cluster.connect(node, "/", user);
    }

    private TestClient watcher(int node) {
        TestClient watcher = connect(node, "watcher");
        session(node, watcher).join(WATCH);
        return watcher;
    }

    private Session session(int node, TestClient client) {
        return cluster.node(node).namespace("/").find(client.id()).orElseThrow();
    }

    private static List<String> names(TestClient client) {
        return client.received().stream().map(ReceivedEvent::name).toList();
    }

    private static ReceivedEvent only(TestClient client, String name) {
        List<ReceivedEvent> found = client.received().stream()
                .filter(event -> event.name().equals(name))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static JsonNode argument(TestClient client, String name) {
        return only(client, name).arguments().get(0);
    }

    private static long count(TestClient client, String name) {
        return names(client).stream().filter(name::equals).count();
    }

    @AfterEach
    void everythingEnds() {
        cluster.close();
    }

    // ---- the client of the session

    @Test
    void aNewSessionIsConfirmedBeforeAnythingElse() {
        cluster.start();
        TestClient ann = connect(0, "ann");
        assertThat(names(ann)).containsExactly("connection:confirmed", "said");
        JsonNode confirmed = argument(ann, "connection:confirmed");
        assertThat(confirmed.path("socketId").asText()).isEqualTo(ann.id());
        assertThat(confirmed.path("serverTime").asLong())
                .isEqualTo(cluster.time().now().toEpochMilli());
        assertThat(confirmed.path("features").toString()).isEqualTo("{\"kick\":true}");
        assertThat(only(ann, "connection:confirmed").offset()).isNotNull();
    }

    @Test
    void nothingIsToldUnlessItIsSwitchedOn() {
        names = LifecycleEvents.DEFAULT;
        more = builder -> builder.namespace(
                "/plain",
                plain -> plain.allowAnonymous().features(principal -> {
                    throw new IllegalStateException("nobody wants to know");
                }));
        cluster.start();
        TestClient ann = connect(0, "ann");
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        session(0, ann).disconnect();
        assertThat(names(ann)).containsExactly("said");
        assertThat(cluster.connect(0, "/plain", "ann").received()).isEmpty();
    }

    @Test
    void aNamespaceWithoutFeaturesSaysNothingOfThem() {
        more = builder -> builder.namespace("/plain", plain -> plain.allowAnonymous());
        cluster.start();
        JsonNode confirmed = argument(cluster.connect(0, "/plain", "ann"), "connection:confirmed");
        assertThat(confirmed.fieldNames()).toIterable().containsExactly("socketId", "serverTime");
    }

    @Test
    void featuresThatFailLetNobodyIn() {
        more = builder -> builder.namespace(
                "/plain",
                plain -> plain.allowAnonymous().features(principal -> {
                    throw new IllegalStateException("on purpose");
                }));
        cluster.start();
        assertThat(cluster.connect(0, "/plain", "ann")
                        .connectError()
                        .orElseThrow()
                        .message())
                .isEqualTo(ErrorCode.HANDLER_FAILED.sentence());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aSessionThatIsResumedIsToldSoOnceBeforeWhatItMissed(int returnsTo) {
        cluster.start();
        TestClient ann = connect(0, "ann");
        session(0, ann).join("zone:cave");
        session(0, ann).join("zone:tavern");
        ann.dropConnection();
        cluster.await(cluster.node(1).namespace("/").room("zone:cave").emit(TICK, new Number(1)));
        cluster.advance(Duration.ofSeconds(2));
        ann.reconnect(returnsTo);
        assertThat(ann.recovered()).isTrue();
        assertThat(names(ann)).containsExactly("connection:confirmed", "said", "connection:restored", "tick");
        JsonNode restored = argument(ann, "connection:restored");
        assertThat(restored.path("restoredAt").asLong())
                .isEqualTo(cluster.time().now().toEpochMilli());
        assertThat(restored.path("recoveredRooms").asInt()).isEqualTo(2);
    }

    @Test
    void aSessionOfAKilledNodeIsToldThatItGoesOn() {
        cluster.start();
        TestClient ann = connect(0, "ann");
        cluster.node(0).kill();
        ann.reconnect(1);
        ann.dropConnection();
        cluster.advance(DEAD);
        ann.reconnect(1);
        assertThat(names(ann))
                .containsExactly("connection:confirmed", "said", "connection:restored", "connection:restored");
    }

    @Test
    void aSessionWhoseLossWasNotNoticedIsToldThatItGoesOn() {
        cluster.start();
        TestClient ann = connect(0, "ann");
        TestClient watcher = watcher(1);
        ann.loseNetwork();
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        cluster.advance(DEAD);
        assertThat(names(ann)).containsExactly("connection:confirmed", "said", "connection:restored");
        assertThat(count(watcher, AWAY)).isZero();
    }

    @Test
    void aClientThatGetsAFreshSessionIsConfirmedAndNotRestored() {
        cluster.start();
        TestClient ann = connect(0, "ann");
        ann.loseNetwork();
        cluster.advance(WINDOW.multipliedBy(2));
        ann.reconnect(0);
        assertThat(ann.recovered()).isFalse();
        assertThat(names(ann)).containsExactly("connection:confirmed", "said", "connection:confirmed", "said");
    }

    /** The official client would keep the name of an event without arguments as its offset. */
    @Test
    void whatIsToldLeavesTheOffsetOfTheClientTrue() {
        names = LifecycleEvents.SESSION;
        cluster.start();
        TestClient ann = connect(0, "ann");
        for (int round = 1; round <= 3; round++) {
            ann.dropConnection();
            cluster.await(cluster.node(1).namespace("/").emit(TICK, new Number(round)));
            ann.reconnect(round % 2);
            assertThat(ann.recovered()).isTrue();
            ann.dropConnection();
            ann.reconnect(round % 2);
            assertThat(ann.recovered()).isTrue();
        }
        assertThat(Game.ticks(ann)).containsExactly(1, 2, 3);
        assertThat(names(ann).subList(0, 5))
                .containsExactly("connected", "said", "reconnected", "session_restored", "tick");
        ReceivedEvent restored = ann.received().get(3);
        assertThat(restored.arguments()).extracting(JsonNode::toString).containsExactly("[]");
        assertThat(count(ann, "session_restored")).isEqualTo(6);
        assertThat(count(ann, "connected")).isEqualTo(1);
    }

    @Test
    void withoutRecoveryThereAreNoOffsets() {
        more = builder -> builder.recovery(Recovery.off());
        cluster.start();
        TestClient ann = connect(0, "ann");
        assertThat(names(ann)).containsExactly("connection:confirmed", "said");
        assertThat(only(ann, "connection:confirmed").offset()).isNull();
    }

    @Test
    void theReasonIsTheLastWordOfAServerThatEndsTheSession() {
        names = LifecycleEvents.SESSION;
        cluster.start();
        TestClient ann = connect(0, "ann");
        Session session = session(0, ann);
        session.emit(SAID, new Text("bye"));
        session.disconnect();
        assertThat(names(ann)).containsExactly("connected", "said", "said", "disconnected");
        assertThat(argument(ann, "disconnected").asText()).isEqualTo("server_disconnect");
        assertThat(ann.disconnectReason()).isEqualTo("io server disconnect");
    }

    @Test
    void whoLogsInElsewhereHearsBothWords() {
        names = LifecycleEvents.SESSION;
        more = builder -> builder.users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS));
        cluster.start();
        TestClient ann = connect(0, "ann");
        connect(1, "ann");
        cluster.advance(Duration.ofSeconds(1));
        assertThat(names(ann)).containsExactly("connected", "said", "force_disconnect", "disconnected");
        assertThat(argument(ann, "disconnected").asText()).isEqualTo("logged_in_elsewhere");
    }

    @Test
    void aClientThatGoesByItselfOrComesBackIsToldNoEnd() {
        names = LifecycleEvents.SESSION;
        cluster.start();
        TestClient ann = connect(0, "ann");
        TestClient bob = connect(0, "bob");
        ann.disconnect();
        cluster.node(0).close();
        assertThat(names(ann)).containsExactly("connected", "said");
        assertThat(names(bob)).containsExactly("connected", "said");
    }

    // ---- others

    @Test
    void whoMaySeeTheUserHearsOnceThatItsClientIsAway() {
        cluster.start();
        TestClient ann = connect(0, "ann");
        TestClient near = watcher(0);
        TestClient far = watcher(1);
        TestClient bob = connect(1, "bob");
        session(0, ann).join(WATCH);
        ann.dropConnection();
        for (TestClient watcher : List.of(near, far)) {
            assertThat(argument(watcher, AWAY).toString()).isEqualTo("{\"userId\":\"ann\",\"reconnectWindow\":60000}");
        }
        cluster.advance(DEAD);
        ann.reconnect(1);
        assertThat(count(ann, AWAY)).isZero();
        assertThat(count(bob, AWAY)).isZero();
        assertThat(count(near, AWAY)).isEqualTo(1);
        ann.dropConnection();
        assertThat(count(near, AWAY)).isEqualTo(2);
        assertThat(count(far, AWAY)).isEqualTo(2);
    }

    @Test
    void anOrderlyEndIsNoAbsence() {
        cluster.start();
        TestClient watcher = watcher(1);
        connect(0, "ann").disconnect();
        session(0, connect(0, "bob")).disconnect(true);
        cluster.advance(DEAD);
        assertThat(count(watcher, AWAY)).isZero();
    }

    @Test
    void aClientThatComesFromANodeThatStopsHasNotBeenAway() {
        cluster.start();
        TestClient ann = connect(0, "ann");
        TestClient watcher = watcher(1);
        cluster.node(0).close();
        cluster.advance(Duration.ofSeconds(4));
        ann.reconnect(1);
        cluster.advance(DEAD);
        assertThat(ann.recovered()).isTrue();
        assertThat(count(watcher, AWAY)).isZero();
    }

    @Test
    void aClientThatDoesNotComeFromANodeThatStopsIsAway() {
        cluster.start();
        connect(0, "ann");
        TestClient watcher = watcher(1);
        cluster.node(0).close();
        cluster.advance(Duration.ofSeconds(30));
        assertThat(argument(watcher, AWAY).path("userId").asText()).isEqualTo("ann");
        assertThat(argument(watcher, AWAY).path("reconnectWindow").asLong()).isEqualTo(55_000);
    }

    @Test
    void aClientOfAKilledNodeIsAwayOnce() {
        cluster.start();
        TestClient ann = connect(0, "ann");
        TestClient watcher = watcher(1);
        cluster.node(0).kill();
        cluster.advance(DEAD.multipliedBy(3));
        assertThat(count(watcher, AWAY)).isEqualTo(1);
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
    }

    @Test
    void anAbsenceThatHasBeenToldIsNotToldAgainByTheNextNode() {
        cluster.start();
        TestClient ann = connect(0, "ann");
        TestClient watcher = watcher(1);
        ann.dropConnection();
        cluster.advance(Duration.ofSeconds(1));
        cluster.node(0).kill();
        cluster.advance(DEAD.multipliedBy(3));
        assertThat(count(watcher, AWAY)).isEqualTo(1);
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        ann.dropConnection();
        assertThat(count(watcher, AWAY)).isEqualTo(2);
    }

    @Test
    void anAudienceMayBeNobody() {
        more = builder ->
                builder.namespace("/quiet", quiet -> quiet.allowAnonymous().absencesTo(session -> null));
        cluster.start();
        TestClient watcher = watcher(0);
        cluster.connect(0, "/quiet", "ann").dropConnection();
        cluster.advance(DEAD);
        assertThat(count(watcher, AWAY)).isZero();
    }

    @Test
    void whatTheClientMayDoIsSaidOfWhoItIs() {
        Authenticator byName = handshake -> Optional.of(Principal.of("ann"));
        more = builder -> builder.authenticator(byName);
        cluster.start();
        TestClient ann = connect(0, "bob");
        assertThat(argument(ann, "connection:confirmed")
                        .path("features")
                        .path("kick")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void aNameIsOneThatAnEventMayHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LifecycleEvents.DEFAULT.disconnected("disconnect"))
                .withMessageStartingWith("LifecycleEvents.disconnected: an event's name has 1 to 128 characters");
        assertThat(LifecycleEvents.DEFAULT.confirmed("hello")).isEqualTo(LifecycleEvents.DEFAULT.confirmed("hello"));
        assertThat(LifecycleEvents.SESSION).isNotEqualTo(LifecycleEvents.CONNECTION);
    }
}
