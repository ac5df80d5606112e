package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one node does about the sessions of another that is dead. */
class DeadNodeTakeoverTest {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private boolean broken;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        return Realtime.builder()
                .lease(LEASE)
                .namespace("/", game -> {})
                .namespaces(
                        name -> {
                            if (broken) {
                                throw new IllegalStateException("a predicate of the application");
                            }
                            return name.startsWith("/match-");
                        },
                        game -> {});
    }

    @Test
    void aSessionWhoseNamespaceCannotBeOpenedHoldsUpNeitherTheOthersNorTheEndOfTheNode() {
        for (int i = 0; i < 10; i++) {
            cluster.connect(1, "/", "ann-" + i);
            cluster.connect(1, "/match-" + i, "bob-" + i);
        }
        broken = true;
        cluster.node(1).kill();
        cluster.advance(LEASE.multipliedBy(3));
        assertThat(cluster.node(0).namespace("/").sessions()).hasSize(10);
        broken = false;
        cluster.advance(LEASE.multipliedBy(3));
        assertThat(cluster.node(0).realtime().stats().sessions()).isEqualTo(20);
        long before = cluster.time().nanoTime();
        cluster.node(0).close();
        assertThat(cluster.time().nanoTime() - before)
                .isLessThan(Duration.ofSeconds(1).toNanos());
    }
}
