package dev.realtime.redis.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AppendQueueTest {
    private final AppendQueue queue = new AppendQueue(10, 1_000);

    @Test
    void aWriterRestsBetweenItsAttemptsAlsoWhenItIsClosed() {
        queue.close();
        long start = System.nanoTime();
        queue.pause(50);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(49));
    }

    @Test
    @Timeout(60)
    void closingEndsARest() throws InterruptedException {
        Thread writer = new Thread(() -> queue.pause(3_600_000));
        writer.start();
        while (writer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        queue.close();
        writer.join();
        assertThat(queue.isClosed()).isTrue();
    }
}
