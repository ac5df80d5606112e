package dev.realtime.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What it costs that values run out: a server writes two for each client that comes and goes. */
class MemoryValuesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AskedTime time = new AskedTime();
    private final MemoryValues values = new MemoryValues(time);

    private void write(int from, int through, Duration life) {
        for (int i = from; i < through; i++) {
            values.put("user:" + i, 0, "login", life);
        }
    }

    @Test
    void aWriteLooksAtFewOthersHoweverManyThereAre() {
        write(0, 10_000, MINUTE);

        time.asked = 0;
        write(10_000, 11_000, MINUTE);

        assertThat(time.asked).isLessThan(10 * 1_000);
    }

    @Test
    void whatHasRunOutIsForgottenAsOthersAreWritten() {
        write(0, 100, Duration.ofDays(1));
        write(100, 1_000, MINUTE);

        time.nanos += MINUTE.toNanos() + 1;
        write(1_000, 2_000, MINUTE);

        assertThat(values.size()).isEqualTo(1_100);
        assertThat(values.find("user:7").toCompletableFuture().join().text()).isEqualTo("login");
    }

    /** Stands still, and counts who looks. */
    private static final class AskedTime implements Time {
        long nanos;
        int asked;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            asked++;
            return nanos;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }
}
