package dev.realtime.redis.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.redis.internal.wire.StreamFields;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AppendQueueTest {
    private static final LogEntry ENTRY = new LogEntry.Emit(Target.EVERYBODY, new EventData(new byte[0], List.of()));

    private final AppendQueue queue = new AppendQueue(2, 1_000);
    private final NamespaceFeed feed = new NamespaceFeed(
            "/game",
            new StreamEntryCodec(100, new BoundedLog(System::nanoTime)),
            new BoundedLog(System::nanoTime),
            new Position(1, 0));

    private CompletionStage<Position> add(int bytes) {
        return queue.add(feed, ENTRY, new StreamFields("one", "/game", 1, new byte[bytes]), null);
    }

    @Test
    void itOverflowsUntilSomethingIsFinished() {
        add(1);
        add(1);
        assertThat(queue.isOverflowing()).isFalse();
        assertThat(add(1)).isCompletedExceptionally();
        assertThat(queue.isOverflowing()).isTrue();
        Append first = queue.take(1, 1).get(0);
        assertThat(queue.isOverflowing()).isTrue();
        queue.finished(first);
        assertThat(queue.isOverflowing()).isFalse();
    }

    @Test
    void whatIsLargerThanTheWholeQueueDoesNotMakeItOverflow() {
        assertThat(add(1_000)).isCompletedExceptionally();
        assertThat(queue.isOverflowing()).isFalse();
    }

    @Test
    @Timeout(60)
    void aWriterRestsWhileItOverflows() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            add(1);
        }
        queue.pause(3_600_000); // ends at once: the overflow began
        Thread writer = new Thread(() -> queue.pause(3_600_000));
        writer.start();
        while (writer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        add(1);
        assertThat(queue.isOverflowing()).isTrue();
        queue.poke();
        writer.join();
    }

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
