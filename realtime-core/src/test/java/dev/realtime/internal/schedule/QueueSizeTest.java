package dev.realtime.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Queues;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QueueSizeTest {
    private final List<CompletableFuture<Queues.Size>> asked = new ArrayList<>();
    private boolean broken;
    private long now;

    private final QueueSize size = new QueueSize(queues(), "jobs", () -> now);

    private Queues queues() {
        return (Queues) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Queues.class}, (proxy, method, arguments) -> {
                    if (broken) {
                        throw new IllegalStateException("closed");
                    }
                    CompletableFuture<Queues.Size> answer = new CompletableFuture<>();
                    asked.add(answer);
                    return answer;
                });
    }

    private void answer(int question, int items) {
        asked.get(question).complete(new Queues.Size(items, 0, Instant.EPOCH));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void oneQuestionAtATimeIsUnderWay() {
        assertThat(size.last()).isZero();
        size.last();
        assertThat(asked).hasSize(1);
        answer(0, 3);
        assertThat(size.last()).isEqualTo(3);
    }

    @Test
    void anAnswerIsReusedUntilItIsOld() {
        size.last();
        answer(0, 3);
        for (int i = 0; i < 1_000; i++) {
            assertThat(size.last()).isEqualTo(3);
        }
        pass(QueueSize.REUSED.minusNanos(1));
        size.last();
        assertThat(asked).as("however often it is read").hasSize(1);
        pass(Duration.ofNanos(1));
        assertThat(size.last()).isEqualTo(3);
        assertThat(asked).hasSize(2);
        answer(1, 5);
        assertThat(size.last()).isEqualTo(5);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aClockBelowZeroIsAClock() {
        now = Long.MIN_VALUE;
        size.last();
        assertThat(asked).hasSize(1);
        pass(QueueSize.REUSED);
        size.last();
        assertThat(asked).hasSize(2);
    }

    @Test
    void aQuestionThatIsNeverAnsweredDoesNotHinderTheNext() {
        size.last();
        answer(0, 3);
        pass(QueueSize.REUSED);
        size.last();
        pass(QueueSize.REUSED);
        assertThat(size.last()).isEqualTo(3);
        assertThat(asked).hasSize(3);
        answer(2, 5);
        answer(1, 4);
        assertThat(size.last()).as("not the answer that came too late").isEqualTo(5);
    }

    @Test
    void aBackendThatThrowsIsAskedAgainAsLate() {
        broken = true;
        assertThat(size.last()).isZero();
        broken = false;
        size.last();
        assertThat(asked).isEmpty();
        pass(QueueSize.REUSED);
        size.last();
        answer(0, 3);
        assertThat(size.last()).isEqualTo(3);
    }
}
