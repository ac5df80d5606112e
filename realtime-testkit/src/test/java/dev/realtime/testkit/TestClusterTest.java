package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RoomKind;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of the documentation, and what else a cluster for tests can do. */
class TestClusterTest {
    record Chat(String text) {}

    record Said(String from, String text) {}

    record Join(String match) {}

    record Joined(int members) {}

    static final class Game {
        static final Event<Chat> SAY = Event.of("chat:send_message", Chat.class);
        static final Event<Said> SAID = Event.of("chat:message_received", Said.class);
        static final Request<Join, Joined> JOIN = Request.of("match:join", Join.class, Joined.class);

        private Game() {}

        static RealtimeBuilder realtime() {
            return Realtime.builder()
                    .recovery(Recovery.within(Duration.ofMinutes(2)))
                    .namespace(
                            "/",
                            game -> game.onConnect(session -> {
                                        session.join(RoomKind.USER.of(
                                                session.principal().id()));
                                        session.join("zone:tavern");
                                    })
                                    .on(
                                            SAY,
                                            (session, chat) -> session.room("zone:tavern")
                                                    .emit(
                                                            SAID,
                                                            new Said(
                                                                    session.principal()
                                                                            .id(),
                                                                    chat.text())))
                                    .on(
                                            JOIN,
                                            (session, join) -> new Joined(session.join("match:" + join.match())
                                                    .size())));
        }
    }

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(3, Game::realtime);

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
    void aRequestIsAnsweredOnAnyNode() {
        TestClient ann = cluster.connect(2, "/", "ann");
        assertThat(ann.request(Game.JOIN, new Join("m1"))).isEqualTo(new Joined(1));
    }

    @Test
    void nobodyIsLostWithAKilledNode() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        ann.emit(Game.SAY, new Chat("one"));
        cluster.node(1).kill();
        assertThat(bob.isConnected()).isFalse();
        ann.emit(Game.SAY, new Chat("two"));
        bob.reconnect();
        assertThat(bob.recovered()).isTrue();
        ann.emit(Game.SAY, new Chat("three"));
        assertThat(bob.received(Game.SAID)).extracting(Said::text).containsExactly("one", "two", "three");
    }

    @Test
    void aFrozenNodeGoesOnWhereItStopped() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.node(1).freeze();
        ann.emit(Game.SAY, new Chat("one"));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(bob.has(Game.SAID)).isFalse();
        cluster.node(1).thaw();
        assertThat(bob.next(Game.SAID).text()).isEqualTo("one");
    }

    @Test
    void aNodeThatIsCutOffHearsTheRestLater() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.node(1).cutFromBackend();
        ann.emit(Game.SAY, new Chat("one"));
        assertThat(bob.has(Game.SAID)).isFalse();
        cluster.node(1).heal();
        assertThat(bob.next(Game.SAID).text()).isEqualTo("one");
    }

    @Test
    void whatAPartitionedNodeEmitsFailsInsteadOfWaitingForEver() {
        cluster.connect(1, "/", "bob");
        cluster.node(1).partition();
        assertThat(cluster.failure(cluster.node(1).namespace("/").emit(Game.SAID, new Said("x", "y"))))
                .hasMessageContaining("no answer");
    }

    @Test
    void aClientThatFindsNoNodeSaysWhatItTriedAndWhatItHasSeen() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.emit(Game.SAY, new Chat("hello"));
        cluster.nodes().forEach(TestNode::kill);
        assertThatThrownBy(ann::reconnect)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the node does not answer")
                .hasMessageContaining("\"text\":\"hello\"");
        cluster.node(0).restart();
        ann.reconnect();
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void aFailureOfATestShowsWhatEveryClientHasReceived() {
        cluster.connect(0, "/", "ann").emit(Game.SAY, new Chat("hello"));
        cluster.node(2).freeze();
        AssertionError failure = new AssertionError("expected something else");
        assertThatThrownBy(() -> cluster.handleTestExecutionException(null, failure))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(failure.getSuppressed()[0])
                .hasMessageContaining("node 2 (frozen)")
                .hasMessageContaining("chat:message_received")
                .hasMessageContaining("hello");
    }

    @Test
    void withLatencyThingsTakeTimeAndNothingElseChanges() {
        TestCluster slow = TestCluster.of(2, Game::realtime)
                .latency(Duration.ofMillis(1), Duration.ofMillis(20))
                .start();
        TestClient ann = slow.connect(0, "/", "ann");
        TestClient bob = slow.connect(1, "/", "bob");
        slow.advance(Duration.ofSeconds(1)); // his rooms are recorded
        for (int i = 0; i < 20; i++) {
            ann.emit(Game.SAY, new Chat("m" + i));
        }
        assertThat(bob.has(Game.SAID)).isFalse();
        bob.loseNetwork();
        slow.advance(Duration.ofMillis(15));
        bob.reconnect(0);
        slow.advance(Duration.ofSeconds(1));
        assertThat(bob.recovered()).isTrue();
        List<String> expected = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
        assertThat(bob.received(Game.SAID)).extracting(Said::text).isEqualTo(expected);
        assertThat(ann.received(Game.SAID)).extracting(Said::text).isEqualTo(expected);
        slow.close();
    }
}
