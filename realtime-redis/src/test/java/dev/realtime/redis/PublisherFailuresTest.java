package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Position;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.BoundedLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A failure that the application does not look at is counted and logged once, as on the nodes. */
class PublisherFailuresTest {
    private static final Event<String> SAID = Event.of("said", String.class);
    private static final IllegalStateException LOST = new IllegalStateException("no Redis");

    private final List<Runnable> later = new ArrayList<>();
    private final UnseenPublishFailures failures = new UnseenPublishFailures(later::add, new BoundedLog(() -> 0));

    private CompletionStage<Position> watched(CompletableFuture<Position> stage) {
        return failures.watch(stage, "said", "/");
    }

    private String loggedLater() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            later.forEach(Runnable::run);
            later.clear();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatNobodyLooksAtIsCountedAndLoggedOnce() {
        watched(CompletableFuture.failedFuture(LOST));
        assertThat(failures.count()).as("whoever was given it has time to look").isZero();
        assertThat(loggedLater()).contains("'said' in / failed").contains("no Redis");
        assertThat(failures.count()).isEqualTo(1);
        failures.close();
        assertThat(failures.count()).isEqualTo(1);
    }

    @Test
    void whatSomebodyLooksAtIsNot() {
        CompletableFuture<Position> open = new CompletableFuture<>();
        CompletionStage<Position> dependent = watched(open).whenComplete((position, failure) -> {});
        open.completeExceptionally(LOST);
        CompletionStage<Position> inTime = watched(CompletableFuture.failedFuture(LOST));
        assertThatThrownBy(() -> inTime.toCompletableFuture().join()).hasRootCause(LOST);
        watched(CompletableFuture.completedFuture(null));
        assertThat(loggedLater()).isEmpty();
        assertThat(failures.count()).isZero();
        assertThat(dependent.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aFloodIsJudgedEarlyAndLoggedWithinBounds() {
        for (int i = 0; i < 1_000; i++) {
            watched(CompletableFuture.failedFuture(LOST));
        }
        assertThat(failures.count()).isEqualTo(1_000 - UnseenPublishFailures.MOST);
        loggedLater();
        assertThat(failures.count()).isEqualTo(1_000);
    }

    @Test
    void aPublisherThatEndsTellsWhatItHasLost() {
        try (RedisServer server = RedisServer.start()) {
            RealtimePublisher publisher =
                    RealtimePublisher.connect(RedisOptions.of(server.url()).appendDeadline(Duration.ofMillis(100)));
            server.kill();
            publisher.namespace("/").emit(SAID, "into the void");
            CompletionStage<Position> seen =
                    publisher.namespace("/").room("zone:tavern").emit(SAID, "looked at");
            assertThatThrownBy(() -> seen.toCompletableFuture().join()).isInstanceOf(CompletionException.class);
            publisher.close();
            assertThat(publisher.counters()).containsEntry("failures.unseen", 1L);
        }
    }
}
