package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Backend;
import dev.realtime.spi.Values.Value;
import dev.realtime.spi.Values.Written;
import dev.realtime.testkit.backend.ClusterBackend;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What failures of the testkit's cluster do to values. */
class ClusterValuesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final VirtualTime time = VirtualTime.create();
    private final ClusterBackend cluster = ClusterBackend.create(time);
    private final Backend node = cluster.forNode();

    private Written put(long expected, String text) {
        return node.values()
                .put("user:ann", expected, text, HOUR)
                .toCompletableFuture()
                .join();
    }

    private Value found() {
        return node.values().find("user:ann").toCompletableFuture().join();
    }

    @Test
    void aFailoverTakesBackTheLatestWrites() {
        Value first = put(0, "1").value();
        Value second = put(first.version(), "2").value();
        cluster.failover(1);
        assertThat(found().text()).isEqualTo("1");
        assertThat(found().version()).isEqualTo(first.version());
        time.advance(Duration.ofMillis(1));
        assertThat(put(first.version(), "3").value().version())
                .as("behind what was lost")
                .isGreaterThan(second.version());
    }

    @Test
    void aRestartWithoutDataLosesAllAndVersionsGrowOn() {
        Value first = put(0, "1").value();
        cluster.lose();
        assertThat(found().version()).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(put(0, "2").value().version()).isGreaterThan(first.version());
    }

    @Test
    void theStoresClockIsNotThatOfANode() {
        Instant before = found().at();
        time.advance(Duration.ofSeconds(5));
        assertThat(Duration.between(before, found().at())).isEqualTo(Duration.ofSeconds(5));
    }
}
