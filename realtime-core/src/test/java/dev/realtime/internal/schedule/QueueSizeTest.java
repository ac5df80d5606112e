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

    @Test
    void oneQuestionAtATimeIsUnderWay() {
        assertThat(size.last()).isZero();
        size.last();
        assertThat(asked).hasSize(1);
        answer(0, 3);
        assertThat(size.last()).isEqualTo(3);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aQuestionThatIsNeverAnsweredDoesNotHinderTheNext() {
        size.last();
        answer(0, 3);
        size.last();
        now += Duration.ofMinutes(1).toNanos();
        assertThat(size.last()).isEqualTo(3);
        assertThat(asked).hasSize(3);
        answer(2, 5);
        answer(1, 4);
        assertThat(size.last()).as("not the answer that came too late").isEqualTo(5);
    }

    @Test
    void aBackendThatThrowsIsAskedAgain() {
        broken = true;
        assertThat(size.last()).isZero();
        broken = false;
        size.last();
        answer(0, 3);
        assertThat(size.last()).isEqualTo(3);
    }
}
