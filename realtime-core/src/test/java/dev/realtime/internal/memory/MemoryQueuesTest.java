package dev.realtime.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Queues.Bounds;
import dev.realtime.spi.Queues.Item;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Queues that nobody asks for any more are forgotten, and what a log remembers of ids is too. */
class MemoryQueuesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Bounds AMPLE = new Bounds(100, 1 << 20, true);

    private final StillTime time = new StillTime();
    private final MemoryQueues queues = new MemoryQueues(time);

    private void put(String queue, Duration life) {
        var unused = queues.put(queue, new Item("id", 0, "text", Duration.ZERO, life), AMPLE);
    }

    @Test
    void whatHasComeToItsEndIsForgottenAsOtherQueuesAreWrittenTo() {
        for (int i = 0; i < 1_000; i++) {
            put("user:" + i, i < 100 ? Duration.ofDays(1) : MINUTE);
        }
        time.nanos += MINUTE.toNanos() + 1;
        for (int i = 1_000; i < 2_000; i++) {
            put("user:" + i, MINUTE);
        }
        assertThat(queues.count()).isEqualTo(1_100);
        assertThat(queues.size("user:7").toCompletableFuture().join().items()).isOne();
    }

    @Test
    void aQueueOfWhichNothingIsLeftIsForgottenAtOnce() {
        put("user:ann", MINUTE);
        time.nanos += MINUTE.toNanos() + 1;
        assertThat(queues.size("user:ann").toCompletableFuture().join().items()).isZero();
        assertThat(queues.count()).isZero();
        put("user:bob", MINUTE);
        queues.clear("user:bob");
        assertThat(queues.count()).isZero();
    }

    @Test
    void idsAreForgottenInTime() {
        KnownIds ids = new KnownIds(time);
        for (int i = 0; i < 1_000; i++) {
            assertThat(ids.once("id" + i, MINUTE, () -> null).isNew()).isTrue();
            time.nanos += Duration.ofSeconds(1).toNanos();
        }
        assertThat(ids.size()).isLessThanOrEqualTo(62);
        assertThat(ids.once("id999", MINUTE, () -> null).isNew()).isFalse();
    }

    /** Goes on when the test says so. */
    private static final class StillTime implements Time {
        long nanos;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }
}
