package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static dev.realtime.behaviour.Game.ZONE;
import static dev.realtime.behaviour.Game.ticks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecoveryTest {
    private static final RoomKey CAVE = ZONE.of("cave");
    private static final RoomKey TAVERN = ZONE.of("tavern");

    private final List<String> told = new ArrayList<>();
    private final Set<RoomKey> forbidden = new HashSet<>();
    private boolean ruleFails;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .recovery(Recovery.within(Duration.ofMinutes(2)).maxEntries(500))
            .limits(Limits.DEFAULT)
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .joins(Game.ZONE, this::allowed)
                            .onConnect(session -> told.add("connect"))
                            .onSuspend((session, reason) -> told.add("suspend " + reason))
                            .onResume(session -> told.add("resume"))
                            .onFresh((session, reason) -> told.add("fresh " + reason))
                            .onDisconnect((session, reason) -> told.add("disconnect " + reason))
                            .on(Game.ECHO, (session, text) -> text)));

    private boolean allowed(Principal principal, RoomKey room) {
        if (ruleFails) {
            throw new IllegalStateException("whoever knows is away");
        }
        return !forbidden.contains(room);
    }

    @Test
    void aRuleThatFailsCostsNoSessionAndNoPlaceForOthers() {
        List<TestClient> crowd = new ArrayList<>();
        for (int i = 0; i < Limits.DEFAULT.resumesAtOnce() + 6; i++) {
            TestClient one = realtime.connect("/", "user" + i);
            Game.session(realtime, one).join(TAVERN);
            crowd.add(one);
        }
        realtime.settle();
        crowd.forEach(TestClient::dropConnection);
        ruleFails = true;
        crowd.forEach(TestClient::reconnect);
        assertThat(crowd).noneMatch(TestClient::isConnected);
        ruleFails = false;
        crowd.forEach(TestClient::reconnect);
        assertThat(crowd).allMatch(TestClient::recovered);
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
    }

    @Test
    void aSessionSurvivesAProtocolErrorOfItsConnection() {
        TestClient ann = realtime.connect("/", "ann");
        Game.ticks(realtime, 0, 2);
        ann.sendRaw("42/nowhere,[\"early\"]");
        realtime.settle();
        assertThat(ann.isConnected()).isFalse();
        Game.ticks(realtime, 2, 4);
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(Game.ticks(ann)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void nothingIsLostRepeatedOrReorderedAcrossADrop() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(realtime, 0, 10);
        ann.dropConnection();
        ticks(realtime, 10, 30);
        ann.reconnect();
        ticks(realtime, 30, 40);
        assertRecovered(ann, 40);
    }

    @Test
    void aClientThatSawNoEventBeforeTheDropGetsThemAll() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        ann.dropConnection();
        ticks(realtime, 0, 10);
        assertThat(ann.lastOffset()).isEmpty();
        ann.reconnect();
        assertRecovered(ann, 10);
        assertThat(ann.id()).isEqualTo(id);
    }

    @Test
    void aClientThatMissedNothingIsRecoveredToo() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(realtime, 0, 3);
        ann.dropConnection();
        ann.reconnect();
        assertRecovered(ann, 3);
        ann.dropConnection();
        ann.reconnect();
        assertRecovered(ann, 3);
    }

    @Test
    void whatWasOnItsWayWhenTheNetworkBrokeComesAgain() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(realtime, 0, 3);
        for (int i = 3; i < 8; i++) {
            realtime.namespace("/").emit(TICK, new Number(i));
        }
        ann.dropConnection();
        ann.reconnect();
        assertRecovered(ann, 8);
    }

    @Test
    void manyDropsInARowLoseNothing() {
        TestClient ann = realtime.connect("/", "ann");
        for (int round = 0; round < 20; round++) {
            ticks(realtime, round * 5, round * 5 + 3);
            if (round % 3 == 0) {
                ann.loseNetwork();
            } else {
                ann.dropConnection();
            }
            ticks(realtime, round * 5 + 3, round * 5 + 5);
            realtime.advance(Duration.ofSeconds(round));
            ann.reconnect();
        }
        assertRecovered(ann, 100);
    }

    @Test
    void emitsToOneSessionAreRecovered() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        Session session = Game.session(realtime, ann);
        session.emit(TICK, new Number(0));
        realtime.settle();
        ann.dropConnection();
        session.emit(TICK, new Number(1));
        realtime.namespace("/").session(session.id()).emit(TICK, new Number(2));
        realtime.namespace("/").user("ann").emit(TICK, new Number(3));
        realtime.settle();
        ann.reconnect();
        assertRecovered(ann, 4);
        assertThat(bob.received(TICK)).isEmpty();
    }

    @Test
    void theSessionObjectGoesOn() {
        TestClient ann = realtime.connect("/", "ann");
        Session session = Game.session(realtime, ann);
        session.join(CAVE);
        ann.dropConnection();
        assertThat(session.isConnected()).isFalse();
        assertThat(session.isClosed()).isFalse();
        assertThat(session.transport()).isEmpty();
        ann.reconnect();
        assertThat(session.isConnected()).isTrue();
        assertThat(Game.session(realtime, ann)).isSameAs(session);
        assertThat(session.rooms()).contains(CAVE);
        assertThat(told).containsExactly("connect", "suspend " + DisconnectReason.TRANSPORT_ERROR, "resume");
    }

    @Test
    void theReplayHoldsWhatWasSentWhileTheSessionWasAMember() {
        TestClient ann = realtime.connect("/", "ann");
        Session session = Game.session(realtime, ann);
        session.join(CAVE);
        session.emit(SAID, new Text("start"));
        realtime.settle();
        ann.dropConnection();
        emit(CAVE, "cave 1");
        emit(TAVERN, "tavern 1");
        realtime.namespace("/").session(session.id()).join(TAVERN);
        realtime.settle();
        emit(TAVERN, "tavern 2");
        realtime.namespace("/").session(session.id()).leave(CAVE);
        realtime.settle();
        emit(CAVE, "cave 2");
        session.leave(TAVERN);
        emit(TAVERN, "tavern 3");
        session.join(CAVE);
        emit(CAVE, "cave 3");
        realtime.settle();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received(SAID)).extracting(Text::text).containsExactly("start", "cave 1", "tavern 2", "cave 3");
    }

    @Test
    void volatileEventsAreNotReplayedAndTheirStampLosesNothing() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 10; i++) {
            realtime.namespace("/").emit(TICK, new Number(i));
            realtime.namespace("/").asVolatile().emit(SAID, new Text("v" + i));
        }
        realtime.settle();
        ann.dropConnection();
        realtime.namespace("/").asVolatile().emit(SAID, new Text("lost"));
        ticks(realtime, 10, 15);
        ann.reconnect();
        assertRecovered(ann, 15);
        assertThat(ann.received(SAID)).hasSize(10).doesNotContain(new Text("lost"));
        assertThat(ann.received()).allMatch(event -> event.offset() != null);
    }

    @Test
    void offsetsNeverDecreaseAndReliableOnesStrictlyIncrease() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(realtime, 0, 20);
        ann.dropConnection();
        ticks(realtime, 20, 40);
        ann.reconnect();
        List<dev.realtime.Position> offsets = ann.received().stream()
                .map(event -> dev.realtime.Position.parse(event.offset()))
                .toList();
        assertThat(offsets)
                .hasSize(40)
                .isSortedAccordingTo(dev.realtime.Position::compareTo)
                .doesNotHaveDuplicates();
    }

    @Test
    void afterTheWindowTheClientGetsAFreshSessionAndTheApplicationAReason() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        ticks(realtime, 0, 3);
        ann.dropConnection();
        realtime.advance(Duration.ofMinutes(2).plusSeconds(1));
        ann.reconnect();
        assertFresh(ann, id, FreshReason.UNKNOWN_SESSION);
        assertThat(told)
                .containsSubsequence(
                        "suspend TRANSPORT_ERROR", "disconnect WINDOW_OVER", "fresh UNKNOWN_SESSION", "connect");
        ticks(realtime, 3, 5);
        assertThat(ticks(ann)).as("nothing old comes again").containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void justBeforeTheEndOfTheWindowTheSessionIsStillThere() {
        TestClient ann = realtime.connect("/", "ann");
        ann.dropConnection();
        ticks(realtime, 0, 3);
        realtime.advance(Duration.ofMinutes(2).minusMillis(1));
        ann.reconnect();
        assertRecovered(ann, 3);
    }

    @Test
    void theOffsetOfAnEarlierSessionThatTheClientStillCarriesIsHarmless() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(realtime, 0, 3);
        ann.dropConnection();
        realtime.advance(Duration.ofMinutes(3));
        ticks(realtime, 3, 5);
        ann.reconnect();
        assertThat(ann.recovered()).isFalse();
        assertThat(ann.lastOffset()).as("the client does not reset it").isPresent();
        ann.dropConnection();
        ticks(realtime, 5, 8);
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(ticks(ann)).containsExactly(0, 1, 2, 5, 6, 7);
    }

    @Test
    void aForgedOffsetGetsAFreshSession() {
        for (String forged : List.of("99999999999999-0", "x", "-1-5", "999999999999999999999-1", "1-1", "0-0", "{}")) {
            TestClient ann = realtime.connect("/", "ann");
            String id = ann.id();
            ticks(realtime, 0, 2);
            ann.dropConnection();
            ann.forge(ann.privateId().orElseThrow(), forged);
            ann.reconnect();
            assertThat(ann.isConnected()).as(forged).isTrue();
            if (ann.recovered()) {
                assertThat(forged)
                        .as("an offset from before the session is its start")
                        .isIn("1-1", "0-0");
                assertThat(ticks(ann)).containsSubsequence(0, 1);
            } else {
                assertFresh(ann, id, FreshReason.BAD_OFFSET);
            }
            ann.closeConnection();
        }
    }

    @Test
    void aGuessedPrivateIdGetsAFreshSession() {
        for (String guess : List.of("n0-00000000000000000", "", "../../x", "x".repeat(5_000))) {
            TestClient eve = realtime.client().user("eve").connect("/");
            eve.closeConnection();
            told.clear();
            eve.forge(guess, "1-1");
            eve.reconnect();
            assertThat(eve.isConnected()).as("%.20s", guess).isTrue();
            assertThat(eve.recovered()).isFalse();
        }
    }

    @Test
    void aStolenPrivateIdIsOfNoUseToSomebodyElse() {
        TestClient ann = realtime.connect("/", "ann");
        Session session = Game.session(realtime, ann);
        ann.dropConnection();
        session.emit(SAID, new Text("for ann alone"));
        realtime.settle();
        TestClient eve = realtime.connect("/", "eve");
        eve.closeConnection();
        told.clear();
        eve.forge(ann.privateId().orElseThrow(), null);
        eve.reconnect();
        assertThat(eve.recovered()).isFalse();
        assertThat(eve.received(SAID)).isEmpty();
        assertThat(told).contains("fresh CREDENTIALS_CHANGED");
        ann.reconnect();
        assertThat(ann.recovered()).as("the owner is not harmed").isTrue();
        assertThat(ann.next(SAID).text()).isEqualTo("for ann alone");
    }

    @Test
    void aRoomThatIsNoLongerAllowedMakesTheSessionFresh() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        Game.session(realtime, ann).join(CAVE);
        realtime.settle();
        ann.dropConnection();
        emit(CAVE, "members only");
        forbidden.add(CAVE);
        ann.reconnect();
        assertFresh(ann, id, FreshReason.ROOM_FORBIDDEN);
        assertThat(ann.received(SAID)).isEmpty();
    }

    @Test
    void aTrimmedLogMakesTheSessionFresh() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        ticks(realtime, 0, 2);
        ann.dropConnection();
        for (int i = 0; i < 3_000; i++) {
            realtime.namespace("/").emit(TICK, new Number(i));
        }
        realtime.settle();
        ann.reconnect();
        assertThat(ann.recovered()).isFalse();
        assertThat(ann.id()).isNotEqualTo(id);
        assertThat(told.stream()
                        .filter(line -> line.startsWith("fresh"))
                        .findFirst()
                        .orElse("none"))
                .isEqualTo("fresh " + FreshReason.LOG_TRIMMED);
        assertThat(ticks(ann)).containsExactly(0, 1);
    }

    @Test
    void aClientMayReturnBeforeItsOldConnectionIsKnownToBeDead() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(realtime, 0, 5);
        ann.loseNetwork();
        ticks(realtime, 5, 10);
        ann.reconnect();
        ticks(realtime, 10, 15);
        assertRecovered(ann, 15);
        realtime.advance(Duration.ofMinutes(5));
        assertThat(ann.isConnected()).isTrue();
        assertThat(realtime.namespace("/").sessions()).hasSize(1);
        assertThat(told).containsExactly("connect", "suspend " + DisconnectReason.CONNECTION_REPLACED, "resume");
    }

    @Test
    void ofTwoResumesAtOnceOneGetsTheSession() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        ticks(realtime, 0, 3);
        ann.dropConnection();
        ticks(realtime, 3, 6);
        String auth = "40{\"pid\":\"" + ann.privateId().orElseThrow() + "\",\"offset\":\""
                + ann.lastOffset().orElseThrow() + "\",\"user\":\"ann\"}";
        var view = dev.realtime.testkit.TestRequest.of("GET", "/socket.io/")
                .query("EIO", "4")
                .query("transport", "websocket")
                .view();
        var one = realtime.transport().open(view);
        var two = realtime.transport().open(view);
        one.send(auth);
        two.send(auth);
        realtime.settle();
        ticks(realtime, 6, 8);
        assertThat(realtime.namespace("/").find(id).orElseThrow().isConnected()).isTrue();
        long live = List.of(one, two).stream()
                .filter(socket -> socket.isOpen()
                        && socket.texts().stream().anyMatch(text -> text.contains("\"sid\":\"" + id + "\""))
                        && socket.texts().stream().anyMatch(text -> text.contains("{\"value\":7}")))
                .filter(socket -> IntStream.range(3, 8)
                        .allMatch(i -> socket.texts().stream()
                                        .filter(text -> text.contains("{\"value\":" + i + "}"))
                                        .count()
                                == 1))
                .count();
        assertThat(live)
                .as("connections that carry the session and got each event once")
                .isEqualTo(1);
    }

    @Test
    void aSessionThatTheClientLeftIsNotRecovered() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        ann.disconnect();
        assertThat(told).containsExactly("connect", "disconnect " + DisconnectReason.CLIENT_DISCONNECT);
        ann.reconnect();
        assertFresh(ann, id, FreshReason.UNKNOWN_SESSION);
    }

    @Test
    void aSessionThatTheServerEndedIsNotRecovered() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        Game.session(realtime, ann).disconnect();
        realtime.settle();
        ann.reconnect();
        assertFresh(ann, id, FreshReason.UNKNOWN_SESSION);
    }

    @Test
    void aSuspendedSessionCanBeDisconnected() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        Session session = Game.session(realtime, ann);
        ann.dropConnection();
        session.disconnect();
        realtime.settle();
        assertThat(session.isClosed()).isTrue();
        ann.reconnect();
        assertFresh(ann, id, FreshReason.UNKNOWN_SESSION);
    }

    @Test
    void everyNamespaceOfAConnectionRecoversByItself() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(realtime, 0, 2);
        ann.dropConnection();
        ticks(realtime, 2, 4);
        ann.reconnect();
        assertRecovered(ann, 4);
        TestClient bob = realtime.client().user("bob").upgrading().connect("/");
        ticks(realtime, 4, 6);
        bob.dropConnection();
        ticks(realtime, 6, 8);
        bob.reconnect();
        assertThat(bob.recovered()).isTrue();
        assertThat(ticks(bob)).containsExactly(4, 5, 6, 7);
    }

    private void emit(RoomKey room, String text) {
        realtime.namespace("/").room(room).emit(SAID, new Text(text));
    }

    private static void assertRecovered(TestClient client, int through) {
        assertThat(client.recovered()).as(client.toString()).isTrue();
        assertThat(ticks(client)).isEqualTo(IntStream.range(0, through).boxed().toList());
    }

    private void assertFresh(TestClient client, String oldId, FreshReason reason) {
        assertThat(client.isConnected()).isTrue();
        assertThat(client.recovered()).isFalse();
        assertThat(client.id()).isNotEqualTo(oldId);
        assertThat(told).contains("fresh " + reason);
    }
}
