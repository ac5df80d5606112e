package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.RoomKey;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a session is told while it moves from node to node. */
class TakeoverTest {
    private static final RoomKey CAVE = RoomKey.parse("zone:cave");

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, Game::open);

    @Test
    void aSessionThatHadNoHomeHasJoinedWhatItsAudienceWasToldToJoin() {
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.node(1).kill();
        cluster.await(cluster.node(0).namespace("/").session(bob.id()).join(CAVE));
        tick(1);
        bob.reconnect(0);
        tick(2);
        assertThat(bob.recovered()).isTrue();
        assertThat(ticks(bob)).containsExactly(1, 2);
    }

    @Test
    void aSessionThatHadNoHomeHasLeftWhatItsAudienceWasToldToLeave() {
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.request(Game.JOIN, new Game.Room("cave"));
        tick(1);
        cluster.node(1).kill();
        tick(2);
        cluster.await(cluster.node(0).namespace("/").session(bob.id()).leave(CAVE));
        tick(3);
        bob.reconnect(0);
        tick(4);
        assertThat(bob.recovered()).isTrue();
        assertThat(ticks(bob)).containsExactly(1, 2);
    }

    @Test
    void aSessionThatWasDisconnectedWhileItHadNoHomeDoesNotComeBack() {
        TestClient bob = cluster.connect(1, "/", "bob");
        String old = bob.id();
        cluster.node(1).kill();
        cluster.await(cluster.node(0).namespace("/").session(old).disconnect(false));
        bob.reconnect(0);
        assertThat(bob.recovered()).isFalse();
        assertThat(bob.id()).isNotEqualTo(old);
        assertThat(cluster.node(0).namespace("/").find(old)).isEmpty();
    }

    @Test
    void aNodeThatHasNotHeardOfATakeoverDoesNotGoOnFromItsOwnCopy() {
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.request(Game.JOIN, new Game.Room("cave"));
        cluster.node(1).cutFromBackend();
        bob.loseNetwork();
        bob.reconnect(0);
        bob.request(Game.LEAVE, new Game.Room("cave"));
        bob.loseNetwork();
        cluster.node(1).heal();
        bob.reconnect(1);
        tick(1);
        assertThat(bob.recovered()).isTrue();
        assertThat(ticks(bob)).isEmpty();
    }

    private void tick(int number) {
        cluster.await(cluster.node(0).namespace("/").room(CAVE).emit(Game.TICK, new Game.Number(number)));
    }

    private static List<Integer> ticks(TestClient client) {
        return client.received(Game.TICK).stream().map(Game.Number::value).toList();
    }
}
