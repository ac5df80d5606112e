package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.JOIN;
import static dev.realtime.behaviour.Game.LEAVE;
import static dev.realtime.behaviour.Game.TICK;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.InvalidRoomException;
import dev.realtime.Namespace;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.TooManyRoomsException;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Room;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session that watches gets a snapshot, and then each change once and in order, also after it was away. */
class PresenceWatchTest {
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final RoomKind HALL = RoomKind.named("tournament-spectators-of-all");

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, PresenceWatchTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(1)))
                .lease(Duration.ofSeconds(10))
                .namespace("/crowds", PresenceWatchTest::crowds)
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT
                                        .rooms(ZONE, HALL)
                                        .maxWatched(3))
                                .on(
                                        JOIN,
                                        (session, room) -> new Number(session.join(ZONE.of(room.name()))
                                                .size()))
                                .on(LEAVE, (session, room) -> {
                                    session.leave(ZONE.of(room.name()));
                                    return new Number(0);
                                }));
    }

    private static void crowds(NamespaceSetup game) {
        game.presence(PresenceOptions.DEFAULT.rooms(HALL));
    }

    private void moment() {
        cluster.advance(MOMENT);
    }

    private Session session(int node, TestClient client) {
        return cluster.node(node).namespace("/").find(client.id()).orElseThrow();
    }

    private void watch(int node, TestClient client, String user) {
        cluster.node(node).namespace("/").presence().watch(session(node, client), user);
        cluster.settle();
    }

    private void watchRoom(int node, TestClient client, String zone) {
        cluster.node(node).namespace("/").presence().watch(session(node, client), ZONE.of(zone));
        cluster.settle();
    }

    /** What a client has got, without the names of the events. */
    private static List<String> seen(TestClient client, String event) {
        return client.received().stream()
                .filter(received -> received.name().equals(event))
                .map(received -> received.arguments().get(0).toString())
                .toList();
    }

    /** What it gets in the meantime says nothing of the snapshot, which would have come behind all that it has missed. */
    @Test
    void whoIsLostInTheMiddleOfAReplayIsShownWhatItHasNotBeenShown() {
        try (TestCluster slow = TestCluster.of(2, () -> game().outbox(OutboxLimits.DEFAULT.maxMessages(16)))
                .start()) {
            Namespace game = slow.node(0).namespace("/");
            slow.connect(1, "/", "bob");
            TestClient ann = slow.connect(0, "/", "ann");
            slow.advance(Duration.ofSeconds(30)); // nodes that have just come show everybody everything
            game.emit(TICK, new Number(0));
            slow.advance(MOMENT);
            Session session = game.find(ann.id()).orElseThrow();
            ann.loseNetwork();
            game.presence().watch(session, "bob");
            for (int i = 1; i <= 100; i++) {
                slow.advance(MOMENT);
                game.emit(TICK, new Number(i));
            }
            slow.advance(MOMENT);
            ann.watch(new ClientWatcher() {
                @Override
                public void received(TestClient client, ReceivedEvent event) {
                    if (client.received(TICK).size() == 20) {
                        client.dropConnection();
                    }
                }
            });
            ann.beginReconnect(0);
            slow.advance(MOMENT);
            assertThat(ann.isConnected()).isFalse();
            assertThat(ann.received(TICK)).hasSizeBetween(20, 60);
            assertThat(seen(ann, "presence:snapshot")).isEmpty();
            ann.reconnect(1);
            slow.advance(MOMENT);
            assertThat(ann.recovered()).isTrue();
            assertThat(ann.received(TICK)).hasSize(101);
            assertThat(seen(ann, "presence:snapshot")).containsExactly("[{\"user\":\"bob\",\"status\":\"connected\"}]");
        }
    }

    @Test
    void aSnapshotComesFirstAndThenWhatChanges() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        watch(0, ann, "bob");
        TestClient bob = cluster.connect(1, "/", "bob");
        moment();
        bob.dropConnection();
        moment();
        bob.reconnect(0);
        moment();
        bob.disconnect();
        moment();
        assertThat(seen(ann, "presence:snapshot")).containsExactly("[{\"user\":\"bob\",\"status\":\"disconnected\"}]");
        assertThat(seen(ann, "presence:diff"))
                .containsExactly(
                        "[{\"user\":\"bob\",\"status\":\"connected\"}]",
                        "[{\"user\":\"bob\",\"status\":\"reconnecting\",\"reconnectWindow\":60000}]",
                        "[{\"user\":\"bob\",\"status\":\"connected\"}]",
                        "[{\"user\":\"bob\",\"status\":\"disconnected\"}]");
    }

    @Test
    void aRoomTellsWhoComesAndGoes() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.request(JOIN, new Room("tavern"));
        moment();
        watchRoom(0, ann, "tavern");
        TestClient cid = cluster.connect(1, "/", "cid");
        cid.request(JOIN, new Room("tavern"));
        moment();
        bob.request(LEAVE, new Room("tavern"));
        moment();
        assertThat(seen(ann, "presence:snapshot"))
                .containsExactly("[{\"room\":\"zone:tavern\",\"population\":1,\"users\":[{\"user\":\"bob\",\"status\":"
                        + "\"connected\"}]}]");
        assertThat(seen(ann, "presence:diff"))
                .containsExactly(
                        "[{\"room\":\"zone:tavern\",\"population\":2,\"joined\":[{\"user\":\"cid\",\"status\":"
                                + "\"connected\"}]}]",
                        "[{\"room\":\"zone:tavern\",\"population\":1,\"left\":[\"bob\"]}]");
    }

    @Test
    void nobodySeesWhatHeDoesNotWatch() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(0, "/", "bob");
        moment();
        watch(0, ann, "cid");
        watchRoom(0, bob, "tavern");
        TestClient cid = cluster.connect(1, "/", "cid");
        TestClient dan = cluster.connect(1, "/", "dan");
        cid.request(JOIN, new Room("tavern"));
        dan.request(JOIN, new Room("cellar"));
        moment();
        assertThat(seen(ann, "presence:diff")).containsExactly("[{\"user\":\"cid\",\"status\":\"connected\"}]");
        assertThat(seen(bob, "presence:diff"))
                .containsExactly("[{\"room\":\"zone:tavern\",\"population\":1,\"joined\":[{\"user\":\"cid\",\"status\":"
                        + "\"connected\"}]}]");
    }

    @Test
    void whatOneEntryChangesIsOneEventForEachSession() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        watch(0, ann, "bob");
        watch(0, ann, "cid");
        cluster.connect(1, "/", "bob");
        cluster.connect(1, "/", "cid");
        moment();
        assertThat(seen(ann, "presence:diff"))
                .containsExactly(
                        "[{\"user\":\"bob\",\"status\":\"connected\"},{\"user\":\"cid\",\"status\":\"connected\"}]");
    }

    @Test
    void whatWasMissedIsReplayedOnAnotherNodeLikeAnyEvent() {
        cluster.advance(
                Duration.ofSeconds(20)); // a node that has just come does not know what its elders could not tell
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        watch(0, ann, "bob");
        TestClient bob = cluster.connect(1, "/", "bob");
        moment();
        ann.dropConnection();
        bob.disconnect();
        moment();
        TestClient again = cluster.connect(1, "/", "bob");
        moment();
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        again.disconnect();
        moment();
        assertThat(seen(ann, "presence:diff"))
                .containsExactly(
                        "[{\"user\":\"bob\",\"status\":\"connected\"}]",
                        "[{\"user\":\"bob\",\"status\":\"disconnected\"}]",
                        "[{\"user\":\"bob\",\"status\":\"connected\"}]",
                        "[{\"user\":\"bob\",\"status\":\"disconnected\"}]");
        assertThat(seen(ann, "presence:snapshot")).hasSize(1);
        assertThat(ann.received().stream()
                        .filter(event -> event.name().equals("presence:diff"))
                        .map(ReceivedEvent::offset))
                .doesNotHaveDuplicates();
    }

    @Test
    void aNodeThatDoesNotKnowWhatWasMissedShowsHowThingsAre() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        watch(0, ann, "bob");
        cluster.connect(0, "/", "bob");
        moment();
        ann.dropConnection();
        cluster.node(1).restart();
        moment();
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        moment();
        assertThat(seen(ann, "presence:snapshot"))
                .containsExactly(
                        "[{\"user\":\"bob\",\"status\":\"disconnected\"}]",
                        "[{\"user\":\"bob\",\"status\":\"connected\"}]");
    }

    @Test
    void aSnapshotThatMayHaveBeenLostIsShownAgain() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        ann.stall();
        watch(0, ann, "bob");
        ann.loseNetwork();
        cluster.connect(1, "/", "bob");
        cluster.advance(Duration.ofSeconds(50));
        ann.reconnect(0);
        moment();
        assertThat(seen(ann, "presence:snapshot")).last().isEqualTo("[{\"user\":\"bob\",\"status\":\"connected\"}]");
    }

    @Test
    void whoWatchesNoLongerHearsNoLonger() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        watch(0, ann, "bob");
        cluster.node(0).namespace("/").presence().unwatch(session(0, ann), "bob");
        cluster.connect(1, "/", "bob");
        moment();
        assertThat(seen(ann, "presence:diff")).isEmpty();
    }

    @Test
    void aRoomWithTheLongestNameIsWatchedByASessionThatGoesOnElsewhere() {
        String tavern = "x".repeat(256);
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        cluster.node(0).namespace("/").presence().watch(session(0, ann), HALL.of(tavern));
        moment();
        ann.dropConnection();
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        TestClient bob = cluster.connect(0, "/", "bob");
        session(0, bob).join(HALL.of(tavern));
        moment();
        assertThat(seen(ann, "presence:diff")).singleElement().asString().contains("bob");
        ann.disconnect();
        moment();
        assertThat(cluster.node(0).namespace("/").presence().users()).containsExactly("bob");
    }

    @Test
    void theRoomsOfThoseWhoWatchAreNoRoomsOfTheApplication() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        watch(0, ann, "bob");
        assertThat(session(0, ann).rooms()).containsExactly(RoomKind.USER.of("ann"));
        assertThat(cluster.node(0).namespace("/").rooms())
                .allMatch(room -> room.kind().equals("user"));
        assertThatThrownBy(() -> RoomKey.plain("$presence:u:bob"))
                .isInstanceOf(InvalidRoomException.class)
                .hasMessageContaining("the engine's own");
        assertThatThrownBy(() -> watch(0, ann, "x".repeat(257))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void roomsOfAKindThatIsCalledPresenceAreRoomsLikeAnyOther() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        session(0, ann).join("presence:u:bob");
        cluster.connect(1, "/", "bob");
        moment();
        assertThat(seen(ann, "presence:diff")).isEmpty();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < Limits.DEFAULT.maxRooms(); i++) {
                        session(0, ann).join(RoomKind.named("presence").of("x" + i));
                    }
                })
                .isInstanceOf(TooManyRoomsException.class);
    }

    @Test
    void whatIsAskedForInOneGoCountsBeforeItIsDone() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        Presence presence = cluster.node(0).namespace("/").presence();
        Session session = session(0, ann);
        for (String user : List.of("b", "c", "d")) {
            presence.watch(session, user);
        }
        assertThatThrownBy(() -> presence.watch(session, "e")).isInstanceOf(IllegalStateException.class);
        presence.unwatch(session, "b");
        presence.watch(session, "e");
        assertThatThrownBy(() -> presence.watch(session, "f")).isInstanceOf(IllegalStateException.class);
        cluster.settle();
        assertThatThrownBy(() -> presence.watch(session, "f")).isInstanceOf(IllegalStateException.class);
        for (String user : List.of("b", "c", "e", "f")) {
            cluster.connect(1, "/", user);
        }
        moment();
        assertThat(seen(ann, "presence:diff"))
                .hasSize(1)
                .first()
                .asString()
                .contains("c", "e")
                .doesNotContain("b\"", "f\"");
    }

    @Test
    void whoIsInAsManyRoomsAsHeMayBeStillWatches() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        for (int i = 0; i < Limits.DEFAULT.maxRooms(); i++) {
            session(0, ann).join(HALL.of("hall " + i));
        }
        watch(0, ann, "bob");
        cluster.connect(1, "/", "bob");
        moment();
        assertThat(seen(ann, "presence:diff")).containsExactly("[{\"user\":\"bob\",\"status\":\"connected\"}]");
    }

    @Test
    void aCrowdIsShownAsFarAsItFitsIntoAnEvent() {
        TestClient ann = cluster.connect(0, "/", "ann");
        for (int i = 0; i < 300; i++) {
            TestClient one = cluster.connect(1, "/", (1_000 + i) + "x".repeat(250));
            session(1, one).join(HALL.of("fame"));
            moment();
        }
        moment();
        cluster.node(0).namespace("/").presence().watch(session(0, ann), HALL.of("fame"));
        cluster.node(0).namespace("/").presence().watch(session(0, ann), HALL.of("fame"));
        cluster.settle();
        assertThat(seen(ann, "presence:snapshot"))
                .hasSize(2)
                .allSatisfy(shown -> assertThat(shown).contains("\"more\":").hasSizeLessThan(70_000));
        cluster.node(1).kill();
        cluster.advance(Duration.ofSeconds(30));
        assertThat(seen(ann, "presence:diff"))
                .isNotEmpty()
                .allSatisfy(shown -> assertThat(shown).hasSizeLessThan(70_000));
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void manyCrowdsAreShownTogetherAsFarAsAClientHasRoom() {
        TestClient ann = cluster.connect(0, "/crowds", "ann");
        for (int i = 0; i < 300; i++) {
            TestClient one = cluster.connect(1, "/crowds", (1_000 + i) + "x".repeat(250));
            Session joins = cluster.node(1).namespace("/crowds").find(one.id()).orElseThrow();
            for (int hall = 0; hall < 20; hall++) {
                joins.join(HALL.of("fame " + hall));
            }
            moment();
        }
        Session watches = cluster.node(0).namespace("/crowds").find(ann.id()).orElseThrow();
        Presence presence = cluster.node(0).namespace("/crowds").presence();
        ann.stall();
        for (int hall = 0; hall < 20; hall++) {
            presence.watch(watches, HALL.of("fame " + hall));
        }
        ann.loseNetwork();
        cluster.advance(Duration.ofSeconds(50));
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        moment();
        assertThat(ann.isConnected()).isTrue();
        List<String> shown = seen(ann, "presence:snapshot");
        assertThat(shown).hasSize(20).allSatisfy(room -> assertThat(room).contains("\"population\":300"));
        assertThat(shown.stream().mapToInt(String::length).sum()).isLessThan(270_000);
    }

    @Test
    void nobodyWatchesMoreThanHeMay() {
        TestClient ann = cluster.connect(0, "/", "ann");
        moment();
        for (String user : List.of("b", "c", "d", "d")) {
            watch(0, ann, user);
        }
        assertThatThrownBy(() -> watch(0, ann, "e"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("maxWatched");
        assertThatThrownBy(
                        () -> cluster.node(0).namespace("/").presence().watch(session(0, ann), RoomKind.USER.of("ann")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PresenceOptions.rooms");
    }
}
