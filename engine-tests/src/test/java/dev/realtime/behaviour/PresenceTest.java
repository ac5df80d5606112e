package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.JOIN;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Attribute;
import dev.realtime.Online;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Room;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.Status;
import dev.realtime.presence.UserPresence;
import dev.realtime.spi.LogEntry;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestNode;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All nodes know who is there, the same and in the same order, whatever happens to them. */
class PresenceTest {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Attribute<String> CHARACTER = Attribute.recorded("character", String.class);

    /** The edges that the application was told, on whatever node. */
    private final List<String> told = new ArrayList<>();

    private boolean failing;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(3, this::game).allowHandlerFailures();

    private RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(WINDOW))
                .lease(LEASE)
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT
                                        .rooms(ZONE)
                                        .show(CHARACTER)
                                        .awayAfter(Duration.ofMinutes(5))
                                        .statusEvent("set_status")
                                        .onChange((namespace, change) -> {
                                            if (failing) {
                                                failing = false;
                                                throw new AssertionError("the application's own");
                                            }
                                            told.add(change.userId() + (change.online() ? " online" : " offline"));
                                        }))
                                .allowAnonymous()
                                .on(
                                        JOIN,
                                        (session, room) -> new Number(session.join(ZONE.of(room.name()))
                                                .size()))
                                .on(Game.LEAVE, (session, room) -> {
                                    session.leave(ZONE.of(room.name()));
                                    return new Number(0);
                                })
                                .on(Game.SAY, (session, said) -> session.set(CHARACTER, said.text())))
                .namespace("/silent", game -> {});
    }

    private Presence presence(int node) {
        return cluster.node(node).namespace("/").presence();
    }

    private void moment() {
        cluster.advance(MOMENT);
    }

    /** All running nodes say the same of a user, and know that they know. */
    private void assertEverywhere(String user, Status status) {
        for (TestNode node : cluster.nodes()) {
            if (node.isUp()) {
                Presence presence = node.namespace("/").presence();
                assertThat(presence.isComplete()).as("%s is complete", node).isTrue();
                assertThat(presence.user(user).status())
                        .as("%s at %s", user, node)
                        .isEqualTo(status);
                assertThat(presence.online(user)).isEqualTo(status == Status.DISCONNECTED ? Online.NO : Online.YES);
                assertThat(cluster.await(node.namespace("/").online(user)))
                        .isEqualTo(status == Status.DISCONNECTED ? Online.NO : Online.YES);
            }
        }
    }

    private void assertPopulation(String zone, int population) {
        for (TestNode node : cluster.nodes()) {
            if (node.isUp()) {
                assertThat(node.namespace("/").presence().population(ZONE.of(zone)))
                        .as("%s at %s", zone, node)
                        .isEqualTo(population);
            }
        }
    }

    @Test
    void whoComesAndGoesIsKnownEverywhereAndToldOnce() {
        moment();
        assertEverywhere("ann", Status.DISCONNECTED);
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        ann.disconnect();
        moment();
        assertEverywhere("ann", Status.DISCONNECTED);
        assertThat(told).containsExactly("ann online", "ann offline");
    }

    @Test
    void aLostConnectionIsNoEdgeAndNeitherIsAReturnAtAnotherNode() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        ann.dropConnection();
        moment();
        assertEverywhere("ann", Status.RECONNECTING);
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        assertThat(presence(2).user("ann").sessions())
                .singleElement()
                .satisfies(session -> assertThat(session.node())
                        .isEqualTo(cluster.node(1).realtime().node()));
        assertThat(told).containsExactly("ann online");
    }

    @Test
    void aListenerThatThrowsIsToldOfTheNextChange() {
        failing = true;
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        assertThat(failing).isFalse();
        ann.disconnect();
        moment();
        assertThat(told).containsExactly("ann offline");
    }

    @Test
    void aWindowThatIsOverIsTheEnd() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        ann.dropConnection();
        cluster.advance(WINDOW.plusSeconds(1));
        assertEverywhere("ann", Status.DISCONNECTED);
        assertThat(told).containsExactly("ann online", "ann offline");
    }

    @Test
    void twoSessionsOfOneUserAreOneUser() {
        TestClient one = cluster.connect(0, "/", "ann");
        TestClient other = cluster.connect(1, "/", "ann");
        moment();
        assertThat(presence(2).user("ann").sessions()).hasSize(2);
        one.disconnect();
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        other.disconnect();
        moment();
        assertEverywhere("ann", Status.DISCONNECTED);
        assertThat(told).containsExactly("ann online", "ann offline");
    }

    @Test
    void sessionsThatComeAndGoInTheSameMomentOnTwoNodesMakeOneEdge() {
        for (int round = 0; round < 5; round++) {
            told.clear();
            TestClient one = cluster.connect(0, "/", "ann");
            TestClient other = cluster.connect(1, "/", "ann");
            moment();
            assertThat(told).containsExactly("ann online");
            one.disconnect();
            other.disconnect();
            moment();
            assertThat(told).containsExactly("ann online", "ann offline");
            assertEverywhere("ann", Status.DISCONNECTED);
        }
    }

    @Test
    void aRoomKnowsHowManyAreInIt() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient again = cluster.connect(1, "/", "ann");
        TestClient bob = cluster.connect(2, "/", "bob");
        TestClient nobody = cluster.client(2).connect("/");
        for (TestClient client : List.of(ann, again, bob, nobody)) {
            client.request(JOIN, new Room("tavern"));
        }
        moment();
        assertPopulation("tavern", 3);
        assertThat(presence(0).users(ZONE.of("tavern"))).containsExactly("ann", "bob");
        bob.request(Game.LEAVE, new Room("tavern"));
        ann.disconnect();
        moment();
        assertPopulation("tavern", 2);
        again.disconnect();
        nobody.disconnect();
        moment();
        assertPopulation("tavern", 0);
    }

    @Test
    void aUserMayHaveAnyName() {
        List<String> users = List.of("\u0000", "\u0000\u0000eve", "\u0000eve", "eve");
        for (String user : users) {
            cluster.connect(0, "/", user).request(JOIN, new Room("tavern"));
        }
        cluster.client(2).connect("/").request(JOIN, new Room("tavern"));
        moment();
        assertPopulation("tavern", 5);
        assertThat(presence(1).users(ZONE.of("tavern"))).containsExactlyElementsOf(users);
    }

    @Test
    void aRoomOfAnotherKindHasNoPresence() {
        cluster.connect(0, "/", "ann");
        moment();
        assertThat(presence(0).population(dev.realtime.RoomKind.USER.of("ann"))).isZero();
    }

    @Test
    void aKilledNodeLeavesNothing() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.connect(0, "/", "bob");
        TestClient cid = cluster.connect(1, "/", "cid");
        ann.request(JOIN, new Room("tavern"));
        moment();
        cluster.node(0).kill();
        cluster.advance(LEASE.multipliedBy(2));
        assertEverywhere("ann", Status.RECONNECTING);
        ann.reconnect(2);
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        assertPopulation("tavern", 1);
        assertThat(told).doesNotContain("ann offline", "bob offline");
        cluster.advance(WINDOW);
        assertEverywhere("bob", Status.DISCONNECTED);
        assertThat(told).containsExactlyInAnyOrder("ann online", "bob online", "cid online", "bob offline");
        assertThat(cid.isConnected()).isTrue();
    }

    @Test
    void aNodeThatComesLateKnowsWhoIsThere() {
        cluster.node(2).kill();
        cluster.advance(LEASE.multipliedBy(2));
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.connect(1, "/", "bob");
        ann.request(JOIN, new Room("tavern"));
        moment();
        cluster.node(2).start();
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        assertEverywhere("bob", Status.CONNECTED);
        assertPopulation("tavern", 1);
        assertThat(told).containsExactly("ann online", "bob online");
    }

    @Test
    void threeRestartsInARowAreNoEdges() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        moment();
        for (int node = 0; node < 3; node++) {
            cluster.node(node).close();
            cluster.node(node).start();
            moment();
            for (TestClient client : List.of(ann, bob)) {
                if (!client.isConnected()) {
                    client.reconnect(2 - node);
                }
            }
            cluster.advance(LEASE.multipliedBy(2));
            for (TestClient client : List.of(ann, bob)) {
                if (!client.isConnected()) {
                    client.reconnect();
                }
            }
            moment();
            assertEverywhere("ann", Status.CONNECTED);
            assertEverywhere("bob", Status.CONNECTED);
        }
        assertThat(told).containsExactly("ann online", "bob online");
    }

    @Test
    void aNodeThatWasCutOffAgreesWithTheOthersAgain() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.connect(1, "/", "bob");
        moment();
        cluster.node(0).partition();
        cluster.advance(LEASE.multipliedBy(2));
        cluster.connect(1, "/", "cid");
        ann.disconnect();
        moment();
        cluster.node(0).heal();
        cluster.advance(LEASE.multipliedBy(2));
        assertEverywhere("bob", Status.CONNECTED);
        assertEverywhere("cid", Status.CONNECTED);
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(3)));
        assertEverywhere("ann", Status.DISCONNECTED);
    }

    @Test
    void whenTheBackendHasLostEverythingAllIsSaidAgain() {
        cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        moment();
        cluster.backend().lose();
        cluster.advance(LEASE.multipliedBy(2));
        for (TestNode node : cluster.nodes()) {
            assertThat(node.namespace("/").presence().isComplete()).isTrue();
            assertThat(node.namespace("/").presence().users())
                    .isEqualTo(presence(0).users());
        }
        bob.reconnect();
        moment();
        cluster.advance(WINDOW.plus(LEASE.multipliedBy(3)));
        assertEverywhere("ann", Status.DISCONNECTED);
        assertEverywhere("bob", Status.CONNECTED);
    }

    @Test
    void aFrozenNodeThatWasTakenForDeadSaysWhatItStillHas() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        cluster.node(0).freeze();
        cluster.advance(LEASE.multipliedBy(3));
        cluster.node(0).thaw();
        cluster.advance(LEASE);
        if (!ann.isConnected()) {
            ann.reconnect();
        }
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        assertThat(told).doesNotContain("ann offline");
    }

    @Test
    void aNodeThatWasTakenForDeadByOneThatHasGoneSinceIsNotAskedWithoutEnd() {
        cluster.connect(0, "/", "ann");
        cluster.node(2).close();
        moment();
        cluster.node(0).freeze();
        cluster.advance(LEASE.multipliedBy(3)); // the other one says that it is dead,
        cluster.node(0).thaw(); // which it is not,
        cluster.advance(LEASE.dividedBy(2));
        cluster.node(1).close(); // and goes
        cluster.node(0).freeze();
        cluster.node(1).restart();
        cluster.advance(LEASE.dividedBy(2)); // it has asked a second time
        cluster.node(0).thaw();
        long before = notes();
        cluster.advance(LEASE.multipliedBy(2));
        assertThat(notes() - before).isLessThan(20);
        assertThat(presence(0).isComplete()).isTrue();
        assertThat(presence(1).isComplete()).isTrue();
    }

    private long notes() {
        return cluster.backend().entries("/").stream()
                .filter(entry -> entry.toString().contains("presence"))
                .count();
    }

    @Test
    void whoIsAwayIsSinceWhen() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        Instant left = cluster.time().now();
        ann.emitRaw("set_status", "away");
        moment();
        assertEverywhere("ann", Status.AWAY);
        assertThat(presence(2).user("ann").awaySince()).contains(left);
        ann.request(JOIN, new Room("tavern"));
        moment();
        assertEverywhere("ann", Status.AWAY);
        ann.emitRaw("set_status", "connected");
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        assertThat(ann.askRaw("set_status", "disconnected").errorCode()).isEqualTo("invalid_payload");
        assertThat(told).containsExactly("ann online");
    }

    @Test
    void whoHasSaidThatHeIsAwayIsSoWhereverHeComesBack() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        Instant left = cluster.time().now();
        ann.emitRaw("set_status", "away");
        moment();
        ann.dropConnection();
        moment();
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        moment();
        assertEverywhere("ann", Status.AWAY);
        assertThat(presence(2).user("ann").awaySince()).contains(left);
        cluster.node(1).kill();
        cluster.advance(LEASE.multipliedBy(2));
        ann.reconnect(2);
        assertThat(ann.recovered()).isTrue();
        moment();
        assertEverywhere("ann", Status.AWAY);
        ann.emitRaw("set_status", "connected");
        moment();
        ann.dropConnection();
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        assertThat(told).containsExactly("ann online");
    }

    @Test
    void aStatusIsSaidAsOftenAsItsLimitSays() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        for (int i = 0; i < 5; i++) {
            ann.emitRaw("set_status", i % 2 == 0 ? "away" : "connected");
        }
        assertThat(ann.askRaw("set_status", "connected").errorCode()).isEqualTo("rate_limited");
        moment();
        assertEverywhere("ann", Status.AWAY);
    }

    @Test
    void whoComesToAndLeavesARoomWithoutEndFillsNoLogAndIsWhereHeIs() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(0, "/", "bob");
        for (int i = 0; i < 200; i++) {
            ann.ask(JOIN, new Room("a-room-with-a-name-" + i));
        }
        moment();
        long before = noted();
        for (int i = 0; i < 1_000; i++) {
            ann.ask(i % 2 == 0 ? JOIN : Game.LEAVE, new Room("tavern"));
            cluster.advance(Duration.ofMillis(10));
        }
        assertThat(noted() - before).as("characters in ten seconds").isBetween(50_000L, 150_000L);
        bob.request(JOIN, new Room("tavern"));
        moment();
        assertThat(presence(1).users(ZONE.of("tavern"))).as("nobody else waits").contains("bob");
        ann.request(JOIN, new Room("tavern"));
        cluster.advance(Duration.ofSeconds(2));
        assertPopulation("tavern", 2);
        ann.disconnect();
        moment();
        assertEverywhere("ann", Status.DISCONNECTED);
    }

    private long noted() {
        return cluster.backend().entries("/").stream()
                .map(placed -> placed.entry())
                .filter(LogEntry.Note.class::isInstance)
                .mapToLong(note -> ((LogEntry.Note) note).text().length())
                .sum();
    }

    @Test
    void whatIsSaidOfASessionThatHasEndedDoesNotKeepIt() {
        WeakReference<Session> ended = endedAndBack();
        cluster.advance(Duration.ofMinutes(20)); // for so long others may ask for it
        for (int i = 0; i < 50 && ended.get() != null; i++) {
            System.gc();
        }
        assertThat(ended.get()).isNull();
    }

    private WeakReference<Session> endedAndBack() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        Session session = cluster.node(0).namespace("/").find(ann.id()).orElseThrow();
        ann.disconnect();
        moment();
        presence(0).back(session);
        return new WeakReference<>(session);
    }

    @Test
    void whoSendsNothingForLongIsAwayUntilHeDoes() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.advance(Duration.ofMinutes(4));
        assertEverywhere("ann", Status.CONNECTED);
        cluster.advance(Duration.ofMinutes(3));
        assertEverywhere("ann", Status.AWAY);
        ann.request(JOIN, new Room("tavern"));
        moment();
        assertEverywhere("ann", Status.CONNECTED);
    }

    @Test
    void aSessionShowsWhatItIsToShow() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.emit(Game.SAY, new Game.Text("a \"bard\""));
        moment();
        UserPresence seen = presence(2).user("ann");
        assertThat(seen.sessions().get(0).get(CHARACTER)).contains("a \"bard\"");
        ann.emit(Game.SAY, new Game.Text("x".repeat(2_000)));
        moment();
        assertThat(presence(2).user("ann").sessions().get(0).get(CHARACTER))
                .as("too much")
                .isEmpty();
    }

    @Test
    void withoutTheSwitchThereIsNothing() {
        TestClient ann = cluster.connect(0, "/silent", "ann");
        moment();
        assertThatThrownBy(() -> cluster.node(0).namespace("/silent").presence())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NamespaceSetup.presence");
        assertThat(cluster.backend().entries("/silent")).noneMatch(placed -> placed.entry() instanceof LogEntry.Note);
        assertThat(cluster.await(cluster.node(1).namespace("/silent").online("ann")))
                .isEqualTo(Online.YES);
        ann.disconnect();
    }

    @Test
    void whoAsksBeforeItIsKnownIsAnsweredWhenItIs() {
        cluster.connect(0, "/", "ann");
        moment();
        cluster.node(0).freeze();
        cluster.node(1).freeze();
        cluster.node(2).restart();
        assertThat(presence(2).isComplete()).isFalse();
        assertThat(presence(2).online("ann")).isEqualTo(Online.UNKNOWN);
        var asked = cluster.node(2).namespace("/").online("ann");
        moment();
        cluster.node(0).thaw();
        cluster.node(1).thaw();
        assertThat(cluster.await(asked)).isEqualTo(Online.YES);
        assertThat(presence(2).users()).isEqualTo(Set.of("ann"));
    }

    @Test
    void whoComesBackBeforeItsNodeIsAnsweredIsToldToBeOnline() {
        moment();
        cluster.node(0).freeze();
        cluster.node(1).freeze();
        cluster.node(2).restart();
        TestClient ann = cluster.connect(2, "/", "ann");
        moment();
        ann.dropConnection();
        moment();
        ann.reconnect(2);
        assertThat(ann.recovered()).isTrue();
        cluster.advance(LEASE.dividedBy(2)); // it has asked a second time
        cluster.node(0).thaw();
        cluster.node(1).thaw();
        moment();
        assertEverywhere("ann", Status.CONNECTED);
        assertThat(told).containsExactly("ann online");
        ann.disconnect();
        moment();
        assertEverywhere("ann", Status.DISCONNECTED);
        assertThat(told).containsExactly("ann online", "ann offline");
    }

    @Test
    void aNodeThatNobodyAnswersDoesNotWaitForEver() {
        cluster.connect(0, "/", "ann");
        moment();
        cluster.node(0).partition();
        cluster.node(1).partition();
        cluster.node(2).restart();
        var asked = cluster.node(2).namespace("/").online("ann");
        cluster.advance(LEASE.multipliedBy(3));
        assertThat(cluster.await(asked)).isEqualTo(Online.NO);
        cluster.node(0).heal();
        cluster.node(1).heal();
        cluster.advance(LEASE.multipliedBy(2));
        assertEverywhere("ann", presence(0).user("ann").status());
    }
}
