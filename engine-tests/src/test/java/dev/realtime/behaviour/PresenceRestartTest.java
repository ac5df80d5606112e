package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes are killed one after the other, faster than anybody notices, and one that knows who is there always lives. */
class PresenceRestartTest {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final List<String> told = new ArrayList<>();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(3, this::game);

    private RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(2)))
                .lease(LEASE)
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT.onChange((namespace, change) ->
                                told.add(change.userId() + (change.online() ? " online" : " offline")))));
    }

    private Presence presence(int node) {
        return cluster.node(node).namespace("/").presence();
    }

    /** Kills a node and starts it again; a client that was there comes to the next one. */
    private void restart(int node, TestClient client, Duration within) {
        cluster.node(node).restart();
        cluster.advance(within);
        assertThat(presence(node).isComplete()).as("node %s knows", node).isTrue();
        assertThat(presence(node).users()).containsExactly("ann");
        if (!client.isConnected()) {
            client.reconnect((node + 1) % 3);
        }
        cluster.advance(within);
    }

    @Test
    void aUserWhoIsThereAllAlongIsToldOfOnceHoweverOftenNodesAreKilled() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.advance(Duration.ofSeconds(1));
        for (int i = 1; i < 13; i++) {
            restart(i % 3, ann, Duration.ofMillis(50));
        }
        cluster.advance(Duration.ofMinutes(3));
        assertThat(told).containsExactly("ann online");
        for (TestNode node : cluster.nodes()) {
            assertThat(presence(node.index()).users()).containsExactly("ann");
        }
    }

    @Test
    void whoHasAskedAndIsDeadSaysNothingOfWhoKnows() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.advance(Duration.ofSeconds(1));
        cluster.node(0).latency(Duration.ofMillis(20), Duration.ofMillis(20));
        cluster.node(2).restart();
        cluster.node(1).restart();
        cluster.node(1).restart(); // it has asked twice before node 0 has answered, under two names
        cluster.advance(Duration.ofSeconds(1));
        assertThat(presence(1).users()).containsExactly("ann");
        assertThat(presence(2).users()).containsExactly("ann");
        cluster.advance(Duration.ofMinutes(1));
        assertThat(told).containsExactly("ann online");
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void ifAllThatKnowAreDeadOneBeginsAnewAtOnce() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.advance(Duration.ofSeconds(1));
        cluster.nodes().forEach(TestNode::kill);
        cluster.nodes().forEach(TestNode::restart);
        cluster.advance(Duration.ofMillis(50));
        for (TestNode node : cluster.nodes()) {
            assertThat(presence(node.index()).isComplete()).isTrue();
        }
        ann.reconnect(1);
        cluster.advance(Duration.ofSeconds(1));
        assertThat(told).containsExactly("ann online", "ann online");
    }
}
