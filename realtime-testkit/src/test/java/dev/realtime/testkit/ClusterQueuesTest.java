package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Queues.Bounds;
import dev.realtime.spi.Queues.Item;
import dev.realtime.spi.Queues.Queued;
import dev.realtime.spi.Retention;
import dev.realtime.spi.Target;
import dev.realtime.testkit.backend.ClusterBackend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What failures of the testkit's cluster do to queues and to entries with an id. */
class ClusterQueuesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Bounds AMPLE = new Bounds(100, 1 << 20, true);
    private static final LogEntry ENTRY = new LogEntry.Disconnect(Target.EVERYBODY, false);

    private final VirtualTime time = VirtualTime.create();
    private final ClusterBackend cluster = ClusterBackend.create(time);
    private final Backend node = cluster.forNode();
    private final Log log = node.log("/", "n1", new Retention(HOUR, 1_000, 1L << 20));

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private void put(String id) {
        result(node.queues().put("mail", new Item(id, 0, "text", Duration.ZERO, HOUR), AMPLE));
    }

    private List<String> ids() {
        return result(node.queues().list("mail", null, 100)).items().stream()
                .map(Queued::id)
                .toList();
    }

    @Test
    void aFailoverTakesBackTheLatestChanges() {
        put("1");
        put("2");
        result(node.queues().remove("mail", List.of("1")));
        put("3");
        cluster.failover(2);
        assertThat(ids()).containsExactly("1", "2");
        cluster.lose();
        assertThat(ids()).isEmpty();
    }

    @Test
    void whatWasTakenIsFreeAgainIfThatIsLost() {
        put("1");
        result(node.queues().take("mail", 1, HOUR, "a"));
        cluster.failover(1);
        assertThat(result(node.queues().take("mail", 1, HOUR, "b")).items()).hasSize(1);
    }

    @Test
    void anEntryIsLostWithWhatIsKnownOfItsId() {
        result(log.appendOnce("kept", ENTRY, HOUR));
        result(log.appendOnce("lost", ENTRY, HOUR));
        cluster.failover(1);
        assertThat(cluster.entries("/")).hasSize(1);
        assertThat(result(log.appendOnce("kept", ENTRY, HOUR)).isNew()).isFalse();
        assertThat(result(log.appendOnce("lost", ENTRY, HOUR)).isNew()).isTrue();
        result(log.forbid("forbidden", HOUR));
        cluster.failover(1);
        assertThat(result(log.appendOnce("forbidden", ENTRY, HOUR)).isNew()).isTrue();
    }
}
