package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Retention;
import dev.realtime.testkit.backend.ClusterBackend;
import dev.realtime.testkit.backend.SeededLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What does not reach a node, it is not left to wait for: a call fails, and a gap is signalled. */
class LostNewsTest {
    private final VirtualTime time = VirtualTime.create();
    private final ClusterBackend shared = ClusterBackend.create(time);
    private final SeededLine line = new SeededLine(time, Runnable::run, 1);
    private final Backend node = shared.forNode(line);
    private final List<PlacedEntry> read = new ArrayList<>();
    private final List<Runnable> done = new ArrayList<>();

    @Test
    void aCallThatIsUnderWayWhenTheNodeIsCutOffFails() {
        line.latency(Duration.ofMillis(10), Duration.ofMillis(10));
        CompletableFuture<?> living = node.leases().living().toCompletableFuture();
        CompletableFuture<?> others = node.bus("/", "n").others().toCompletableFuture();
        time.advance(Duration.ofMillis(15));
        line.cutToNode();
        time.advance(Duration.ofSeconds(3));
        assertThat(living).isCompletedExceptionally();
        assertThat(others).isCompletedExceptionally();
    }

    @Test
    void aCallThatIsAnsweredBeforeTheNodeIsCutOffIsAnswered() {
        CompletableFuture<?> living = node.leases().living().toCompletableFuture();
        line.cutToNode();
        time.advance(Duration.ofSeconds(3));
        assertThat(living).isCompleted();
    }

    @Test
    void entriesThatAreForgottenBeforeTheyAreReadAreAGap() {
        Log log = node.log("/", "n", new Retention(Duration.ofMinutes(1), 100, 100_000));
        log.follow(log.tail(), (batch, through, ready) -> {
            read.addAll(batch);
            done.add(ready);
        });
        append(log, "read");
        append(log, "not read");
        assertThat(node.gaps()).isZero();
        shared.evict("/", shared.tail("/"));
        append(log, "behind the gap");
        done.remove(0).run();
        assertThat(node.gaps()).isOne();
        assertThat(read)
                .extracting(placed -> ((LogEntry.Note) placed.entry()).text())
                .containsExactly("read", "behind the gap");
    }

    @Test
    void entriesThatAreForgottenWhenTheyHaveBeenReadAreNone() {
        Log log = node.log("/", "n", new Retention(Duration.ofMinutes(1), 100, 100_000));
        log.follow(log.tail(), (batch, through, ready) -> {
            read.addAll(batch);
            ready.run();
        });
        append(log, "read");
        shared.evict("/", shared.tail("/"));
        append(log, "read as well");
        assertThat(node.gaps()).isZero();
        assertThat(read).hasSize(2);
    }

    private static void append(Log log, String text) {
        assertThat(log.append(new LogEntry.Note("note", text)).toCompletableFuture())
                .isCompleted();
    }
}
